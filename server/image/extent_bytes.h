// The bytes of a file on a disc, extent by extent.
#ifndef SERVER_IMAGE_EXTENT_BYTES_H_
#define SERVER_IMAGE_EXTENT_BYTES_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "server/fs/block_reader.h"
#include "server/image/file_tree.h"

namespace carousel {

// Reads `extents` in their order, up to a MiB at a time, and gives each piece to `take`, with the
// sector behind it; an error of `take` ends it. Blocks. Codes of BlockReader::Read, and of `take`.
absl::Status ReadExtents(BlockReader& disc, absl::Span<const Extent> extents,
                         absl::FunctionRef<absl::Status(absl::Span<const uint8_t>, Lba)> take);

}  // namespace carousel

#endif  // SERVER_IMAGE_EXTENT_BYTES_H_
