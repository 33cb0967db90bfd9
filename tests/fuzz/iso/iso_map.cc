#include "tests/fuzz/iso/iso_map.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include "hal/base/byte_order.h"
#include "hal/base/types.h"

namespace carousel::fuzz {
namespace {

constexpr size_t kSector = kSectorSize;
constexpr size_t kHead = 4;  // of a system use entry

// Offsets in a volume descriptor (ECMA-119 8.4) and a directory record (9.1), from 0.
constexpr size_t kPathTableBytes = 132;
constexpr size_t kPathTable = 140;
constexpr size_t kRootRecord = 156;
constexpr size_t kExtent = 2;
constexpr size_t kLength = 10;
constexpr size_t kFlags = 25;
constexpr size_t kNameLength = 32;
constexpr size_t kName = 33;

class Mapper {
 public:
  explicit Mapper(const std::vector<uint8_t>& image) : image_(image) {}

  IsoMap Map(int64_t session) {
    for (size_t at = (session + 16) * kSector; at + kSector <= image_.size(); at += kSector) {
      if (std::memcmp(&image_[at + 1], "CD001", 5) != 0 || image_[at] == 255) break;
      if (image_[at] != 1 && image_[at] != 2) continue;
      map_.descriptors.push_back(at);
      MapPathTable(at);
      Queue(at + kRootRecord);
      while (!queue_.empty()) {
        const auto [start, bytes] = queue_.back();
        queue_.pop_back();
        MapDirectory(start, bytes);
      }
    }
    return std::move(map_);
  }

 private:
  void Queue(size_t record) {
    const size_t start = LoadLe32(&image_[record + kExtent]) * kSector;
    const size_t bytes = LoadLe32(&image_[record + kLength]);
    QueueAt(start, bytes);
  }

  void QueueAt(size_t start, size_t bytes) {
    if (start + bytes > image_.size() || bytes == 0 || !seen_.insert(start).second) return;
    queue_.emplace_back(start, bytes);
  }

  void MapDirectory(size_t start, size_t bytes) {
    map_.directories.push_back(start);
    for (size_t sector = start; sector < start + bytes; sector += kSector) {
      for (size_t at = sector; at < sector + kSector && image_[at] != 0; at += image_[at])
        MapRecord(at);
    }
  }

  void MapRecord(size_t at) {
    map_.records.push_back(at);
    const size_t name = image_[at + kNameLength];
    const bool special = name == 1 && image_[at + kName] <= 1;
    if ((image_[at + kFlags] & 2) != 0 && !special) Queue(at);
    const size_t use = at + kName + name + (name % 2 == 0 ? 1 : 0);
    if (use < at + image_[at]) MapEntries(use, at + image_[at]);
  }

  void MapEntries(size_t at, size_t end) {
    while (at + kHead <= end && image_[at + 2] >= kHead && at + image_[at + 2] <= end) {
      if (seen_entries_.insert(at).second) map_.entries.push_back(at);
      const bool long_enough = image_[at + 2] >= 12;
      if (std::memcmp(&image_[at], "CE", 2) == 0 && image_[at + 2] >= 28) {
        const size_t area = LoadLe32(&image_[at + 4]) * kSector + LoadLe32(&image_[at + 12]);
        const size_t bytes = LoadLe32(&image_[at + 20]);
        if (area + bytes <= image_.size() && seen_areas_.insert(area).second)
          MapEntries(area, area + bytes);
      } else if (std::memcmp(&image_[at], "CL", 2) == 0 && long_enough) {
        const size_t start = LoadLe32(&image_[at + 4]) * kSector;
        if (start + kSector <= image_.size()) QueueAt(start, LoadLe32(&image_[start + kLength]));
      }
      at += image_[at + 2];
    }
  }

  void MapPathTable(size_t descriptor) {
    size_t at = LoadLe32(&image_[descriptor + kPathTable]) * kSector;
    const size_t end = at + LoadLe32(&image_[descriptor + kPathTableBytes]);
    while (at + 8 < std::min(end, image_.size()) && image_[at] != 0) {
      map_.path_records.push_back(at);
      at += 8 + image_[at] + image_[at] % 2;
    }
  }

  const std::vector<uint8_t>& image_;
  IsoMap map_;
  std::set<size_t> seen_;
  std::set<size_t> seen_entries_;
  std::set<size_t> seen_areas_;
  std::vector<std::pair<size_t, size_t>> queue_;
};

}  // namespace

IsoMap MapImage(const std::vector<uint8_t>& image, int64_t session) {
  return Mapper(image).Map(session);
}

}  // namespace carousel::fuzz
