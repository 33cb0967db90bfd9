// READ FORMAT CAPACITIES: how the medium is formatted and how it could be (MMC-6 6.24).
#ifndef HAL_MMC_READ_FORMAT_CAPACITIES_H_
#define HAL_MMC_READ_FORMAT_CAPACITIES_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

// Current/maximum capacity descriptor, descriptor type (MMC-6 6.24.3.2). 0 is reserved.
enum class FormatDescriptor : uint8_t {
  kReserved = 0,
  kUnformatted = 1,
  kFormatted = 2,
  kNoMedia = 3
};
// Header, current descriptor and 30 formattable ones.
inline constexpr size_t kMaxFormatCapacitiesSize = 4 + 8 * 31;

struct ReadFormatCapacitiesCdb {
  uint16_t allocation_length = 0;
  bool operator==(const ReadFormatCapacitiesCdb&) const = default;
};
scsi::Command MakeCommand(const ReadFormatCapacitiesCdb& cdb, absl::Span<uint8_t> data_in);
absl::StatusOr<ReadFormatCapacitiesCdb> DecodeReadFormatCapacitiesCdb(
    absl::Span<const uint8_t> cdb);

// A formattable capacity descriptor (MMC-6 table 472).
struct FormattableCapacity {
  uint32_t blocks = 0;
  uint8_t type = 0;        // 6 bits: 00h full, 13h quick grow, 26h DVD+RW, 30h-32h BD …
  uint8_t sub_type = 0;    // 2 bits
  uint32_t parameter = 0;  // 24 bits; mostly the block length
  bool operator==(const FormattableCapacity&) const = default;
};

struct FormatCapacities {
  uint32_t blocks = 0;  // formatted capacity, or the largest one of an unformatted medium
  FormatDescriptor type = FormatDescriptor::kReserved;
  uint32_t block_length = 2048;  // 24 bits
  std::vector<FormattableCapacity> formattable;
  bool operator==(const FormatCapacities&) const = default;
};
// At least the current descriptor (12 bytes); cut formattable descriptors are left out.
absl::StatusOr<FormatCapacities> DecodeFormatCapacities(absl::Span<const uint8_t> bytes);
// At most 30 formattable descriptors fit the 8-bit list length; more are left out.
std::vector<uint8_t> EncodeFormatCapacities(const FormatCapacities& capacities);

}  // namespace carousel::mmc

#endif  // HAL_MMC_READ_FORMAT_CAPACITIES_H_
