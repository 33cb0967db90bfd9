// A Robot of FakeDrives and a FakeChanger. A move lays the disc into the drive, or takes it out of
// it, as an arm does.
#ifndef HAL_ROBOT_FAKE_ROBOT_H_
#define HAL_ROBOT_FAKE_ROBOT_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "hal/base/types.h"
#include "hal/changer/fake_changer.h"
#include "hal/drive/fake_drive.h"
#include "hal/drive/media_state.h"
#include "hal/robot/drive_station.h"
#include "hal/robot/robot.h"

namespace carousel {

class FakeRobot : public Robot {
 public:
  // `drives` drives `drive0`... in the elements from 500 on, `slots` slots `slot1`... in those from
  // 1001 on, `import_export_slots` `port1`... in those from 700 on, all empty; and the arm. Nobody
  // looks at idle drives by the clock, so nothing happens by itself but after a change.
  FakeRobot(int drives, int slots, int import_export_slots = 0);
  ~FakeRobot() override;

  FakeDrive& drive(int index) { return *drives_[index]; }
  FakeChanger& arm() { return changer_; }
  // What every disc that the arm lays into a drive is taken for.
  void set_media(MediaState media);

  static ElementAddress DriveAddress(int index);
  static ElementAddress SlotAddress(int number);
  static ElementAddress ImportExportAddress(int number);
  static ElementAddress ArmAddress();

  const std::vector<DrivePlace>& drives() const override { return drive_places_; }
  const std::vector<SlotPlace>& slots() const override { return slot_places_; }
  const std::vector<SlotPlace>& import_export_slots() const override {
    return import_export_places_;
  }
  std::optional<ElementAddress> DriveElement(absl::string_view id) const override;
  Changer& changer() override { return changer_; }

 private:
  void OnMoved(ElementAddress source, ElementAddress destination);

  std::vector<std::unique_ptr<FakeDrive>> drives_;
  FakeChanger changer_;
  Mutex mutex_;
  MediaState media_ ABSL_GUARDED_BY(mutex_);
  std::vector<DrivePlace> drive_places_;
  std::vector<SlotPlace> slot_places_;
  std::vector<SlotPlace> import_export_places_;
  std::vector<std::unique_ptr<DriveStation>> stations_;  // last: they end first
};

}  // namespace carousel

#endif  // HAL_ROBOT_FAKE_ROBOT_H_
