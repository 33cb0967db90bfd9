// Where a session of a medium begins and what it has to be like, for the plan that is made before
// any drive is asked again. Pure.
#ifndef SERVER_BURN_SESSION_SHAPE_H_
#define SERVER_BURN_SESSION_SHAPE_H_

#include <optional>

#include "absl/status/statusor.h"
#include "hal/base/types.h"
#include "server/disc_format/media_facts.h"

namespace carousel {

// The session's part of mastering::Options.
struct SessionShape {
  Lba start;
  Sectors tail;  // zeros behind the image
  Sectors unit{1};
  Sectors shortest;
  // How many sectors there are from `start` on, without what the drive itself adds. Nothing: not
  // known.
  std::optional<Sectors> free;
};

// Of the next session on the medium that `facts` are of: by the burn table, behind the superblock
// and in whole units where it is overwritten. As imapi::MakeError:
// E_IMAPI_DF2DATA_MEDIA_IS_NOT_SUPPORTED: it is not written, or not by a method that leaves it
// appendable. E_IMAPI_DF2DATA_INVALID_MEDIA_STATE: where a session would begin is not known.
absl::StatusOr<SessionShape> ShapeFor(const MediaFacts& facts);

// Of the first session of a blank medium that is not known yet: from 0 on, as every row of the burn
// table that begins there takes it.
SessionShape ShapeForAnyBlank();

}  // namespace carousel

#endif  // SERVER_BURN_SESSION_SHAPE_H_
