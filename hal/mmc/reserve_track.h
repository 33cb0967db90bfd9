// RESERVE TRACK by size (MMC-5 6.31): announces the length of a DVD-R or DVD-RW disc at once.
#ifndef HAL_MMC_RESERVE_TRACK_H_
#define HAL_MMC_RESERVE_TRACK_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

struct ReserveTrackCdb {
  bool by_address = false;  // ARSV: an address that splits a track; `size` has no meaning then
  Sectors size;
  bool operator==(const ReserveTrackCdb&) const = default;
};
// The size is cut to 32 bits.
scsi::Command MakeCommand(const ReserveTrackCdb& cdb);
absl::StatusOr<ReserveTrackCdb> DecodeReserveTrackCdb(absl::Span<const uint8_t> cdb);

}  // namespace carousel::mmc

#endif  // HAL_MMC_RESERVE_TRACK_H_
