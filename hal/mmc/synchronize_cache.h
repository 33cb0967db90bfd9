// SYNCHRONIZE CACHE: what is in the drive's buffer goes to the disc (MMC-5 6.41).
#ifndef HAL_MMC_SYNCHRONIZE_CACHE_H_
#define HAL_MMC_SYNCHRONIZE_CACHE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

// Of the whole buffer: drives ignore an address range.
struct SynchronizeCacheCdb {
  bool immediate = false;  // IMMED: GOOD as soon as it has begun
  bool operator==(const SynchronizeCacheCdb&) const = default;
};
scsi::Command MakeCommand(const SynchronizeCacheCdb& cdb);
absl::StatusOr<SynchronizeCacheCdb> DecodeSynchronizeCacheCdb(absl::Span<const uint8_t> cdb);

}  // namespace carousel::mmc

#endif  // HAL_MMC_SYNCHRONIZE_CACHE_H_
