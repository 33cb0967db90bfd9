#include "hal/virtual_robot/write_buffer.h"

#include <algorithm>
#include <utility>

namespace carousel::virtual_robot {

void WriteBuffer::Append(Lba start, absl::Span<const uint8_t> sectors) {
  runs_.push_back(Run{.start = start, .bytes = {sectors.begin(), sectors.end()}});
  size_ += Sectors(sectors.size() / kSectorSize);
}

WriteBuffer::Run WriteBuffer::TakeOldest(Sectors most) {
  Run& oldest = runs_.front();
  const Sectors whole(oldest.bytes.size() / kSectorSize);
  size_ -= std::min(most, whole);
  if (most >= whole) {
    Run run = std::move(oldest);
    runs_.pop_front();
    return run;
  }
  const auto cut = oldest.bytes.begin() + most.bytes();
  Run run{.start = oldest.start, .bytes = {oldest.bytes.begin(), cut}};
  oldest.bytes.erase(oldest.bytes.begin(), cut);
  oldest.start += most;
  return run;
}

void WriteBuffer::Clear() {
  runs_.clear();
  size_ = Sectors(0);
}

void WriteBuffer::Overlay(Lba start, absl::Span<uint8_t> out) const {
  const Lba end = start + Sectors(out.size() / kSectorSize);
  for (const Run& run : runs_) {
    const Lba from = std::max(start, run.start);
    const Lba to = std::min(end, run.start + Sectors(run.bytes.size() / kSectorSize));
    if (from >= to) continue;
    std::copy_n(run.bytes.begin() + (from - run.start).bytes(), (to - from).bytes(),
                out.begin() + (from - start).bytes());
  }
}

}  // namespace carousel::virtual_robot
