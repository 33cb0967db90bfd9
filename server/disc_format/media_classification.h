// What IMAPI calls the medium in a drive: its physical type, its state bits, how it takes another
// session. Pure over one reading of the drive; looks at no contents.
#ifndef SERVER_DISC_FORMAT_MEDIA_CLASSIFICATION_H_
#define SERVER_DISC_FORMAT_MEDIA_CLASSIFICATION_H_

#include <cstdint>

#include "hal/base/types.h"
#include "hal/drive/media_state.h"
#include "server/disc_format/media_facts.h"

namespace carousel {

// CurrentPhysicalMediaType, by IMAPI's order of detection: a complete medium that cannot be erased
// is a -ROM, whatever it was made from; else the profile decides. `state` must be of a present
// medium, here and below.
PhysicalMediaType PhysicalMediaTypeOf(const MediaState& state);

// How the medium takes another session. A blank DVD-RW counts as overwritable in either profile;
// BD-R that pretends to be overwritable, BD-R RRM and DVD-R DL take none.
MultisessionClass MultisessionClassOf(const MediaState& state);

// MediaPhysicallyBlank: the drive says so. A BD-R that was formatted and not written, and calls
// itself appendable with an empty first session, counts.
bool IsPhysicallyBlank(const MediaState& state);

// CurrentMediaStatus as far as the drive tells it; on formatted overwritable media kBlank depends
// on the contents and is not set here.
uint32_t MediaStatusBitsOf(const MediaState& state);

// WriteProtectStatus.
uint32_t WriteProtectBitsOf(const MediaState& state);

// Sectors in which writes are made whole.
Sectors WriteUnitOf(mmc::Profile profile);

}  // namespace carousel

#endif  // SERVER_DISC_FORMAT_MEDIA_CLASSIFICATION_H_
