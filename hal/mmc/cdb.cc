#include "hal/mmc/cdb.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace carousel::mmc {

scsi::Command NewCommand(uint8_t opcode, uint8_t cdb_size, absl::Duration timeout,
                         absl::Span<uint8_t> data_in) {
  scsi::Command command{.cdb_size = cdb_size, .data_in = data_in, .timeout = timeout};
  command.cdb[0] = opcode;
  return command;
}

scsi::Command NewSendingCommand(uint8_t opcode, uint8_t cdb_size, absl::Duration timeout,
                                absl::Span<const uint8_t> data_out) {
  scsi::Command command{.cdb_size = cdb_size, .data_out = data_out, .timeout = timeout};
  command.cdb[0] = opcode;
  return command;
}

uint16_t AllocationLength16(absl::Span<uint8_t> data_in) {
  return static_cast<uint16_t>(std::min<size_t>(data_in.size(), 0xFFFF));
}

absl::Status CheckCdb(absl::Span<const uint8_t> cdb, uint8_t opcode, size_t size) {
  if (cdb.size() >= size && cdb[0] == opcode) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("not a CDB of ", scsi::OpcodeName(opcode), ": ", cdb.size(), " bytes"));
}

}  // namespace carousel::mmc
