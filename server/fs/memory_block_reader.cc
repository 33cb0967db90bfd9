#include "server/fs/memory_block_reader.h"

#include <algorithm>
#include <cstring>

namespace carousel {

MemoryBlockReader::MemoryBlockReader(std::vector<uint8_t> image, Lba first)
    : image_(std::move(image)), first_(first) {
  image_.resize(Sectors::Holding(image_.size()).bytes());
}

Lba MemoryBlockReader::end() const { return first_ + Sectors(image_.size() / kSectorSize); }

absl::Status MemoryBlockReader::Read(Lba start, absl::Span<uint8_t> out) {
  if (out.empty() || out.size() % kSectorSize != 0)
    return absl::InvalidArgumentError("not a whole number of sectors");
  const Sectors count(out.size() / kSectorSize);
  reads_.emplace_back(start, count);
  if (start < Lba(0) || start > end() || count > end() - start)
    return absl::OutOfRangeError("outside the disc");
  for (const auto& [sector, status] : failures_) {
    if (start <= sector && sector < start + count) return status;
  }
  const int64_t before = std::clamp<int64_t>((first_ - start).bytes(), 0, out.size());
  std::fill_n(out.begin(), before, uint8_t{0});
  if (before == static_cast<int64_t>(out.size())) return absl::OkStatus();
  const int64_t offset = std::max<int64_t>((start - first_).bytes(), 0);
  std::memcpy(out.data() + before, image_.data() + offset, out.size() - before);
  return absl::OkStatus();
}

}  // namespace carousel
