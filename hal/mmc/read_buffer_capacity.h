// READ BUFFER CAPACITY: how full the drive's write buffer is (MMC-5 6.18).
#ifndef HAL_MMC_READ_BUFFER_CAPACITY_H_
#define HAL_MMC_READ_BUFFER_CAPACITY_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

inline constexpr size_t kBufferCapacitySize = 12;

struct ReadBufferCapacityCdb {
  bool in_blocks = false;  // Block: to be answered in blocks of 2,048 bytes
  uint16_t allocation_length = 0;
  bool operator==(const ReadBufferCapacityCdb&) const = default;
};
scsi::Command MakeCommand(const ReadBufferCapacityCdb& cdb, absl::Span<uint8_t> data_in);
absl::StatusOr<ReadBufferCapacityCdb> DecodeReadBufferCapacityCdb(absl::Span<const uint8_t> cdb);

// The drive says in which unit it answers, whatever it was asked.
struct BufferCapacity {
  bool in_blocks = false;
  uint32_t length = 0;
  uint32_t available = 0;  // not filled
  bool operator==(const BufferCapacity&) const = default;

  int64_t length_bytes() const { return length * unit(); }
  // Never more than there is: firmware is seen that says so.
  int64_t available_bytes() const { return std::min(length, available) * unit(); }

 private:
  int64_t unit() const { return in_blocks ? kSectorSize : 1; }
};
// All 12 bytes.
absl::StatusOr<BufferCapacity> DecodeBufferCapacity(absl::Span<const uint8_t> bytes);
std::vector<uint8_t> EncodeBufferCapacity(const BufferCapacity& capacity);

}  // namespace carousel::mmc

#endif  // HAL_MMC_READ_BUFFER_CAPACITY_H_
