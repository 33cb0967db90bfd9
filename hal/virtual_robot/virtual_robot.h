// A robot that runs in the process: drives and an arm over a store of virtual discs.
#ifndef HAL_VIRTUAL_ROBOT_VIRTUAL_ROBOT_H_
#define HAL_VIRTUAL_ROBOT_VIRTUAL_ROBOT_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "hal/base/clock.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"
#include "hal/scsi/transport.h"
#include "hal/virtual_robot/options.h"
#include "hal/virtual_robot/virtual_changer.h"
#include "hal/virtual_robot/virtual_drive.h"

namespace carousel {

// Immutable once open; the drives and the changer that it hands out are used as their interfaces
// say. Options::clock must outlive all of them.
class VirtualRobot {
 public:
  // Makes the store's folder if it does not exist; discs that the locations have in drives are in
  // the drives. INVALID_ARGUMENT: a drive's type, quirks or fault plan, the slots, two drives of
  // one serial, or the store's locations (a disc in a drive that the robot does not have, too).
  // PERMISSION_DENIED, INTERNAL: the store.
  static absl::StatusOr<std::unique_ptr<VirtualRobot>> Open(const VirtualRobotOptions& options);

  // A new way to drive `index` (0 is the first of the options). May outlive the robot. The first
  // command that the drive gets after it was switched on meets 6/29/00, whoever opens it. Observers
  // of commands are told times of the options' clock.
  std::unique_ptr<scsi::Transport> OpenDrive(size_t index) const;

  // A new way to the changer, which may outlive the robot.
  std::unique_ptr<scsi::Transport> OpenChanger() const;

  // The changer through such a way. Used from one thread at a time.
  Changer& changer() { return *changer_; }

  size_t drives() const { return drives_.size(); }
  // Where the changer has drive `index` and slot `number` (from 1).
  ElementAddress drive_element(size_t index) const;
  ElementAddress slot_element(int number) const;
  ElementAddress import_export_element(int number) const;

 private:
  VirtualRobot(const VirtualRobotOptions& options,
               std::vector<std::shared_ptr<virtual_robot::VirtualDrive>> drives,
               std::shared_ptr<virtual_robot::VirtualChanger> arm);

  Clock* const clock_;
  const std::vector<std::shared_ptr<virtual_robot::VirtualDrive>> drives_;
  const std::shared_ptr<virtual_robot::VirtualChanger> arm_;
  const std::unique_ptr<Changer> changer_;
};

}  // namespace carousel

#endif  // HAL_VIRTUAL_ROBOT_VIRTUAL_ROBOT_H_
