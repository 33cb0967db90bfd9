// Media facts as a sound drive gives them, for tests to start from and to spoil.
#ifndef SERVER_DISC_FORMAT_EXAMPLE_MEDIA_FACTS_H_
#define SERVER_DISC_FORMAT_EXAMPLE_MEDIA_FACTS_H_

#include "server/disc_format/media_facts.h"

namespace carousel {

// An empty drive.
MediaFacts NoMediumFacts();
// A blank DVD+R: the seek test fails for block -1.
MediaFacts BlankDvdPlusRFacts();
// A DVD+R with one session, 0 to 191, and a next one at 2240.
MediaFacts AppendableDvdPlusRFacts();
// The same disc after it was closed for ever, as IMAPI shows it.
MediaFacts FinalizedDvdPlusRFacts();
// A formatted BD-RE without contents.
MediaFacts BlankBdReFacts();
// A BD-RE with two logical sessions, the newest 256 to 429.
MediaFacts WrittenBdReFacts();
// A pressed DVD.
MediaFacts DvdRomFacts();

}  // namespace carousel

#endif  // SERVER_DISC_FORMAT_EXAMPLE_MEDIA_FACTS_H_
