// The blocks that a virtual drive has taken and not written yet: what a power cut loses.
#ifndef HAL_VIRTUAL_ROBOT_WRITE_BUFFER_H_
#define HAL_VIRTUAL_ROBOT_WRITE_BUFFER_H_

#include <cstdint>
#include <deque>
#include <vector>

#include "absl/types/span.h"
#include "hal/base/types.h"

namespace carousel::virtual_robot {

// In the order of the writes; later ones cover earlier ones. Not thread-safe.
class WriteBuffer {
 public:
  struct Run {
    Lba start;
    std::vector<uint8_t> bytes;  // whole sectors
  };

  void Append(Lba start, absl::Span<const uint8_t> sectors);
  // Takes at most `most` sectors of the oldest write out. The buffer is not empty, `most` > 0.
  Run TakeOldest(Sectors most);
  void Clear();

  bool empty() const { return runs_.empty(); }
  Sectors size() const { return size_; }
  // Of the oldest write. The buffer is not empty.
  Lba start() const { return runs_.front().start; }
  // Puts what is buffered over `out`, which is what the disc has from `start` on.
  void Overlay(Lba start, absl::Span<uint8_t> out) const;

 private:
  std::deque<Run> runs_;
  Sectors size_;
};

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_WRITE_BUFFER_H_
