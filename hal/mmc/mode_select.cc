#include "hal/mmc/mode_select.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/answer.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

constexpr size_t kHeader = 8;
constexpr size_t kLengthField = 2;
constexpr size_t kMaxParameters = 0xFFFF;

}  // namespace

scsi::Command MakeCommand(const ModeSelectCdb& cdb, absl::Span<const uint8_t> parameters) {
  scsi::Command command =
      NewSendingCommand(scsi::opcode::kModeSelect10, 10, kQuickTimeout, parameters);
  command.cdb[1] = cdb.page_format << 4 | cdb.save_pages;
  StoreBe16(&command.cdb[7], std::min(parameters.size(), kMaxParameters));
  return command;
}

absl::StatusOr<ModeSelectCdb> DecodeModeSelectCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kModeSelect10, 10));
  return ModeSelectCdb{.page_format = (cdb[1] & 0x10) != 0,
                       .save_pages = (cdb[1] & 1) != 0,
                       .parameter_list_length = LoadBe16(&cdb[7])};
}

std::vector<uint8_t> EncodeModeParameters(const ModePage& page) {
  ModePage sent = page;
  sent.savable = false;
  std::vector<uint8_t> bytes = EncodeModeData({.pages = {std::move(sent)}});
  StoreBe16(&bytes[0], 0);
  return bytes;
}

absl::StatusOr<ModeData> DecodeModeParameters(absl::Span<const uint8_t> bytes) {
  if (bytes.size() < kHeader) return ShortAnswer("MODE SELECT", bytes.size(), kHeader);
  // The same as MODE SENSE's answer, but that the length is not said.
  std::vector<uint8_t> answer(bytes.begin(), bytes.end());
  StoreBe16(&answer[0], std::min(answer.size() - kLengthField, kMaxParameters));
  return DecodeModeData(answer);
}

}  // namespace carousel::mmc
