#include "hal/mmc/synchronize_cache.h"

#include "hal/base/status_macros.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {

scsi::Command MakeCommand(const SynchronizeCacheCdb& cdb) {
  scsi::Command command = NewCommand(scsi::opcode::kSynchronizeCache, 10, kWriteTimeout);
  command.cdb[1] = cdb.immediate << 1;
  return command;
}

absl::StatusOr<SynchronizeCacheCdb> DecodeSynchronizeCacheCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kSynchronizeCache, 10));
  return SynchronizeCacheCdb{.immediate = (cdb[1] & 2) != 0};
}

}  // namespace carousel::mmc
