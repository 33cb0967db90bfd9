// Puts right what drives are known to say wrong about a medium, and notes where their answers
// disagree. Pure: from answers to answers. What READ TRACK INFORMATION says is the truth wherever
// another answer says otherwise.
#ifndef HAL_DRIVE_MEDIA_CHECKS_H_
#define HAL_DRIVE_MEDIA_CHECKS_H_

#include "hal/drive/media_state.h"
#include "hal/mmc/read_toc.h"

namespace carousel {

// No disc has more sectors (BD-R XL of four layers: 62,500,864); a number above is nonsense from
// firmware.
inline constexpr Sectors kMostSectors{int64_t{1} << 27};

// Numbers, sessions and addresses of tracks: a session that is missing is found from the disc's
// count, a next writable address that cannot be is dropped (or is the track's start on a blank
// disc, where drives are seen to answer -150), nonsense sizes are noted.
void CheckTracks(MediaState& state);

// A freshly formatted BD-R calls itself appendable with one empty session: it is blank.
void CheckBlank(MediaState& state);

// READ CAPACITY against the tracks.
void CheckReadable(MediaState& state);

// READ TOC against the tracks. Format 1 is stored as toc_last_session_start.
void CheckToc(const mmc::TocTracks& toc, MediaState& state);
void CheckTocSession(const mmc::TocSession& toc, MediaState& state);

// Fills MediaState::total from what the drive has said.
void FindTotal(MediaState& state);

}  // namespace carousel

#endif  // HAL_DRIVE_MEDIA_CHECKS_H_
