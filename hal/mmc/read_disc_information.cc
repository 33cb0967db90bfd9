#include "hal/mmc/read_disc_information.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

constexpr size_t kMinAnswer = 8;
constexpr size_t kStandardSize = 34;
constexpr size_t kLengthField = 2;
constexpr size_t kOpcEntrySize = 8;

}  // namespace

scsi::Command MakeCommand(const ReadDiscInformationCdb& cdb, absl::Span<uint8_t> data_in) {
  scsi::Command command =
      NewCommand(scsi::opcode::kReadDiscInformation, 10, kMediumTimeout, data_in);
  command.cdb[1] = cdb.data_type & 7;
  StoreBe16(&command.cdb[7], AllocationLength16(data_in));
  return command;
}

absl::StatusOr<ReadDiscInformationCdb> DecodeReadDiscInformationCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kReadDiscInformation, 10));
  return ReadDiscInformationCdb{.data_type = static_cast<uint8_t>(cdb[1] & 7),
                                .allocation_length = LoadBe16(&cdb[7])};
}

absl::StatusOr<DiscInformation> DecodeDiscInformation(absl::Span<const uint8_t> bytes) {
  const Answer answer = Answer(bytes).Cut(kLengthField + Answer(bytes).U16(0));
  if (answer.size() < kMinAnswer) {
    return ShortAnswer("READ DISC INFORMATION", answer.size(), kMinAnswer);
  }
  if (const uint8_t type = answer.Bits(2, 5, 3); type != 0) {
    return absl::InternalError(absl::StrCat("READ DISC INFORMATION: data type ", type,
                                            " came, the standard one was asked for"));
  }
  const auto wide = [&answer](size_t high, size_t low) {
    return static_cast<uint16_t>(answer.U8(high) << 8 | answer.U8(low));
  };
  DiscInformation info{.disc_status = static_cast<DiscStatus>(answer.Bits(2, 0, 2)),
                       .last_session = static_cast<LastSessionState>(answer.Bits(2, 2, 2)),
                       .erasable = answer.Bit(2, 4),
                       .first_track = answer.U8(3),
                       .sessions = wide(9, 4),
                       .first_track_in_last_session = wide(10, 5),
                       .last_track_in_last_session = wide(11, 6),
                       .background_format = static_cast<BackgroundFormat>(answer.Bits(7, 0, 2)),
                       .unrestricted_use = answer.Bit(7, 5),
                       .disc_type = answer.U8(8),
                       .last_session_lead_in = answer.U32(16),
                       .last_possible_lead_out = answer.U32(20)};
  if (answer.Bit(7, 7)) info.disc_id = answer.U32(12);
  if (answer.Bit(7, 6)) {
    info.bar_code.emplace();
    for (size_t i = 0; i < info.bar_code->size(); ++i) (*info.bar_code)[i] = answer.U8(24 + i);
  }
  info.opc_tables = static_cast<uint8_t>(std::min<size_t>(
      answer.U8(33), (std::max(answer.size(), kStandardSize) - kStandardSize) / kOpcEntrySize));
  return info;
}

std::vector<uint8_t> EncodeDiscInformation(const DiscInformation& info) {
  std::vector<uint8_t> bytes(kStandardSize + info.opc_tables * kOpcEntrySize);
  StoreBe16(&bytes[0], bytes.size() - kLengthField);
  bytes[2] = info.erasable << 4 | static_cast<uint8_t>(info.last_session) << 2 |
             static_cast<uint8_t>(info.disc_status);
  bytes[3] = info.first_track;
  const auto put_wide = [&bytes](size_t high, size_t low, uint16_t value) {
    bytes[high] = value >> 8;
    bytes[low] = value & 0xFF;
  };
  put_wide(9, 4, info.sessions);
  put_wide(10, 5, info.first_track_in_last_session);
  put_wide(11, 6, info.last_track_in_last_session);
  bytes[7] = info.disc_id.has_value() << 7 | info.bar_code.has_value() << 6 |
             info.unrestricted_use << 5 | static_cast<uint8_t>(info.background_format);
  bytes[8] = info.disc_type;
  StoreBe32(&bytes[12], info.disc_id.value_or(0));
  StoreBe32(&bytes[16], info.last_session_lead_in);
  StoreBe32(&bytes[20], info.last_possible_lead_out);
  if (info.bar_code.has_value()) {
    std::copy(info.bar_code->begin(), info.bar_code->end(), &bytes[24]);
  }
  bytes[33] = info.opc_tables;
  return bytes;
}

}  // namespace carousel::mmc
