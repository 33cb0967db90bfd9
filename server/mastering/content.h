// The contents of new files: named by handles, read while the image is.
#ifndef SERVER_MASTERING_CONTENT_H_
#define SERVER_MASTERING_CONTENT_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "server/image/file_tree.h"

namespace carousel::mastering {

// Names bytes that do not change as long as the image is written. What it means is its source's
// affair.
enum class ContentHandle : uint64_t {};

// A file of the tree whose bytes are not on the disc yet. Files of one handle share one extent:
// hard links, and files that are equal.
struct NewFile {
  FileTree::Id file = FileTree::kRoot;
  ContentHandle content{};
};

// Where contents come from: a spool, a test's memory.
class ContentSource {
 public:
  virtual ~ContentSource() = default;
  // Fills `out` with the bytes of `content` from `offset` on. Blocks. All or nothing. Asked for
  // nothing beyond the size that the tree says.
  virtual absl::Status Read(ContentHandle content, int64_t offset, absl::Span<uint8_t> out) = 0;
};

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_CONTENT_H_
