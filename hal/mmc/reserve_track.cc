#include "hal/mmc/reserve_track.h"

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {

scsi::Command MakeCommand(const ReserveTrackCdb& cdb) {
  scsi::Command command = NewCommand(scsi::opcode::kReserveTrack, 10, kWriteTimeout);
  command.cdb[1] = cdb.by_address;
  StoreBe32(&command.cdb[5], static_cast<uint32_t>(cdb.size.value()));
  return command;
}

absl::StatusOr<ReserveTrackCdb> DecodeReserveTrackCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kReserveTrack, 10));
  return ReserveTrackCdb{.by_address = (cdb[1] & 1) != 0, .size = Sectors(LoadBe32(&cdb[5]))};
}

}  // namespace carousel::mmc
