#include "hal/drive/fake_image.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace carousel {
namespace {

// All of the `size` bytes, or zeros for what the file does not have any more.
void ReadFileBytes(int file, int64_t offset, uint8_t* out, int64_t size) {
  while (size > 0) {
    const ssize_t count = pread(file, out, size, offset);
    if (count <= 0) break;
    out += count;
    offset += count;
    size -= count;
  }
  std::fill_n(out, size, 0);
}

}  // namespace

FakeImage::~FakeImage() {
  for (const Extent& extent : extents_) {
    if (extent.file >= 0) close(extent.file);
  }
}

void FakeImage::Add(Extent extent) {
  const Lba end(Sectors::Holding(extent.offset + extent.size).value());
  end_ = std::max(end_, end);
  // What is written in a row becomes one extent: reads look at each.
  if (!extents_.empty() && extent.file < 0 && extents_.back().file < 0 &&
      extents_.back().offset + extents_.back().size == extent.offset) {
    Extent& last = extents_.back();
    last.bytes.insert(last.bytes.end(), extent.bytes.begin(), extent.bytes.end());
    last.size += extent.size;
    return;
  }
  extents_.push_back(std::move(extent));
}

void FakeImage::Write(Lba start, absl::Span<const uint8_t> bytes) {
  Extent extent{.offset = start.value() * kSectorSize, .bytes = {bytes.begin(), bytes.end()}};
  extent.bytes.resize(Sectors::Holding(bytes.size()).bytes());
  extent.size = extent.bytes.size();
  Add(std::move(extent));
}

absl::Status FakeImage::WriteFile(Lba start, const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat info = {};
  if (file < 0 || fstat(file, &info) != 0) {
    if (file >= 0) close(file);
    return absl::NotFoundError(absl::StrCat(path, ": cannot be opened"));
  }
  Add(Extent{.offset = start.value() * kSectorSize, .size = info.st_size, .file = file});
  return absl::OkStatus();
}

void FakeImage::Read(Lba start, absl::Span<uint8_t> out) const {
  std::fill(out.begin(), out.end(), 0);
  ReadOver(start, out);
}

void FakeImage::ReadOver(Lba start, absl::Span<uint8_t> out) const {
  const int64_t first = start.value() * kSectorSize;
  const int64_t last = first + static_cast<int64_t>(out.size());
  for (const Extent& extent : extents_) {
    const int64_t from = std::max(first, extent.offset);
    const int64_t to = std::min(last, extent.offset + extent.size);
    if (from >= to) continue;
    uint8_t* target = out.data() + (from - first);
    if (extent.file >= 0) {
      ReadFileBytes(extent.file, from - extent.offset, target, to - from);
    } else {
      std::copy_n(extent.bytes.data() + (from - extent.offset), to - from, target);
    }
  }
}

}  // namespace carousel
