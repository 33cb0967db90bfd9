#include "server/image/string_pool.h"

#include <cstring>

namespace carousel {

std::optional<uint32_t> StringPool::Add(absl::string_view text) {
  if (used_ + text.size() > kMaxBytes || chunks_.empty()) {
    if (chunks_.size() == kMaxChunks) return std::nullopt;
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(kMaxBytes));
    used_ = 0;
  }
  // An empty string at the very end of a full chunk still names a byte inside it.
  const size_t offset = used_ == kMaxBytes ? kMaxBytes - 1 : used_;
  if (!text.empty()) std::memcpy(chunks_.back().get() + offset, text.data(), text.size());
  used_ += text.size();
  return static_cast<uint32_t>((chunks_.size() - 1) << kChunkBits | offset);
}

size_t StringPool::MemoryUse() const {
  return chunks_.size() * kMaxBytes + chunks_.capacity() * sizeof(chunks_[0]);
}

}  // namespace carousel
