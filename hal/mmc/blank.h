// BLANK: erases a CD-RW or a DVD-RW (MMC-5 6.2).
#ifndef HAL_MMC_BLANK_H_
#define HAL_MMC_BLANK_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

// The blanking type, 3 bits.
enum class BlankType : uint8_t {
  kDisc = 0,
  kMinimal = 1,  // lead-in and PMA or RMA only; a DVD-RW can be written at once only, afterwards
  kTrack = 2,
  kUnreserveTrack = 3,
  kTrackTail = 4,
  kUncloseSession = 5,
  kSession = 6,
  kReserved = 7,
};

struct BlankCdb {
  bool immediate = false;
  BlankType type = BlankType::kMinimal;
  uint32_t start = 0;  // an address or a track, of kTrack, kUnreserveTrack and kTrackTail only
  bool operator==(const BlankCdb&) const = default;
};
scsi::Command MakeCommand(const BlankCdb& cdb);
absl::StatusOr<BlankCdb> DecodeBlankCdb(absl::Span<const uint8_t> cdb);

}  // namespace carousel::mmc

#endif  // HAL_MMC_BLANK_H_
