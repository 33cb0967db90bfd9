#include "hal/mmc/blank.h"

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {

scsi::Command MakeCommand(const BlankCdb& cdb) {
  scsi::Command command = NewCommand(scsi::opcode::kBlank, 12, kWriteTimeout);
  command.cdb[1] = cdb.immediate << 4 | (static_cast<uint8_t>(cdb.type) & 7);
  StoreBe32(&command.cdb[2], cdb.start);
  return command;
}

absl::StatusOr<BlankCdb> DecodeBlankCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kBlank, 12));
  return BlankCdb{.immediate = (cdb[1] & 0x10) != 0,
                  .type = static_cast<BlankType>(cdb[1] & 7),
                  .start = LoadBe32(&cdb[2])};
}

}  // namespace carousel::mmc
