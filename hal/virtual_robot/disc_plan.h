// What a new disc looks like when given contents are on its kind of medium in a given state: where
// sessions begin, how they are padded, what is left. Pure; DiscStore writes the result.
#ifndef HAL_VIRTUAL_ROBOT_DISC_PLAN_H_
#define HAL_VIRTUAL_ROBOT_DISC_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hal/base/types.h"
#include "hal/virtual_robot/disc.h"

namespace carousel::virtual_robot {

struct PlannedSession {
  Sectors payload;
  // Where it was made for; where the medium's gaps put it if absent.
  std::optional<Lba> start;
  bool audio = false;
};

struct DiscRequest {
  std::string barcode;
  const Medium* medium = nullptr;
  // On sequential media each is one session of one track; on overwritable ones, contents at an
  // address.
  std::vector<PlannedSession> sessions;
  // Absent: what writing the sessions leaves (blank or appendable; formatted; finalized for pressed
  // media and DVD-R DL).
  std::optional<DiscState> state;
  // Appendable, and the next session is the last one that the disc takes.
  bool final_session = false;
  bool write_protected = false;
  bool intermediate = false;
  bool minimally_blanked = false;
  bool spares = false;
  // Absent: the medium's.
  std::optional<Sectors> capacity;
  // Absent: all of the capacity.
  std::optional<Sectors> formatted;
  // Absent: complete on DVD+RW.
  std::optional<mmc::BackgroundFormat> background;
  std::vector<BadExtent> unreadable;
};

struct DiscPlan {
  Disc disc;
  // Where the payload of each session of the request goes, in order.
  std::vector<Lba> starts;
};

// INVALID_ARGUMENT: the contents do not fit, overlap, or the state is none of the medium's.
absl::StatusOr<DiscPlan> PlanDisc(const DiscRequest& request);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_DISC_PLAN_H_
