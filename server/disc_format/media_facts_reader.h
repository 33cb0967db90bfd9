// Works out MediaFacts from a drive: its answers first, then as little of the disc's contents as
// the rules ask for.
#ifndef SERVER_DISC_FORMAT_MEDIA_FACTS_READER_H_
#define SERVER_DISC_FORMAT_MEDIA_FACTS_READER_H_

#include "absl/status/statusor.h"
#include "hal/drive/drive.h"
#include "server/disc_format/media_facts.h"

namespace carousel {

// The facts of the medium in `drive`, of one generation; no medium is `present` = false. On the
// device's thread; blocks for some commands and, on overwritable media, some reads. ABORTED: the
// medium changed three times while it was read. Codes of Drive::ReadMediaState and, for a drive
// that stops answering, Drive::Read; blocks that cannot be read are facts (seek_test,
// identifier_error), not errors.
absl::StatusOr<MediaFacts> ReadMediaFacts(Drive& drive);

}  // namespace carousel

#endif  // SERVER_DISC_FORMAT_MEDIA_FACTS_READER_H_
