// The kinds of optical media that the virtual robot knows: one row each, in medium.cc, of what the
// kind fixes (profile, capacity, write unit, gaps between sessions). What one disc of the kind has
// on it is a Disc.
#ifndef HAL_VIRTUAL_ROBOT_MEDIUM_H_
#define HAL_VIRTUAL_ROBOT_MEDIUM_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/mmc/profile.h"

namespace carousel::virtual_robot {

// How a medium is written.
enum class Recording : uint8_t {
  kReadOnly,         // pressed
  kSequential,       // at the next writable address only; sessions
  kOverwritable,     // any block, once formatted
  kPseudoOverwrite,  // write-once, but the drive remaps rewritten blocks (BD-R POW)
};

// Distances between the lead-out of one session and the first block of the next.
struct GapModel {
  Sectors after_first;
  Sectors after_later;
};

struct Medium {
  absl::string_view name;  // as `--media` and the disc's text file have it
  mmc::Profile profile = mmc::Profile::kNone;
  Recording recording = Recording::kReadOnly;
  bool erasable = false;
  // Sectors that can be written; 0 for pressed media, which are as large as their contents.
  Sectors capacity;
  // Every write fills whole units (ECC blocks, clusters) of this many sectors.
  Sectors write_unit;
  GapModel gap;
  // Blocks behind the payload that belong to the track and cannot be read (CD track-at-once).
  Sectors run_out;
  // Shortest payload of a track.
  Sectors shortest_track;
  // Sessions that fit the disc's own tables; 0: no limit known.
  int session_limit = 0;
  int layers = 1;

  bool sequential() const { return recording == Recording::kSequential; }
  bool overwritable() const { return recording == Recording::kOverwritable; }
};

// All rows.
absl::Span<const Medium> Media();

// The row called `name`, without regard to case, blanks for hyphens; null if there is none.
const Medium* FindMedium(absl::string_view name);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_MEDIUM_H_
