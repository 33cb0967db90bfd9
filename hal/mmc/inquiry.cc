#include "hal/mmc/inquiry.h"

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

constexpr size_t kMinStandard = 5;
constexpr size_t kVendor = 8, kVendorSize = 8;
constexpr size_t kProduct = 16, kProductSize = 16;
constexpr size_t kRevision = 32, kRevisionSize = 4;
constexpr size_t kPageHeader = 4;
constexpr size_t kDesignatorHeader = 4;
constexpr size_t kMaxSerial = 255;

void PutText(const std::string& text, size_t at, size_t size, std::vector<uint8_t>& bytes) {
  std::fill_n(bytes.begin() + at, size, ' ');
  std::copy_n(text.begin(), std::min(size, text.size()), bytes.begin() + at);
}

absl::StatusOr<Answer> PageBody(absl::Span<const uint8_t> bytes, uint8_t page) {
  const Answer answer(bytes);
  if (answer.size() < kPageHeader) {
    return ShortAnswer("INQUIRY vital product data", answer.size(), kPageHeader);
  }
  if (answer.U8(1) != page) {
    return absl::InternalError(
        absl::StrCat("INQUIRY: page ", answer.U8(1), " came, page ", page, " was asked for"));
  }
  return answer.Part(kPageHeader, answer.U16(2));
}

std::vector<uint8_t> PageHeader(uint8_t qualifier, uint8_t device_type, uint8_t page) {
  return {static_cast<uint8_t>(qualifier << 5 | device_type), page, 0, 0};
}

}  // namespace

scsi::Command MakeCommand(const InquiryCdb& cdb, absl::Span<uint8_t> data_in) {
  scsi::Command command = NewCommand(scsi::opcode::kInquiry, 6, kQuickTimeout, data_in);
  command.cdb[1] = cdb.vital_product_data;
  command.cdb[2] = cdb.page;
  StoreBe16(&command.cdb[3], AllocationLength16(data_in));
  return command;
}

absl::StatusOr<InquiryCdb> DecodeInquiryCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kInquiry, 6));
  return InquiryCdb{.vital_product_data = (cdb[1] & 1) != 0,
                    .page = cdb[2],
                    .allocation_length = LoadBe16(&cdb[3])};
}

absl::StatusOr<StandardInquiry> DecodeStandardInquiry(absl::Span<const uint8_t> bytes) {
  if (bytes.size() < kMinStandard) return ShortAnswer("INQUIRY", bytes.size(), kMinStandard);
  const Answer answer = Answer(bytes).Cut(kMinStandard + bytes[4]);
  return StandardInquiry{.qualifier = answer.Bits(0, 5, 3),
                         .device_type = answer.Bits(0, 0, 5),
                         .removable = answer.Bit(1, 7),
                         .version = answer.U8(2),
                         .vendor = answer.Text(kVendor, kVendorSize),
                         .product = answer.Text(kProduct, kProductSize),
                         .revision = answer.Text(kRevision, kRevisionSize)};
}

std::vector<uint8_t> EncodeStandardInquiry(const StandardInquiry& inquiry) {
  std::vector<uint8_t> bytes(kStandardInquirySize);
  bytes[0] = inquiry.qualifier << 5 | inquiry.device_type;
  bytes[1] = inquiry.removable << 7;
  bytes[2] = inquiry.version;
  bytes[3] = 2;  // response data format, SPC-4 table 139
  bytes[4] = kStandardInquirySize - kMinStandard;
  PutText(inquiry.vendor, kVendor, kVendorSize, bytes);
  PutText(inquiry.product, kProduct, kProductSize, bytes);
  PutText(inquiry.revision, kRevision, kRevisionSize, bytes);
  return bytes;
}

absl::StatusOr<UnitSerialNumber> DecodeUnitSerialNumber(absl::Span<const uint8_t> bytes) {
  ASSIGN_OR_RETURN(const Answer body, PageBody(bytes, kUnitSerialNumberPage));
  // The standard data of a removable device has 80h at the place of the page code; its version and
  // format then read as a length of many hundreds.
  if (Answer(bytes).U16(2) > kMaxSerial) {
    return absl::InternalError("INQUIRY: standard data came, page 80h was asked for");
  }
  const Answer answer(bytes);
  return UnitSerialNumber{.qualifier = answer.Bits(0, 5, 3),
                          .device_type = answer.Bits(0, 0, 5),
                          .serial = body.Text(0, body.size())};
}

std::vector<uint8_t> EncodeUnitSerialNumber(const UnitSerialNumber& page) {
  std::vector<uint8_t> bytes = PageHeader(page.qualifier, page.device_type, kUnitSerialNumberPage);
  bytes.insert(bytes.end(), page.serial.begin(), page.serial.end());
  StoreBe16(&bytes[2], page.serial.size());
  return bytes;
}

absl::StatusOr<DeviceIdentification> DecodeDeviceIdentification(absl::Span<const uint8_t> bytes) {
  ASSIGN_OR_RETURN(const Answer body, PageBody(bytes, kDeviceIdentificationPage));
  const Answer answer(bytes);
  DeviceIdentification page{.qualifier = answer.Bits(0, 5, 3), .device_type = answer.Bits(0, 0, 5)};
  for (size_t at = 0; at + kDesignatorHeader <= body.size();) {
    const size_t size = body.U8(at + 3);
    const Answer value = body.Part(at + kDesignatorHeader, size);
    if (value.size() < size) break;
    page.designators.push_back(Designator{.protocol = body.Bits(at, 4, 4),
                                          .code_set = body.Bits(at, 0, 4),
                                          .association = body.Bits(at + 1, 4, 2),
                                          .type = body.Bits(at + 1, 0, 4),
                                          .value = {value.bytes().begin(), value.bytes().end()}});
    at += kDesignatorHeader + size;
  }
  return page;
}

std::vector<uint8_t> EncodeDeviceIdentification(const DeviceIdentification& page) {
  std::vector<uint8_t> bytes =
      PageHeader(page.qualifier, page.device_type, kDeviceIdentificationPage);
  for (const Designator& designator : page.designators) {
    bytes.push_back(designator.protocol << 4 | designator.code_set);
    bytes.push_back(designator.association << 4 | designator.type);
    bytes.push_back(0);
    bytes.push_back(static_cast<uint8_t>(designator.value.size()));
    bytes.insert(bytes.end(), designator.value.begin(), designator.value.end());
  }
  StoreBe16(&bytes[2], bytes.size() - kPageHeader);
  return bytes;
}

}  // namespace carousel::mmc
