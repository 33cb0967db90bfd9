#include "hal/virtual_robot/read_obstacle.h"

#include <algorithm>

#include "hal/virtual_robot/reply.h"

namespace carousel::virtual_robot {
namespace {

std::optional<scsi::Sense> UnwrittenSense(const Quirks& quirks) {
  if (quirks.blank_check_on_unwritten) return sense::kBlankCheck;
  if (quirks.medium_error_on_unwritten) return sense::kReadError;
  return sense::kOutOfRange;
}

std::optional<scsi::Sense> OverwritableObstacle(const Disc& disc, const Quirks& quirks, Lba end) {
  if (disc.state == DiscState::kUnformatted) return UnwrittenSense(quirks);
  if (end.value() > disc.ReadableEnd().value()) return sense::kOutOfRange;
  // Reads fail until CLOSE SESSION has ended a quick format (growisofs).
  if (disc.intermediate) return sense::kIllegalMode;
  return std::nullopt;
}

std::optional<scsi::Sense> SequentialObstacle(const Disc& disc, const Quirks& quirks, Lba first,
                                              Lba end) {
  Lba at = first;
  for (const DiscTrack& track : disc.tracks) {
    if (at < track.start) break;
    if (at >= track.end()) continue;
    const bool open = &track == &disc.tracks.back() && disc.LastTrackIsOpen();
    if (!track.data) return sense::kIllegalMode;
    if (open && quirks.open_track_unreadable) return sense::kOutOfRange;
    const Lba readable = open ? track.end() : track.end() - disc.medium->run_out;
    if (end <= readable) return std::nullopt;
    if (at >= readable || end <= track.end()) {
      return quirks.medium_error_on_run_out ? sense::kUncorrectable : sense::kIllegalMode;
    }
    at = track.end();
  }
  return UnwrittenSense(quirks);
}

}  // namespace

std::optional<scsi::Sense> ReadObstacle(const Disc& disc, const Quirks& quirks, Lba first,
                                        Sectors count) {
  if (count == Sectors(0)) return std::nullopt;
  const Lba end = first + count;
  if (first < Lba(0) || end.value() > disc.capacity.value()) return sense::kOutOfRange;
  const bool random =
      disc.medium->overwritable() || disc.medium->recording == Recording::kPseudoOverwrite;
  const std::optional<scsi::Sense> obstacle = random ? OverwritableObstacle(disc, quirks, end)
                                                     : SequentialObstacle(disc, quirks, first, end);
  if (obstacle.has_value()) return obstacle;
  Lba worst = end;
  for (const BadExtent& bad : disc.unreadable) {
    if (bad.first < end && first < bad.first + bad.size) {
      worst = std::min(worst, std::max(bad.first, first));
    }
  }
  if (worst == end) return std::nullopt;
  scsi::Sense sense = sense::kUncorrectable;
  sense.information = static_cast<uint64_t>(worst.value());
  return sense;
}

}  // namespace carousel::virtual_robot
