// SET STREAMING with a performance descriptor (MMC-5 6.39): the speed of DVD and BD.
#ifndef HAL_MMC_SET_STREAMING_H_
#define HAL_MMC_SET_STREAMING_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/mmc/speed.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

inline constexpr size_t kPerformanceDescriptorSize = 28;

struct SetStreamingCdb {
  uint8_t type = 0;  // 0: performance descriptor
  uint16_t parameter_list_length = 0;
  bool operator==(const SetStreamingCdb&) const = default;
};
scsi::Command MakeCommand(const SetStreamingCdb& cdb, absl::Span<const uint8_t> parameters);
absl::StatusOr<SetStreamingCdb> DecodeSetStreamingCdb(absl::Span<const uint8_t> cdb);

// Speeds are sent as so many 1,000 bytes in a time of 1,000 ms.
struct PerformanceDescriptor {
  uint8_t rotation_control = 0;  // 2 bits, WRC: 0 as the disc wants (CLV), 1 pure CAV
  bool restore_default = false;  // RDD: the drive's own choice; the rest does not count
  bool exact = false;
  bool random_access = false;  // RA
  Lba start;
  Lba end;  // the last address
  KilobytesPerSecond read_speed;
  KilobytesPerSecond write_speed;
  bool operator==(const PerformanceDescriptor&) const = default;
};
// Addresses are cut to 32 bits.
std::vector<uint8_t> EncodePerformanceDescriptor(const PerformanceDescriptor& descriptor);
// INTERNAL: not 28 bytes. A time of 0 makes a speed of 0; one of another length is brought to a
// second, at most FFFFFFFFh.
absl::StatusOr<PerformanceDescriptor> DecodePerformanceDescriptor(absl::Span<const uint8_t> bytes);

}  // namespace carousel::mmc

#endif  // HAL_MMC_SET_STREAMING_H_
