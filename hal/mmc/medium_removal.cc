#include "hal/mmc/medium_removal.h"

#include "hal/base/status_macros.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {

scsi::Command MakeCommand(const StartStopUnitCdb& cdb) {
  scsi::Command command = NewCommand(scsi::opcode::kStartStopUnit, 6, kMediumTimeout);
  command.cdb[1] = cdb.immediate;
  command.cdb[4] = cdb.power_condition << 4 | cdb.load_eject << 1 | cdb.start;
  return command;
}

absl::StatusOr<StartStopUnitCdb> DecodeStartStopUnitCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kStartStopUnit, 6));
  return StartStopUnitCdb{.immediate = (cdb[1] & 1) != 0,
                          .power_condition = static_cast<uint8_t>(cdb[4] >> 4),
                          .load_eject = (cdb[4] & 2) != 0,
                          .start = (cdb[4] & 1) != 0};
}

scsi::Command MakeCommand(const PreventAllowCdb& cdb) {
  scsi::Command command = NewCommand(scsi::opcode::kPreventAllowMediumRemoval, 6, kQuickTimeout);
  command.cdb[4] = cdb.persistent << 1 | cdb.prevent;
  return command;
}

absl::StatusOr<PreventAllowCdb> DecodePreventAllowCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kPreventAllowMediumRemoval, 6));
  return PreventAllowCdb{.prevent = (cdb[4] & 1) != 0, .persistent = (cdb[4] & 2) != 0};
}

}  // namespace carousel::mmc
