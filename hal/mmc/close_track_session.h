// CLOSE TRACK SESSION: ends a track, a session or the disc (MMC-5 6.3).
#ifndef HAL_MMC_CLOSE_TRACK_SESSION_H_
#define HAL_MMC_CLOSE_TRACK_SESSION_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

// The close function (MMC-5 6.3.3); 3 bits. Which of them a
// medium knows: hal/drive/burn_table.h.
enum class CloseFunction : uint8_t {
  kStopBackgroundFormat = 0,  // DVD+RW, without a lead-out
  kTrack = 1,                 // also a DVD's RZone, a DVD+R's fragment, a BD-R's SRR
  kSession = 2,               // DVD+RW: stops formatting and writes a lead-out
  kFormattedSession = 3,      // DVD+RW, DVD-RW restricted overwrite
  kRecordedLayer = 4,         // DVD+R DL
  kFinalizeMinimalRadius = 5,
  kFinalize = 6,
  kReserved = 7,
};

struct CloseTrackSessionCdb {
  bool immediate = false;  // IMMED: GOOD as soon as it has begun
  CloseFunction function = CloseFunction::kReserved;
  TrackNumber track;  // of kTrack only; 0 with the others
  bool operator==(const CloseTrackSessionCdb&) const = default;
};
scsi::Command MakeCommand(const CloseTrackSessionCdb& cdb);
absl::StatusOr<CloseTrackSessionCdb> DecodeCloseTrackSessionCdb(absl::Span<const uint8_t> cdb);

}  // namespace carousel::mmc

#endif  // HAL_MMC_CLOSE_TRACK_SESSION_H_
