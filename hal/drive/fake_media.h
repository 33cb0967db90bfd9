// Media states as drives report them, for tests (media in the words of hal/drive/media_state.h).
#ifndef HAL_DRIVE_FAKE_MEDIA_H_
#define HAL_DRIVE_FAKE_MEDIA_H_

#include <vector>

#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/drive/media_state.h"

namespace carousel {

// A session of one data track.
struct FakeSession {
  Lba start;
  Sectors size;
};

// An unwritten write-once or sequential disc with `capacity` sectors free from 0 on.
MediaState BlankMedia(mmc::Profile profile, Sectors capacity);

// Closed sessions, then the empty one that takes the next: its track begins at `next_writable` and
// has what is left of `capacity`.
MediaState AppendableMedia(mmc::Profile profile, absl::Span<const FakeSession> sessions,
                           Lba next_writable, Sectors capacity);

// AppendableMedia whose last session is written to and not closed: `written` sectors at
// `next_writable`.
MediaState OpenSessionMedia(mmc::Profile profile, absl::Span<const FakeSession> sessions,
                            Lba next_writable, Sectors written, Sectors capacity);

// Closed for ever.
MediaState FinalizedMedia(mmc::Profile profile, absl::Span<const FakeSession> sessions);

// DVD+RW, DVD-RAM, DVD-RW restricted overwrite, BD-RE: formatted, one track of `capacity` sectors.
MediaState OverwritableMedia(mmc::Profile profile, Sectors capacity);

}  // namespace carousel

#endif  // HAL_DRIVE_FAKE_MEDIA_H_
