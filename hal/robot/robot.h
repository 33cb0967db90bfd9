// The devices of one robot: opens what the configuration says, matches drives to changer elements
// by serial number, hands out drives and the changer.
#ifndef HAL_ROBOT_ROBOT_H_
#define HAL_ROBOT_ROBOT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/base/mutex.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"
#include "hal/robot/drive_station.h"

namespace carousel {

// A slot of the configuration and its element.
struct SlotPlace {
  std::string id;  // `slot1`
  ElementAddress element;
};

// A drive of the configuration, its station and its element.
struct DrivePlace {
  std::string id;  // `drive0`
  ElementAddress element;
  DriveStation* station = nullptr;
};

// Thread-safe. Identities are fixed at construction and survive restarts.
class Robot {
 public:
  virtual ~Robot() = default;

  virtual const std::vector<DrivePlace>& drives() const = 0;
  virtual const std::vector<SlotPlace>& slots() const = 0;

  // Null for an unknown id.
  const DrivePlace* FindDrive(absl::string_view id) const;
  const SlotPlace* FindSlot(absl::string_view id) const;

  // The arm. One caller at a time: whoever moves holds arm_mutex() for the whole move; that lock
  // guards the arm and nothing else.
  virtual Changer& changer() = 0;
  Mutex& arm_mutex() { return arm_mutex_; }

 private:
  Mutex arm_mutex_;
};

}  // namespace carousel

#endif  // HAL_ROBOT_ROBOT_H_
