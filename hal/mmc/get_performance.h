// GET PERFORMANCE, type 03h: the write speeds of the drive with this medium (MMC-6 6.8).
#ifndef HAL_MMC_GET_PERFORMANCE_H_
#define HAL_MMC_GET_PERFORMANCE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

inline constexpr uint8_t kWriteSpeedPerformance = 0x03;
inline constexpr size_t kPerformanceHeaderSize = 8;
inline constexpr size_t kWriteSpeedDescriptorSize = 16;

struct GetPerformanceCdb {
  uint8_t data_type = 0;  // 5 bits
  uint32_t starting_lba = 0;
  uint16_t maximum_descriptors = 0;
  uint8_t type = kWriteSpeedPerformance;
  bool operator==(const GetPerformanceCdb&) const = default;
};
// The number of descriptors is what fits into `data_in`.
scsi::Command MakeCommand(const GetPerformanceCdb& cdb, absl::Span<uint8_t> data_in);
absl::StatusOr<GetPerformanceCdb> DecodeGetPerformanceCdb(absl::Span<const uint8_t> cdb);

// Speeds in units of 1,000 bytes a second.
struct WriteSpeed {
  uint8_t rotation_control = 0;  // 2 bits, WRC: 0 as the disc wants (CLV), 1 pure CAV
  bool restore_default = false;  // RDD
  bool exact = false;
  bool mixed = false;    // MRW: suited for mixed reading and writing
  uint32_t end_lba = 0;  // capacity it is valid for, less one
  uint32_t read_speed = 0;
  uint32_t write_speed = 0;
  bool operator==(const WriteSpeed&) const = default;
};
struct WriteSpeeds {
  std::vector<WriteSpeed> speeds;
  bool operator==(const WriteSpeeds&) const = default;
};
// At least the 8 bytes of the header; a cut descriptor is left out.
absl::StatusOr<WriteSpeeds> DecodeWriteSpeeds(absl::Span<const uint8_t> bytes);
std::vector<uint8_t> EncodeWriteSpeeds(const WriteSpeeds& speeds);

}  // namespace carousel::mmc

#endif  // HAL_MMC_GET_PERFORMANCE_H_
