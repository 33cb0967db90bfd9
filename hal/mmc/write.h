// WRITE(10) and WRITE(12): blocks of 2,048 bytes to the disc (MMC-5 6.44, 6.45).
#ifndef HAL_MMC_WRITE_H_
#define HAL_MMC_WRITE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/scsi/command.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {

struct WriteCdb {
  uint8_t opcode = scsi::opcode::kWrite10;  // kWrite10 or kWrite12
  Lba lba;                                  // signed: a CD written session at once begins at -150
  Sectors blocks;                           // WRITE(10): 0 to 65,535
  bool force_unit_access = false;           // FUA: GOOD means on the disc
  bool streaming = false;                   // WRITE(12) only: no defect management meanwhile
  bool operator==(const WriteCdb&) const = default;
};
// As many blocks as `sectors` holds; those of `cdb` do not count. Values that the opcode has no
// room for are cut to its fields: the caller keeps within them.
scsi::Command MakeCommand(const WriteCdb& cdb, absl::Span<const uint8_t> sectors);
// Takes either opcode.
absl::StatusOr<WriteCdb> DecodeWriteCdb(absl::Span<const uint8_t> cdb);

}  // namespace carousel::mmc

#endif  // HAL_MMC_WRITE_H_
