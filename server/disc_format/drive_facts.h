// The part of MediaFacts that a drive's answers tell by themselves. Looks at no contents.
#ifndef SERVER_DISC_FORMAT_DRIVE_FACTS_H_
#define SERVER_DISC_FORMAT_DRIVE_FACTS_H_

#include <vector>

#include "hal/drive/media_state.h"
#include "server/disc_format/disc_identifier.h"
#include "server/disc_format/media_facts.h"

namespace carousel {

// Everything but the values of logical sessions, kBlank of formatted overwritable media,
// seek_test and the disc identifier.
MediaFacts FactsOf(const MediaState& state);

// The complete sessions of a medium that is not overwritable, as its tracks have them, in the
// order of their numbers. A session that the drive counts but has no track for is one without
// sectors.
std::vector<IdentifiedSession> CompleteSessions(const MediaState& state);

}  // namespace carousel

#endif  // SERVER_DISC_FORMAT_DRIVE_FACTS_H_
