// A robot whose drives are matched to the changer's elements by serial number or another of their
// names, or where the changer tells none by a probe with a disc; never by order: a cable swapped
// between two drives must not send a disc into the wrong one.
#ifndef HAL_ROBOT_MATCHED_ROBOT_H_
#define HAL_ROBOT_MATCHED_ROBOT_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"
#include "hal/drive/drive.h"
#include "hal/robot/drive_station.h"
#include "hal/robot/robot.h"

namespace carousel {

// Each drive is matched when it is opened, on its own thread. One whose serial number is missing,
// is in no drive element or in two, or belongs to another drive of the configuration stays out of
// service, with that as its snapshot's reason; it is tried again with back-off, as one that does
// not answer is.
class MatchedRobot : public Robot {
 public:
  struct Device {
    std::string id;  // `drive0`
    DriveStation::OpenDrive open;
  };

  // `changer` must outlive the robot, and so must `probe_clock`, the robot's; if that is null, a
  // drive that the changer does not name is not looked for with discs (LoadProbe). Starts the
  // drives' threads; does not wait for them.
  MatchedRobot(std::vector<Device> devices, std::vector<SlotPlace> slots,
               std::vector<SlotPlace> import_export_slots, Changer* changer,
               DriveStation::Options options, Clock* probe_clock = nullptr);
  ~MatchedRobot() override;

  const std::vector<DrivePlace>& drives() const override { return drives_; }
  const std::vector<SlotPlace>& slots() const override { return slots_; }
  const std::vector<SlotPlace>& import_export_slots() const override {
    return import_export_slots_;
  }
  std::optional<ElementAddress> DriveElement(absl::string_view id) const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  Changer& changer() override { return *changer_; }

 private:
  absl::StatusOr<std::unique_ptr<Drive>> OpenMatched(const Device& device, MediaGeneration first);
  absl::Status Match(const std::string& id, Drive& drive) ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<ElementAddress> NamelessElements(const std::vector<Element>& elements) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Probe(const std::string& id, const std::string& serial, Drive& drive,
                     const std::vector<ElementAddress>& candidates) ABSL_LOCKS_EXCLUDED(mutex_);
  void Forget(const std::string& id) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Remember(const std::string& id, const std::string& serial, ElementAddress element)
      ABSL_LOCKS_EXCLUDED(mutex_);

  const std::vector<SlotPlace> slots_;
  const std::vector<SlotPlace> import_export_slots_;
  Changer* const changer_;
  Clock* const probe_clock_;
  mutable Mutex mutex_;
  std::map<std::string, ElementAddress, std::less<>> elements_ ABSL_GUARDED_BY(mutex_);  // by id
  // What probes have found, for a drive that is opened again, by its serial number.
  std::map<std::string, ElementAddress> probed_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, absl::Status> failed_probes_ ABSL_GUARDED_BY(mutex_);  // by id
  std::vector<std::unique_ptr<DriveStation>> stations_;  // last: their threads use the rest
  std::vector<DrivePlace> drives_;
};

}  // namespace carousel

#endif  // HAL_ROBOT_MATCHED_ROBOT_H_
