#include "hal/smc/element_pages.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::smc {
namespace {

using mmc::Answer;

// Offsets are those of page data: the page's bytes less the two of its header.
constexpr size_t kAssignmentSize = 18;
constexpr size_t kAssignmentNeeded = 16;
constexpr size_t kCapabilitiesSize = 18;
constexpr size_t kCapabilitiesNeeded = 6;
constexpr size_t kMoves = 2;
constexpr size_t kExchanges = 10;
constexpr size_t kHeader6 = 4;
constexpr size_t kHeader10 = 8;

absl::StatusOr<Answer> Data(const mmc::ModePage& page, uint8_t code, size_t needed) {
  if (page.code != code) {
    return absl::InternalError(
        absl::StrCat("MODE SENSE: page ", page.code, " came, page ", code, " was asked for"));
  }
  const Answer data(page.data);
  if (data.size() < needed) return mmc::ShortAnswer("MODE SENSE", data.size(), needed);
  return data;
}

ElementRange RangeAt(const Answer& data, size_t at) { return {data.U16(at), data.U16(at + 2)}; }

void StoreRange(const ElementRange& range, uint8_t* at) {
  StoreBe16(at, range.first);
  StoreBe16(at + 2, range.count);
}

}  // namespace

absl::StatusOr<ElementAddressAssignment> DecodeElementAddressAssignment(const mmc::ModePage& page) {
  ASSIGN_OR_RETURN(const Answer data, Data(page, kElementAddressPage, kAssignmentNeeded));
  return ElementAddressAssignment{.transports = RangeAt(data, 0),
                                  .storage = RangeAt(data, 4),
                                  .import_export = RangeAt(data, 8),
                                  .drives = RangeAt(data, 12)};
}

mmc::ModePage EncodeElementAddressAssignment(const ElementAddressAssignment& assignment) {
  mmc::ModePage page{.code = kElementAddressPage, .data = std::vector<uint8_t>(kAssignmentSize)};
  StoreRange(assignment.transports, &page.data[0]);
  StoreRange(assignment.storage, &page.data[4]);
  StoreRange(assignment.import_export, &page.data[8]);
  StoreRange(assignment.drives, &page.data[12]);
  return page;
}

absl::StatusOr<DeviceCapabilities> DecodeDeviceCapabilities(const mmc::ModePage& page) {
  ASSIGN_OR_RETURN(const Answer data, Data(page, kDeviceCapabilitiesPage, kCapabilitiesNeeded));
  DeviceCapabilities capabilities;
  for (int to = 0; to < 4; ++to) {
    capabilities.stores[to] = data.Bit(0, to);
    for (int from = 0; from < 4; ++from) {
      capabilities.moves[from][to] = data.Bit(kMoves + from, to);
      capabilities.exchanges[from][to] = data.Bit(kExchanges + from, to);
    }
  }
  return capabilities;
}

mmc::ModePage EncodeDeviceCapabilities(const DeviceCapabilities& capabilities) {
  mmc::ModePage page{.code = kDeviceCapabilitiesPage,
                     .data = std::vector<uint8_t>(kCapabilitiesSize)};
  for (int to = 0; to < 4; ++to) {
    page.data[0] |= capabilities.stores[to] << to;
    for (int from = 0; from < 4; ++from) {
      page.data[kMoves + from] |= capabilities.moves[from][to] << to;
      page.data[kExchanges + from] |= capabilities.exchanges[from][to] << to;
    }
  }
  return page;
}

absl::StatusOr<ModeSense6Cdb> DecodeModeSense6Cdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(mmc::CheckCdb(cdb, scsi::opcode::kModeSense6, 6));
  return ModeSense6Cdb{.control = static_cast<mmc::PageControl>(cdb[2] >> 6),
                       .page = static_cast<uint8_t>(cdb[2] & 0x3F),
                       .allocation_length = cdb[4]};
}

std::vector<uint8_t> EncodeModeData6(const mmc::ModeData& data) {
  const std::vector<uint8_t> ten = mmc::EncodeModeData(data);
  std::vector<uint8_t> bytes(kHeader6);
  bytes.insert(bytes.end(), ten.begin() + kHeader10, ten.end());
  bytes[0] = static_cast<uint8_t>(std::min<size_t>(bytes.size() - 1, 0xFF));
  bytes[1] = data.medium_type;
  bytes[2] = data.device_specific;
  return bytes;
}

}  // namespace carousel::smc
