// What is recorded on one virtual disc: its kind, its state, its tracks. The bytes of its sectors
// lie in a file beside the disc's text (DiscStore).
//
//   sequential media      (blank) -> (open) -> (appendable) -> (open) … -> (finalized)
//                                      \-> (damaged): power was cut while a session was open
//   overwritable media    (unformatted) -> (formatted)
//   pressed media         (finalized)
#ifndef HAL_VIRTUAL_ROBOT_DISC_H_
#define HAL_VIRTUAL_ROBOT_DISC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hal/base/types.h"
#include "hal/mmc/read_disc_information.h"
#include "hal/virtual_robot/medium.h"

namespace carousel::virtual_robot {

enum class DiscState : uint8_t {
  kBlank,
  kAppendable,
  kOpen,
  kDamaged,
  kFinalized,
  kUnformatted,
  kFormatted,
};
// "blank", "appendable", …, as the disc's text has them.
absl::string_view DiscStateName(DiscState state);
std::optional<DiscState> FindDiscState(absl::string_view name);

struct DiscTrack {
  SessionNumber session;
  Lba start;
  // With the padding to whole write units and the run-out blocks.
  Sectors size;
  // Sectors from the start that hold what was written.
  Sectors payload;
  bool data = true;  // false: audio

  Lba end() const { return start + size; }
  bool operator==(const DiscTrack&) const = default;
};

// A run of blocks that no drive can read any more.
struct BadExtent {
  Lba first;
  Sectors size;
  bool operator==(const BadExtent&) const = default;
};

struct Disc {
  std::string barcode;
  const Medium* medium = nullptr;
  DiscState state = DiscState::kBlank;
  Sectors capacity;
  GapModel gap;
  bool write_protected = false;
  // Recorded tracks, the one being written included; ascending, sessions from 1 without holes.
  // Overwritable media have none: they are one track.
  std::vector<DiscTrack> tracks;
  std::vector<BadExtent> unreadable;

  // Overwritable and pseudo-overwritable media: blocks that the format covers, from 0 on.
  Sectors formatted;
  // DVD+RW.
  mmc::BackgroundFormat background = mmc::BackgroundFormat::kNone;
  // DVD-RW restricted overwrite: formatted by quick format, to be written from 0 on.
  bool intermediate = false;
  // DVD-RW sequential: only the lead-in was blanked, no incremental writing.
  bool minimally_blanked = false;
  // BD-R: formatted with spare areas.
  bool spares = false;
  // Open: the last track is closed, its session is not.
  bool track_closed = false;

  // Nothing was ever written or formatted.
  bool blank() const { return state == DiscState::kBlank || state == DiscState::kUnformatted; }
  // A sequential disc whose next track is not begun: a drive counts that track all the same.
  bool HasInvisibleTrack() const {
    return state == DiscState::kBlank || state == DiscState::kAppendable || track_closed;
  }
  // Its last session is not closed.
  bool LastSessionIsOpen() const {
    return state == DiscState::kOpen || state == DiscState::kDamaged ||
           medium->recording == Recording::kPseudoOverwrite;
  }
  // Its last track is still being written, or power was cut in it.
  bool LastTrackIsOpen() const { return LastSessionIsOpen() && !track_closed; }
  // Sessions with a track; the empty one behind an appendable disc's last is not counted.
  int recorded_sessions() const;
  // Where the next track begins: behind the last session and its gap, or behind the last track of
  // a session that is open. 0 on a disc without tracks.
  Lba NextTrackStart() const;
  // Where the next block would go on a sequential medium that takes one; nothing if it takes none.
  std::optional<Lba> NextWritable() const;
  // First track of `session`; null if it has none.
  const DiscTrack* FirstTrackOf(SessionNumber session) const;
  // One past the last block of the last *complete* session; on overwritable media what READ
  // CAPACITY covers.
  Lba ReadableEnd() const;
};

// Whether the facts of `disc` fit its medium and each other: it comes from a text file that
// anybody may have edited. INVALID_ARGUMENT with the first contradiction.
absl::Status Validate(const Disc& disc);

// A bar code is also a folder's name: 1 to 32 (SMC-3: volume identification) letters, digits,
// '_', '-' and '.', of which the first is a letter or digit. INVALID_ARGUMENT otherwise.
absl::Status ValidateBarcode(absl::string_view barcode);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_DISC_H_
