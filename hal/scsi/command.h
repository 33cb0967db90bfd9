// One SCSI command and its result, as every transport carries them.
#ifndef HAL_SCSI_COMMAND_H_
#define HAL_SCSI_COMMAND_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/scsi/sense.h"

namespace carousel::scsi {

// SAM-5 clause 4.2.5.1: a fixed-length CDB has at most 16 bytes.
inline constexpr size_t kMaxCdbSize = 16;

// A command to send. Exactly one of data_in and data_out may be non-empty; both empty means that no
// data is transferred. The buffers belong to the caller and must outlive the call.
struct Command {
  std::array<uint8_t, kMaxCdbSize> cdb = {};
  uint8_t cdb_size = 0;
  absl::Span<uint8_t> data_in;
  absl::Span<const uint8_t> data_out;
  // Of the machine's time; the transport gives up after it. The device may still execute the
  // command afterwards.
  absl::Duration timeout = absl::Seconds(30);

  uint8_t opcode() const { return cdb[0]; }
};

// SAM-5 clause 5.3.1 status codes that a logical unit returns.
enum class ScsiStatus : uint8_t {
  kGood = 0x00,
  kCheckCondition = 0x02,
  kConditionMet = 0x04,
  kBusy = 0x08,
  kReservationConflict = 0x18,
  kTaskSetFull = 0x28,
  kTaskAborted = 0x40,
};

// What the device said to a command that reached it.
struct Result {
  ScsiStatus status = ScsiStatus::kGood;
  // Valid when status is kCheckCondition; an all-zero Sense if the device sent none.
  Sense sense;
  // Bytes received into data_in, by the transport's count. Firmware lies: parsers use the lengths
  // inside the data as well.
  size_t transferred = 0;

  bool good() const { return status == ScsiStatus::kGood; }
};

// The standard's name of an opcode as MMC-6 and SMC-3 use it ("READ DISC INFORMATION"), or "OPCODE
// xxh". For logs and metric labels: the set of names is finite.
std::string OpcodeName(uint8_t opcode);

}  // namespace carousel::scsi

#endif  // HAL_SCSI_COMMAND_H_
