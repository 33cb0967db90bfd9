// Drives of a changer that does not name them, found by what the arm lays into them: the virtual
// robot, whose cables are swapped.
#include "hal/robot/load_probe.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/changer/fake_changer.h"
#include "hal/drive/fake_drive.h"
#include "hal/drive/mmc_drive.h"
#include "hal/robot/matched_robot.h"
#include "hal/virtual_robot/testing_robot.h"

namespace carousel {
namespace {

using State = DriveSnapshot::State;
using testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr DriveStation::Options kQuick = {.poll_interval = absl::Hours(24),
                                          .reopen_delay = absl::Milliseconds(1)};

class LoadProbeTest : public testing::Test {
 protected:
  LoadProbeTest() {
    model_.options.tells_drives = false;
    model_.options.drives = {{.serial = "A"}, {.serial = "B"}};
  }
  // `devices[i]` of the model is drive i of the configuration.
  std::unique_ptr<MatchedRobot> Open(const std::vector<size_t>& devices, bool probe = true) {
    VirtualRobot& robot = model_.Start();
    std::vector<MatchedRobot::Device> drives;
    for (const size_t device : devices) {
      drives.push_back({absl::StrCat("drive", drives.size()),
                        [this, device](MediaGeneration) -> absl::StatusOr<std::unique_ptr<Drive>> {
                          return std::make_unique<MmcDrive>(model_.robot().OpenDrive(device),
                                                            &model_.clock, MmcDriveOptions{});
                        }});
    }
    std::vector<SlotPlace> slots;
    for (int slot = 1; slot <= model_.options.slots; ++slot)
      slots.push_back({absl::StrCat("slot", slot), robot.slot_element(slot)});
    return std::make_unique<MatchedRobot>(std::move(drives), std::move(slots),
                                          std::vector<SlotPlace>{}, &robot.changer(), kQuick,
                                          probe ? &model_.clock : nullptr);
  }
  static DriveSnapshot Await(const Robot& robot, const std::string& drive, State state) {
    return robot.FindDrive(drive)->station->Await(
        [state](const DriveSnapshot& seen) { return seen.state == state; }, kPatience);
  }
  std::vector<Element> Elements(MatchedRobot& robot) {
    MutexLock arm(&robot.arm_mutex());
    return robot.changer().ReadElements().value();
  }
  bool SlotIsFull(MatchedRobot& robot, int slot) {
    for (const Element& element : Elements(robot)) {
      if (element.address == model_.robot().slot_element(slot)) return element.full;
    }
    return false;
  }

  TestingRobot model_;
};

TEST_F(LoadProbeTest, FindsEmptyDrivesWhateverTheirCablesAndBringsTheDiscBack) {
  model_.MakeDisc("A1", {"--media=DVD+R", "--slot=3"});
  const auto robot = Open({1, 0});
  for (const char* drive : {"drive0", "drive1"}) {
    const DriveSnapshot found = Await(*robot, drive, State::kEmpty);
    EXPECT_EQ(found.state, State::kEmpty) << drive << ": " << found.reason;
  }
  EXPECT_EQ(robot->DriveElement("drive0"), model_.robot().drive_element(1));
  EXPECT_EQ(robot->DriveElement("drive1"), model_.robot().drive_element(0));
  EXPECT_TRUE(SlotIsFull(*robot, 3)) << "the disc is back";
}

TEST_F(LoadProbeTest, SendsTheDiscOfAFullDriveHome) {
  model_.MakeDisc("A1", {"--media=DVD+R", "--slot=1"});
  model_.LoadFirstDisc();  // into the model's first drive
  const auto robot = Open({1, 0});
  EXPECT_EQ(Await(*robot, "drive1", State::kEmpty).state, State::kEmpty);
  EXPECT_EQ(robot->DriveElement("drive1"), model_.robot().drive_element(0));
  EXPECT_TRUE(SlotIsFull(*robot, 1));
}

TEST_F(LoadProbeTest, TriesNothingWithoutADisc) {
  const auto robot = Open({0});
  const DriveSnapshot failed = Await(*robot, "drive0", State::kFailed);
  EXPECT_EQ(failed.state, State::kFailed);
  EXPECT_THAT(failed.reason, StatusIs(absl::StatusCode::kFailedPrecondition,
                                      HasSubstr("no slot has a disc to try its drives with")));
}

TEST_F(LoadProbeTest, MovesNothingForADriveWithoutASerialNumber) {
  FakeChanger changer({{.address = ElementAddress(256), .type = ElementType::kDrive},
                       {.address = ElementAddress(1024), .full = true, .barcode = "A1"}});
  const MatchedRobot robot({{"drive0",
                             [](MediaGeneration) -> absl::StatusOr<std::unique_ptr<Drive>> {
                               auto drive = std::make_unique<FakeDrive>();
                               drive->set_identity({});
                               return drive;
                             }}},
                           {{"slot1", ElementAddress(1024)}}, {}, &changer, kQuick, &model_.clock);
  EXPECT_THAT(
      Await(robot, "drive0", State::kFailed).reason,
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("drive0 tells no serial number")));
  EXPECT_THAT(changer.moves(), testing::IsEmpty());
}

TEST_F(LoadProbeTest, MovesNothingWhereItIsForbidden) {
  model_.MakeDisc("A1", {"--media=DVD+R", "--slot=3"});
  const auto robot = Open({0}, /*probe=*/false);
  const DriveSnapshot failed = Await(*robot, "drive0", State::kFailed);
  EXPECT_THAT(failed.reason, StatusIs(absl::StatusCode::kFailedPrecondition,
                                      HasSubstr("knows no drive with serial number A")));
}

TEST_F(LoadProbeTest, SaysWhereTheArmFailedAndDoesNotTryAgain) {
  model_.MakeDisc("A1", {"--media=DVD+R", "--slot=3"});
  model_.options.changer_fault_plan = "move 1 gripper";
  const auto robot = Open({0});
  const DriveSnapshot failed = Await(*robot, "drive0", State::kFailed);
  EXPECT_THAT(failed.reason, StatusIs(absl::StatusCode::kInternal, HasSubstr("a person decides")));
  // The station opens the drive again and again; the second time says the same and moves nothing.
  for (const Element& element : Elements(*robot)) {
    EXPECT_TRUE(element.full || element.type != ElementType::kPicker);
  }
}

}  // namespace
}  // namespace carousel
