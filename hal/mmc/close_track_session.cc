#include "hal/mmc/close_track_session.h"

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {

scsi::Command MakeCommand(const CloseTrackSessionCdb& cdb) {
  scsi::Command command = NewCommand(scsi::opcode::kCloseTrackSession, 10, kWriteTimeout);
  command.cdb[1] = cdb.immediate;
  command.cdb[2] = static_cast<uint8_t>(cdb.function) & 7;
  StoreBe16(&command.cdb[4], cdb.track.value());
  return command;
}

absl::StatusOr<CloseTrackSessionCdb> DecodeCloseTrackSessionCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kCloseTrackSession, 10));
  return CloseTrackSessionCdb{.immediate = (cdb[1] & 1) != 0,
                              .function = static_cast<CloseFunction>(cdb[2] & 7),
                              .track = TrackNumber(LoadBe16(&cdb[4]))};
}

}  // namespace carousel::mmc
