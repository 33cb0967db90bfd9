// A disc in memory, for tests, fuzzing and benchmarks: sectors from `first` on, and failures on
// request.
#ifndef SERVER_FS_MEMORY_BLOCK_READER_H_
#define SERVER_FS_MEMORY_BLOCK_READER_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "server/fs/block_reader.h"

namespace carousel {

// Not thread-safe.
class MemoryBlockReader : public BlockReader {
 public:
  // `image` is the disc's content from sector `first` on; a part of a sector at its end is padded
  // with zeros, and so is everything before `first`.
  explicit MemoryBlockReader(std::vector<uint8_t> image, Lba first = Lba(0));

  absl::Status Read(Lba start, absl::Span<uint8_t> out) override;
  Lba end() const override;

  // Reads of `sector` fail with `status` from now on.
  void FailAt(Lba sector, absl::Status status) { failures_.emplace_back(sector, status); }
  // Where each Read began and how many sectors it took, in their order.
  const std::vector<std::pair<Lba, Sectors>>& reads() const { return reads_; }
  std::vector<uint8_t>& image() { return image_; }

 private:
  std::vector<uint8_t> image_;
  const Lba first_;
  std::vector<std::pair<Lba, absl::Status>> failures_;
  std::vector<std::pair<Lba, Sectors>> reads_;
};

}  // namespace carousel

#endif  // SERVER_FS_MEMORY_BLOCK_READER_H_
