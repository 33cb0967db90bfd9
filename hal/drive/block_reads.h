// Reading blocks of any length from a device: cut to what its transport carries.
#ifndef HAL_DRIVE_BLOCK_READS_H_
#define HAL_DRIVE_BLOCK_READS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/drive/mmc_device.h"

namespace carousel {

class BlockReads {
 public:
  // `device` outlives it.
  explicit BlockReads(MmcDevice* device) : device_(device) {}

  // READ(10), or READ(12) from a drive that does not know READ(10). Codes: Drive::Read.
  absl::Status Read(Lba start, absl::Span<uint8_t> out);

 private:
  absl::Status ReadPart(Lba start, absl::Span<uint8_t> out);

  MmcDevice* const device_;
  bool read10_unknown_ = false;
};

}  // namespace carousel

#endif  // HAL_DRIVE_BLOCK_READS_H_
