#include "hal/mmc/set_cd_speed.h"

#include <algorithm>

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {

scsi::Command MakeCommand(const SetCdSpeedCdb& cdb) {
  scsi::Command command = NewCommand(scsi::opcode::kSetCdSpeed, 12, kMediumTimeout);
  command.cdb[1] = cdb.rotation_control & 3;
  StoreBe16(&command.cdb[2], std::min(cdb.read_speed, kFastestCdSpeed).value());
  StoreBe16(&command.cdb[4], std::min(cdb.write_speed, kFastestCdSpeed).value());
  return command;
}

absl::StatusOr<SetCdSpeedCdb> DecodeSetCdSpeedCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kSetCdSpeed, 12));
  return SetCdSpeedCdb{.rotation_control = static_cast<uint8_t>(cdb[1] & 3),
                       .read_speed = KilobytesPerSecond(LoadBe16(&cdb[2])),
                       .write_speed = KilobytesPerSecond(LoadBe16(&cdb[4]))};
}

}  // namespace carousel::mmc
