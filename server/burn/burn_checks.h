// Whether a planned session may be written to the medium in a drive: what is asked before the first
// WRITE. Pure; sends nothing.
#ifndef SERVER_BURN_BURN_CHECKS_H_
#define SERVER_BURN_BURN_CHECKS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "hal/base/types.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/media_state.h"
#include "server/disc_format/media_facts.h"

namespace carousel {

// `found` is the disc that `planned` was, untouched: identity, generation and next writable
// address. IMAPI_E_DISC_MISMATCH with metadata property, planned, found.
absl::Status CheckSameDisc(const MediaFacts& planned, const MediaFacts& found);

// The medium is still of `planned`'s generation, and a session goes to `start`: where the drive
// says, or on media that are overwritten behind the last logical session, the first one behind the
// superblock. IMAPI_E_DISC_MISMATCH, as CheckSameDisc.
absl::Status CheckNextWritable(const MediaFacts& planned, const MediaState& state, Lba start);

// The row by which `size` sectors from `start` on become a session of the medium. All as
// imapi::MakeError: E_IMAPI_DF2DATA_MEDIA_IS_NOT_SUPPORTED: it cannot be written. E_NOTIMPL: it
// can, by a method that burns do not have: CD sessions that are written at once.
// E_IMAPI_DF2DATA_INVALID_MEDIA_STATE: a session is open or damaged, or the disc is not formatted
// and no format is known. A format that has to come first, and that FormatNeeded has, is none.
// E_IMAPI_DF2DATA_STREAM_NOT_SUPPORTED: no whole units, or shorter than a track may be.
// E_IMAPI_DF2DATA_STREAM_TOO_LARGE_FOR_CURRENT_MEDIA: more than is free.
absl::StatusOr<const BurnRow*> ChooseBurnRow(const MediaState& state, Lba start, Sectors size);

}  // namespace carousel

#endif  // SERVER_BURN_BURN_CHECKS_H_
