// Bytes of a file of the spool, from any offset.
#ifndef SERVER_SPOOL_READ_AT_H_
#define SERVER_SPOOL_READ_AT_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"

namespace carousel {

// Fills `out` from `offset` on. Blocks. All or nothing. DATA_LOSS: the file is shorter, or its disk
// cannot read it. The codes of ErrnoStatus.
absl::Status ReadAt(int fd, int64_t offset, absl::Span<uint8_t> out);

}  // namespace carousel

#endif  // SERVER_SPOOL_READ_AT_H_
