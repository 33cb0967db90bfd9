#include "hal/virtual_robot/speed_model.h"

#include <algorithm>
#include <cmath>

namespace carousel::virtual_robot {

SpeedModel::SpeedModel(const DriveType& type, const Medium& medium, Sectors capacity,
                       absl::Time ready)
    : type_(type),
      family_(type.family(FamilyOf(medium.profile))),
      base_rate_(BaseRate(FamilyOf(medium.profile))),
      layers_(medium.layers),
      capacity_(std::max(capacity, Sectors(1))),
      media_time_(ready),
      last_use_(ready) {}

absl::Duration SpeedModel::Transfer(Lba from, Lba to) const {
  if (to <= from) return absl::ZeroDuration();
  // A request is short against the disc: the speed in its middle is its speed. Every second layer
  // runs from the outer edge inwards.
  const double middle = static_cast<double>(from.value() + to.value()) / 2;
  const double turns = middle / static_cast<double>(capacity_.value()) * layers_;
  const double layer = std::floor(turns);
  const double part = turns - layer;
  const bool inwards = static_cast<int64_t>(layer) % 2 == 1;
  const double speed = family_.read_speed.At(inwards ? 1 - part : part);
  return absl::Seconds(static_cast<double>((to - from).bytes()) / (speed * base_rate_));
}

absl::Duration SpeedModel::Seek(Sectors distance) const {
  for (const SeekStep& step : type_.seeks) {
    if (distance < step.below) return step.time;
  }
  return type_.seek_far;
}

absl::Time SpeedModel::Read(absl::Time now, Lba start, Sectors count) {
  const Lba end = start + count;
  absl::Time begin = now + type_.command_time;
  // Where the head has come to since the last command.
  const Lba reached = [&] {
    Lba at = media_position_;
    const absl::Duration idle = now - media_time_;
    const Lba limit = std::max(read_ahead_end_, media_position_);
    const absl::Duration to_limit = Transfer(media_position_, limit);
    if (idle >= to_limit) return limit;
    if (idle > absl::ZeroDuration()) {
      const double share = absl::FDivDuration(idle, to_limit);
      at += Sectors(static_cast<int64_t>(share * (limit - media_position_).value()));
    }
    return at;
  }();
  const bool stopped = reached >= read_ahead_end_;
  absl::Time done;
  if (now - last_use_ > type_.spin_down_after) {
    done = begin + type_.spin_up_time + Seek(start > reached ? start - reached : reached - start) +
           Transfer(start, end);
    media_time_ = done;
    media_position_ = end;
  } else if (start >= next_ && start <= reached + type_.pass_over) {
    if (end <= reached) {
      // All of it is in the buffer; a head that had filled it goes on now.
      done = begin;
      if (stopped) {
        media_position_ = reached;
        media_time_ = begin;
      }
    } else {
      // A head that runs needs no command to go on; one that has filled its buffer does.
      const absl::Time arrival =
          stopped ? begin + Transfer(reached, end) : media_time_ + Transfer(media_position_, end);
      done = std::max(begin, arrival);
      media_time_ = arrival;
      media_position_ = end;
    }
  } else {
    const Sectors distance = start > reached ? start - reached : reached - start;
    done = begin + Seek(distance) + Transfer(start, end);
    media_time_ = done;
    media_position_ = end;
  }
  next_ = end;
  read_ahead_end_ = std::min(end + type_.read_ahead, std::max(end, Lba(capacity_.value())));
  last_use_ = done;
  return done;
}

void SpeedModel::Stop(absl::Time now, Lba failed) {
  media_position_ = failed;
  media_time_ = now;
  read_ahead_end_ = failed;
  next_ = failed;
  last_use_ = now;
}

}  // namespace carousel::virtual_robot
