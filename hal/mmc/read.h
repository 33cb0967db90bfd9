// READ(6), READ(10) and READ(12): the disc's blocks (SBC-3 5.7 to 5.9, MMC-6 6.19). What they
// answer is the blocks themselves.
#ifndef HAL_MMC_READ_H_
#define HAL_MMC_READ_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {

struct ReadCdb {
  uint8_t opcode = scsi::opcode::kRead10;  // kRead6, kRead10 or kRead12
  // READ(6) has 21 bits.
  uint32_t lba = 0;
  // READ(6): 1 to 256. READ(10): 0 to 65,535. 0 reads nothing.
  uint32_t blocks = 0;
  bool operator==(const ReadCdb&) const = default;
};
// `data_in` holds `blocks` blocks. Values that the opcode has no room for are cut to its fields:
// the caller keeps within them.
scsi::Command MakeCommand(const ReadCdb& cdb, absl::Span<uint8_t> data_in);
// Takes any of the three opcodes.
absl::StatusOr<ReadCdb> DecodeReadCdb(absl::Span<const uint8_t> cdb);

}  // namespace carousel::mmc

#endif  // HAL_MMC_READ_H_
