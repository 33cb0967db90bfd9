// The devices of the configuration, whatever they are reached by: the only place where all back
// ends of hal are known.
#ifndef SERVER_APP_DEVICES_H_
#define SERVER_APP_DEVICES_H_

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "hal/base/clock.h"
#include "hal/changer/changer.h"
#include "hal/robot/matched_robot.h"
#include "hal/robot/robot.h"
#include "hal/scsi/transport.h"
#include "hal/virtual_robot/virtual_robot.h"
#include "server/config/config.h"
#include "server/metrics/metrics.h"

namespace carousel {

// Immutable; what it hands out must not outlive it.
class Devices {
 public:
  // Opens the virtual robot, if there is one, and no real device: one that is missing or does not
  // answer is out of service, and tried again. `clock` is the robot's and outlives the devices.
  // Codes of VirtualRobot::Open.
  static absl::StatusOr<std::unique_ptr<Devices>> Open(const Config& config, Clock* clock);

  // Each opens its drive on the device's thread, and tells `metrics` of its commands.
  std::vector<MatchedRobot::Device> Drives(Metrics* metrics) const;
  std::vector<SlotPlace> Slots() const;
  std::vector<SlotPlace> ImportExportSlots() const;
  Changer& changer() { return *changer_; }

 private:
  using OpenTransport = std::function<absl::StatusOr<std::unique_ptr<scsi::Transport>>()>;

  Devices(const Config& config, Clock* clock, std::unique_ptr<VirtualRobot> model);
  OpenTransport Opener(size_t drive) const;
  // Elements as the configuration has them, or as the model numbers them (from 1).
  std::vector<SlotPlace> Places(const std::vector<SlotConfig>& slots,
                                ElementAddress (VirtualRobot::*of_model)(int) const) const;

  const Config config_;
  Clock* const clock_;
  const std::unique_ptr<VirtualRobot> model_;  // null: all devices are real
  std::unique_ptr<Changer> own_changer_;       // null: the model's
  Changer* changer_ = nullptr;
};

}  // namespace carousel

#endif  // SERVER_APP_DEVICES_H_
