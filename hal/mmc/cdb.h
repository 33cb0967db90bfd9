// What the command descriptor blocks of this folder share: building one, and checking one on the
// device's side.
//
// Each command has a struct XCdb with its fields. MakeCommand(XCdb, buffer) builds the command for
// a drive, with the buffer's size as allocation length or, where the command sends bytes, as
// parameter list length; DecodeXCdb(bytes) is what a drive reads from it.
#ifndef HAL_MMC_CDB_H_
#define HAL_MMC_CDB_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

// Commands that a drive answers without touching the disc.
inline constexpr absl::Duration kQuickTimeout = absl::Seconds(10);
// Commands that may have to wait for the disc to spin up and to be recognised.
inline constexpr absl::Duration kMediumTimeout = absl::Seconds(60);
// Commands that write, calibrate or prepare for it: a drive may have to make room in its buffer,
// find its power, or write a gap first.
inline constexpr absl::Duration kWriteTimeout = absl::Seconds(200);

// A command with `opcode` and nothing else set. `data_in` may be empty.
scsi::Command NewCommand(uint8_t opcode, uint8_t cdb_size, absl::Duration timeout,
                         absl::Span<uint8_t> data_in = {});

// The same for a command that sends `data_out` to the drive, which may be empty.
scsi::Command NewSendingCommand(uint8_t opcode, uint8_t cdb_size, absl::Duration timeout,
                                absl::Span<const uint8_t> data_out);

// The size of `data_in` as a 16-bit allocation length; a larger buffer announces 65,535.
uint16_t AllocationLength16(absl::Span<uint8_t> data_in);

// INVALID_ARGUMENT if `cdb` has another opcode or is shorter than `size`.
absl::Status CheckCdb(absl::Span<const uint8_t> cdb, uint8_t opcode, size_t size);

}  // namespace carousel::mmc

#endif  // HAL_MMC_CDB_H_
