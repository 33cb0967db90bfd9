#include "server/maintenance/superblock_check.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "server/fs/iso9660/volume_descriptor.h"

namespace carousel {
namespace {

using iso9660::DescriptorType;

bool Equal(absl::Span<const uint8_t> found, absl::string_view old) {
  return std::equal(found.begin(), found.end(), old.begin(), old.end(),
                    [](uint8_t a, char b) { return a == static_cast<uint8_t>(b); });
}

// A descriptor that the burn of [start, start + planned) writes.
bool IsOfSession(absl::Span<const uint8_t> sector, Lba start, Sectors planned, Lba end) {
  const DescriptorType type = iso9660::TypeOf(sector);
  if (type == DescriptorType::kTerminator) return true;
  const absl::StatusOr<iso9660::Volume> volume = iso9660::DecodeVolume(sector, Lba(0), end);
  return volume.ok() && volume->root >= start && volume->root < start + planned;
}

// From the first descriptor to the terminator nothing but the session's.
bool IsComplete(const SuperblockSectors& found, Lba start, Sectors planned, Lba end) {
  for (size_t i = iso9660::kSystemArea.value(); i < found.size(); ++i) {
    if (!found[i].has_value() || !IsOfSession(*found[i], start, planned, end)) return false;
    if (iso9660::TypeOf(*found[i]) == DescriptorType::kTerminator) return true;
  }
  return false;
}

}  // namespace

SuperblockState JudgeSuperblock(const SuperblockSectors& found, absl::string_view old, Lba start,
                                Sectors planned, Lba end) {
  bool unreadable = false, changed = false;
  for (size_t i = 0; i < found.size(); ++i) {
    if (!found[i].has_value()) {
      unreadable = true;
    } else if (!Equal(*found[i], old.substr(std::min(i * kSectorSize, old.size()), kSectorSize))) {
      if (!IsOfSession(*found[i], start, planned, end)) return SuperblockState::kForeign;
      changed = true;
    }
  }
  if (!unreadable && !changed) return SuperblockState::kOld;
  return !unreadable && IsComplete(found, start, planned, end) ? SuperblockState::kNew
                                                               : SuperblockState::kHalfWritten;
}

}  // namespace carousel
