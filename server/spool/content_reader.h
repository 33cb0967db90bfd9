// The bytes of one content, in any order.
#ifndef SERVER_SPOOL_CONTENT_READER_H_
#define SERVER_SPOOL_CONTENT_READER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/file.h"

namespace carousel {

// Thread-safe. Keeps the bytes alive and their space taken, also when nobody refers to the content
// any more; whoever reads for long holds a reference instead.
class ContentReader {
 public:
  // The file at `path`, which has `size` bytes: DATA_LOSS if it has not. For Spool.
  static absl::StatusOr<std::unique_ptr<ContentReader>> Open(const std::string& path, int64_t size);

  // Fills `out` from `offset` on. Blocks for the disk. All or nothing. OUT_OF_RANGE: a part lies
  // outside [0, size()). DATA_LOSS: the disk cannot read it.
  absl::Status Read(int64_t offset, absl::Span<uint8_t> out) const;

  int64_t size() const { return size_; }

 private:
  ContentReader(FileDescriptor file, int64_t size) : file_(std::move(file)), size_(size) {}

  const FileDescriptor file_;
  const int64_t size_;
};

}  // namespace carousel

#endif  // SERVER_SPOOL_CONTENT_READER_H_
