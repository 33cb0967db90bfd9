#include "hal/virtual_robot/reader_view.h"

#include "hal/virtual_robot/medium.h"

namespace carousel::virtual_robot {
namespace {

const Medium* PressedMedium(Family family) {
  switch (family) {
    case Family::kCd:
      return FindMedium("CD-ROM");
    case Family::kDvd:
      return FindMedium("DVD-ROM");
    case Family::kBd:
      return FindMedium("BD-ROM");
  }
  return nullptr;
}

}  // namespace

std::optional<Disc> SeenBy(const DriveType& type, const Disc& disc) {
  const Family family = FamilyOf(disc.medium->profile);
  const FamilySupport& support = type.family(family);
  if (!support.reads) return std::nullopt;
  if (support.writes || disc.medium->recording == Recording::kReadOnly) return disc;
  const Lba end = disc.ReadableEnd();
  if (end == Lba(0)) return std::nullopt;
  Disc pressed{.barcode = disc.barcode,
               .medium = PressedMedium(family),
               .state = DiscState::kFinalized,
               .capacity = end - Lba(0),
               .unreadable = disc.unreadable};
  for (const DiscTrack& track : disc.tracks) {
    if (track.start < end && disc.medium->sequential()) pressed.tracks.push_back(track);
  }
  if (pressed.tracks.empty()) {
    pressed.tracks.push_back({.session = SessionNumber(1),
                              .start = Lba(0),
                              .size = end - Lba(0),
                              .payload = end - Lba(0)});
  }
  return pressed;
}

}  // namespace carousel::virtual_robot
