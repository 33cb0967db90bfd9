// scsi::Transport to a virtual drive: lets the model's time pass and loses the answers that the
// drive never gives.
#ifndef HAL_VIRTUAL_ROBOT_VIRTUAL_DRIVE_TRANSPORT_H_
#define HAL_VIRTUAL_ROBOT_VIRTUAL_DRIVE_TRANSPORT_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/base/clock.h"
#include "hal/scsi/transport.h"
#include "hal/virtual_robot/virtual_drive.h"

namespace carousel::virtual_robot {

class VirtualDriveTransport : public scsi::Transport {
 public:
  // `clock` must outlive the transport. Command::timeout is of this clock, and so is the time that
  // an observer is told: what the modelled drive took, whatever the scale of time.
  VirtualDriveTransport(std::shared_ptr<VirtualDrive> drive, std::string name, Clock* clock)
      : drive_(std::move(drive)), name_(std::move(name)), clock_(clock) {
    set_clock(clock);
  }

  // What Linux gives a SCSI generic device, rounded.
  size_t max_transfer() const override { return 512 * 1024; }
  absl::string_view name() const override { return name_; }

 private:
  absl::StatusOr<scsi::Result> DoExecute(const scsi::Command& command) override;

  const std::shared_ptr<VirtualDrive> drive_;
  const std::string name_;
  Clock* const clock_;
};

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_VIRTUAL_DRIVE_TRANSPORT_H_
