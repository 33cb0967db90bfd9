// MediaHeuristicallyBlank on overwritable media, whose drives know no blank state: nothing but
// zeros where every file system begins and ends.
#ifndef SERVER_DISC_FORMAT_BLANK_CONTENTS_H_
#define SERVER_DISC_FORMAT_BLANK_CONTENTS_H_

#include "absl/status/statusor.h"
#include "server/fs/block_reader.h"

namespace carousel {

// Whether the first and the last 2 MiB before disc.end() are zero. Stops at the first byte that is
// not. A part that was never written counts as zero; one that is damaged does not. An error is a
// drive that does not answer.
absl::StatusOr<bool> HasBlankContents(BlockReader& disc);

}  // namespace carousel

#endif  // SERVER_DISC_FORMAT_BLANK_CONTENTS_H_
