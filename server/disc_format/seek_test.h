// Rule R11's question: can the previous session's descriptors be reached?
#ifndef SERVER_DISC_FORMAT_SEEK_TEST_H_
#define SERVER_DISC_FORMAT_SEEK_TEST_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hal/base/types.h"
#include "server/fs/block_reader.h"

namespace carousel {

// IMAPI_E_IMPORT_SEEK_FAILURE, with metadata block and cause.
absl::Status SeekFailure(Lba block, absl::string_view cause, absl::string_view why);

// The failure on blank write-once media: block -1, cause BLANK_MEDIA.
absl::Status BlankMediaSeekFailure();

// Reads the sector at `start` + 16; if it is no descriptor of ISO 9660, also the anchor of UDF at
// `start` + 256, where the session reaches so far. OK or SeekFailure with cause UNREADABLE or
// TOO_SHORT; codes of BlockReader::Read for a drive that does not answer.
absl::Status TestSeek(BlockReader& disc, Lba start, Lba session_end);

}  // namespace carousel

#endif  // SERVER_DISC_FORMAT_SEEK_TEST_H_
