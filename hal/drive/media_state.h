// What a drive says about the medium in it, in domain words: one consistent reading of one media
// generation.
#ifndef HAL_DRIVE_MEDIA_STATE_H_
#define HAL_DRIVE_MEDIA_STATE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hal/base/types.h"
#include "hal/mmc/profile.h"
#include "hal/mmc/read_disc_information.h"
#include "hal/mmc/read_format_capacities.h"

namespace carousel {

using mmc::BackgroundFormat;
using mmc::DiscStatus;
using mmc::FormatDescriptor;
using mmc::LastSessionState;

struct TrackState {
  TrackNumber number;
  SessionNumber session;
  Lba start;
  Sectors size;
  Sectors free;
  // Sectors at the end of `size` that no read gets: the run-out of a CD track written at once.
  Sectors run_out;
  // Absent when the drive does not declare it valid (NWA_V, LRA_V).
  std::optional<Lba> next_writable;
  std::optional<Lba> last_recorded;
  bool data = true;  // false: audio
  bool blank = false;
  bool reserved = false;
  bool damaged = false;
  bool packet = false;
};

struct MediaState {
  MediaGeneration generation;
  // TEST UNIT READY decides: an empty drive may keep its old profile.
  bool present = false;
  // Everything below holds only if present.
  mmc::Profile profile = mmc::Profile::kNone;
  std::vector<uint16_t> current_features;  // codes, ascending (MMC-6 clause 5.3)

  DiscStatus disc_status = DiscStatus::kBlank;
  LastSessionState last_session = LastSessionState::kEmpty;
  BackgroundFormat background_format = BackgroundFormat::kNone;
  bool erasable = false;
  // As the drive counts: an empty or open last session included (a blank disc has 1).
  uint16_t sessions = 0;

  // Ascending by number. Without holes, but where a table of contents is all that the drive has and
  // its list ends before the last session: that session's first track stands behind it.
  std::vector<TrackState> tracks;
  // READ CAPACITY's last address + 1: what can be read on overwritable media; on others the end of
  // the last complete session.
  std::optional<Sectors> readable;
  std::optional<FormatDescriptor> format;
  std::optional<Sectors> format_capacity;
  // Writing at the disc's full size, used and free (IMAPI TotalSectorsOnMedia).
  Sectors total;
  bool write_protected = false;

  // READ TOC format 1: first track of the last complete session. A cross-check only.
  std::optional<Lba> toc_last_session_start;

  // Sectors per second, fastest first; empty if the drive does not tell.
  std::vector<int64_t> write_speeds;
  std::optional<int64_t> current_write_speed;

  // Disagreements between the drive's answers that the reading noticed, for logs and the operator.
  std::vector<std::string> contradictions;

  bool HasFeature(uint16_t code) const;
  // Profile 41h, feature 0038h current, and formatted or written: a BD-R that pretends to be
  // overwritable. A blank BD-R whose drive lists 0038h is an ordinary one.
  bool IsPseudoOverwrite() const;
  // The track that an append would write to: track of the last session with a valid next writable
  // address, else null.
  const TrackState* AppendTrack() const;
  // First track of the last complete session; null if there is none.
  const TrackState* LastCompleteSessionStart() const;
  // One past the last sector that a read may ask for: the end of the last complete session without
  // its run-out, or READ CAPACITY on overwritable media.
  Lba ReadableEnd() const;
};

}  // namespace carousel

#endif  // HAL_DRIVE_MEDIA_STATE_H_
