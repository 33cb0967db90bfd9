// The devices of one robot: opens what the configuration says, matches drives to changer elements
// by serial number, hands out drives and the changer.
#ifndef HAL_ROBOT_ROBOT_H_
#define HAL_ROBOT_ROBOT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "hal/base/mutex.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"
#include "hal/robot/drive_station.h"

namespace carousel {

// A slot, or an import/export slot, of the configuration and its element.
struct SlotPlace {
  std::string id;  // `slot1`
  ElementAddress element;
};

// A drive of the configuration and its station.
struct DrivePlace {
  std::string id;  // `drive0`
  DriveStation* station = nullptr;
};

// Thread-safe. Identities are fixed at construction and survive restarts.
class Robot {
 public:
  virtual ~Robot() = default;

  virtual const std::vector<DrivePlace>& drives() const = 0;
  virtual const std::vector<SlotPlace>& slots() const = 0;
  virtual const std::vector<SlotPlace>& import_export_slots() const = 0;

  // The changer's element that holds the drive `id`, found by the drive's serial number when it was
  // opened. Nothing for a drive that never answered or that the changer does not have: it is out of
  // service, and its snapshot says why. Does not block.
  virtual std::optional<ElementAddress> DriveElement(absl::string_view id) const = 0;

  // Null for an unknown id.
  const DrivePlace* FindDrive(absl::string_view id) const;
  const SlotPlace* FindSlot(absl::string_view id) const;
  const SlotPlace* FindImportExportSlot(absl::string_view id) const;

  // The arm. One caller at a time: whoever moves holds arm_mutex() for the whole move; that lock
  // guards the arm and nothing else.
  virtual Changer& changer() = 0;
  Mutex& arm_mutex() { return arm_mutex_; }

 private:
  Mutex arm_mutex_;
};

}  // namespace carousel

#endif  // HAL_ROBOT_ROBOT_H_
