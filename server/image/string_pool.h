// Strings kept end to end in large chunks and named by 32 bits. Nothing is ever taken out.
#ifndef SERVER_IMAGE_STRING_POOL_H_
#define SERVER_IMAGE_STRING_POOL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"

namespace carousel {

class StringPool {
 public:
  static constexpr size_t kMaxBytes = size_t{1} << 16;  // of one string

  // Keeps the bytes of `text` (at most kMaxBytes; its length is the caller's to keep). Nothing if
  // the pool holds 4 GiB already.
  std::optional<uint32_t> Add(absl::string_view text);

  // The bytes of a string that Add took.
  const char* Get(uint32_t handle) const {
    return chunks_[handle >> kChunkBits].get() + (handle & (kMaxBytes - 1));
  }

  // Heap bytes held.
  size_t MemoryUse() const;

 private:
  static constexpr int kChunkBits = 16;
  static constexpr size_t kMaxChunks = size_t{1} << 16;
  std::vector<std::unique_ptr<char[]>> chunks_;
  size_t used_ = kMaxBytes;  // of the last chunk
};

}  // namespace carousel

#endif  // SERVER_IMAGE_STRING_POOL_H_
