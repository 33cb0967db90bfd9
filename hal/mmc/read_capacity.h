// READ CAPACITY(10): the last readable address (MMC-6 6.23).
#ifndef HAL_MMC_READ_CAPACITY_H_
#define HAL_MMC_READ_CAPACITY_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

inline constexpr size_t kReadCapacitySize = 8;

struct ReadCapacityCdb {
  bool operator==(const ReadCapacityCdb&) const = default;
};
scsi::Command MakeCommand(const ReadCapacityCdb& cdb, absl::Span<uint8_t> data_in);
absl::StatusOr<ReadCapacityCdb> DecodeReadCapacityCdb(absl::Span<const uint8_t> cdb);

struct Capacity {
  uint32_t last_lba = 0;  // 0 also on blank media
  uint32_t block_length = 2048;
  bool operator==(const Capacity&) const = default;
};
// All 8 bytes are needed.
absl::StatusOr<Capacity> DecodeCapacity(absl::Span<const uint8_t> bytes);
std::vector<uint8_t> EncodeCapacity(const Capacity& capacity);

}  // namespace carousel::mmc

#endif  // HAL_MMC_READ_CAPACITY_H_
