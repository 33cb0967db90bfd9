// An array that grows by chunks: elements never move, and growth never doubles what is held, which
// is what keeps a tree of millions of entries near its net size.
#ifndef SERVER_IMAGE_CHUNKED_ARRAY_H_
#define SERVER_IMAGE_CHUNKED_ARRAY_H_

#include <cstddef>
#include <memory>
#include <vector>

namespace carousel {

// T is trivially copyable. 2^kChunkBits elements make a chunk.
template <typename T, int kChunkBits>
class ChunkedArray {
 public:
  size_t size() const { return size_; }
  T& operator[](size_t i) { return chunks_[i >> kChunkBits][i & kMask]; }
  const T& operator[](size_t i) const { return chunks_[i >> kChunkBits][i & kMask]; }

  void push_back(const T& value) {
    if ((size_ & kMask) == 0 && size_ >> kChunkBits == chunks_.size())
      chunks_.push_back(std::make_unique_for_overwrite<T[]>(kMask + 1));
    chunks_[size_ >> kChunkBits][size_ & kMask] = value;
    ++size_;
  }

  // Drops the elements from `size` on; their chunks go too.
  void Truncate(size_t size) {
    size_ = size;
    chunks_.resize((size + kMask) >> kChunkBits);
  }

  // Heap bytes held.
  size_t MemoryUse() const {
    return chunks_.size() * (kMask + 1) * sizeof(T) + chunks_.capacity() * sizeof(chunks_[0]);
  }

 private:
  static constexpr size_t kMask = (size_t{1} << kChunkBits) - 1;
  std::vector<std::unique_ptr<T[]>> chunks_;
  size_t size_ = 0;
};

}  // namespace carousel

#endif  // SERVER_IMAGE_CHUNKED_ARRAY_H_
