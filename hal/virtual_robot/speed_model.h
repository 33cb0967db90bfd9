// How long the mechanics of a drive take to read: seeks by distance, the speed at the place, what
// was read ahead. Times are points on the caller's clock; nothing sleeps here.
#ifndef HAL_VIRTUAL_ROBOT_SPEED_MODEL_H_
#define HAL_VIRTUAL_ROBOT_SPEED_MODEL_H_

#include "absl/time/time.h"
#include "hal/base/types.h"
#include "hal/virtual_robot/drive_type.h"
#include "hal/virtual_robot/medium.h"

namespace carousel::virtual_robot {

// One disc in one drive. Not thread-safe.
//
// Between commands the drive goes on reading until DriveType::read_ahead sectors lie in its buffer,
// so that a host that asks for the next sectors pays for the disc's speed or for the commands,
// whichever is more, and not for both. What lies behind the last read is not kept.
class SpeedModel {
 public:
  // `type` and `medium` must outlive the model. The disc spins from `ready` on, the head is at its
  // first sector and reads nothing ahead yet.
  SpeedModel(const DriveType& type, const Medium& medium, Sectors capacity, absl::Time ready);

  // When a read that the drive takes at `now` is done; the head is behind it then. `now` never
  // goes back.
  absl::Time Read(absl::Time now, Lba start, Sectors count);

  // A read that ended in an error at `failed`: the head stands there, nothing is read ahead.
  void Stop(absl::Time now, Lba failed);

 private:
  absl::Duration Transfer(Lba from, Lba to) const;
  absl::Duration Seek(Sectors distance) const;

  const DriveType& type_;
  const FamilySupport& family_;
  const double base_rate_;
  const int layers_;
  const Sectors capacity_;
  // The head was at media_position_ at media_time_ and reads on from there, up to read_ahead_end_.
  Lba media_position_;
  absl::Time media_time_;
  Lba read_ahead_end_;
  // First sector that is in the buffer or will be next.
  Lba next_;
  absl::Time last_use_;
};

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_SPEED_MODEL_H_
