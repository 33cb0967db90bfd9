// What is still to be read, in elevator order: by rising address from where the last turn was, and
// when nothing lies ahead, from the lowest again. So one sweep of a prefetcher, or of a drive's
// head, meets everything that a writer laid out in one run.
#ifndef SERVER_FS_ISO9660_WORKLIST_H_
#define SERVER_FS_ISO9660_WORKLIST_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace carousel::iso9660 {

class Worklist {
 public:
  // Adds `item`, which lies at `address`.
  void Push(uint32_t address, uint32_t item) {
    std::vector<Place>& heap = address >= position_ ? ahead_ : behind_;
    heap.emplace_back(address, item);
    std::push_heap(heap.begin(), heap.end(), std::greater<>());
  }

  // Takes the next item out; nothing if there is none.
  std::optional<uint32_t> Pop() {
    if (ahead_.empty()) ahead_.swap(behind_);
    if (ahead_.empty()) return std::nullopt;
    std::pop_heap(ahead_.begin(), ahead_.end(), std::greater<>());
    const Place place = ahead_.back();
    ahead_.pop_back();
    position_ = place.first;
    return place.second;
  }

  size_t MemoryUse() const { return (ahead_.capacity() + behind_.capacity()) * sizeof(Place); }

 private:
  using Place = std::pair<uint32_t, uint32_t>;  // address, item
  uint32_t position_ = 0;
  std::vector<Place> ahead_;
  std::vector<Place> behind_;
};

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_WORKLIST_H_
