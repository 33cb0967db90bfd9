#include "server/library/robot_view.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "hal/drive/fake_drive.h"
#include "hal/drive/fake_media.h"
#include "hal/mmc/profile.h"
#include "hal/robot/drive_station.h"
#include "hal/robot/fake_robot.h"
#include "server/errors/errors.h"
#include "server/library/library.h"

namespace carousel {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> Ids(const auto& views) {
  std::vector<std::string> ids;
  for (const auto& view : views) ids.push_back(view.id);
  return ids;
}

// Two drives, three slots; A1 and A2 in the first two.
class RobotViewTest : public testing::Test {
 protected:
  RobotViewTest() {
    robot_.arm().Put(FakeRobot::SlotAddress(1), "A1");
    robot_.arm().Put(FakeRobot::SlotAddress(2), "A2");
    robot_.set_media(BlankMedia(mmc::Profile::kDvdPlusR, Sectors(1000)));
    EXPECT_OK(library_.TakeInventory());
    for (const DrivePlace& drive : robot_.drives()) AwaitState(drive, DriveSnapshot::State::kEmpty);
  }
  static void AwaitState(const DrivePlace& drive, DriveSnapshot::State state) {
    const DriveSnapshot last = drive.station->Await(
        [state](const DriveSnapshot& now) { return now.state == state; }, absl::Minutes(1));
    EXPECT_EQ(last.state, state);
  }
  void Load(const std::string& disc, const std::string& drive) {
    ASSERT_OK_AND_ASSIGN(const auto move, library_.PrepareLoad(disc, drive, "operations/1"));
    ASSERT_OK(move->Run());
  }

  FakeRobot robot_{2, 3};
  FakeClock clock_;
  Library library_{&robot_, &clock_, nullptr, {}};
  RobotView view_{&robot_, &library_};
};

TEST_F(RobotViewTest, ShowsAnEmptyDrive) {
  ASSERT_OK_AND_ASSIGN(const DriveView drive, view_.Drive("drive1"));
  EXPECT_EQ(drive.id, "drive1");
  EXPECT_EQ(drive.condition, DriveCondition::kEmpty);
  EXPECT_EQ(drive.reason, "");
  EXPECT_EQ(drive.disc, "");
  EXPECT_EQ(drive.home_slot, "");
  EXPECT_EQ(drive.profile, "");
  EXPECT_EQ(drive.owner, "");
}

TEST_F(RobotViewTest, ShowsADriveWithItsDisc) {
  ASSERT_OK_AND_ASSIGN(const DriveView before, view_.Drive("drive0"));
  Load("A2", "drive0");
  ASSERT_OK_AND_ASSIGN(const DriveView drive, view_.Drive("drive0"));
  EXPECT_EQ(drive.condition, DriveCondition::kReady);
  EXPECT_EQ(drive.disc, "A2");
  EXPECT_EQ(drive.home_slot, "slot2");
  EXPECT_EQ(drive.profile, "DVD+R");
  EXPECT_GT(drive.generation, before.generation);
}

TEST_F(RobotViewTest, ShowsWhoHasADrive) {
  ASSERT_OK_AND_ASSIGN(const DriveLease lease,
                       robot_.FindDrive("drive0")->station->Lease("operations/7"));
  EXPECT_EQ(view_.Drive("drive0")->owner, "operations/7");
  EXPECT_EQ(view_.Drive("drive1")->owner, "");
}

TEST_F(RobotViewTest, ShowsADriveThatHangsAsItWasWithoutWaiting) {
  robot_.drive(0).Hang();
  robot_.drives()[0].station->Post([](absl::StatusOr<Drive*> drive) {
    if (drive.ok()) (*drive)->PollEvents().IgnoreError();
  });
  robot_.drive(0).WaitUntilHanging();
  EXPECT_EQ(view_.Drive("drive0")->condition, DriveCondition::kEmpty);
  EXPECT_THAT(view_.Drives(0, 10), SizeIs(2));
  robot_.drive(0).Release();
}

TEST_F(RobotViewTest, ShowsWhyADriveFailed) {
  for (const auto method : {FakeDrive::Method::kCheckReady, FakeDrive::Method::kIdentify}) {
    robot_.drive(0).FailNext(method, absl::UnavailableError("gone"), 1000);
  }
  // A disc that comes makes the station look anew.
  robot_.drive(0).Insert(BlankMedia(mmc::Profile::kDvdPlusR, Sectors(1000)), nullptr);
  (void)robot_.drives()[0].station->Run([](Drive& drive) { return drive.PollEvents(); });
  AwaitState(robot_.drives()[0], DriveSnapshot::State::kFailed);
  ASSERT_OK_AND_ASSIGN(const DriveView drive, view_.Drive("drive0"));
  EXPECT_EQ(drive.condition, DriveCondition::kFailed);
  EXPECT_EQ(drive.reason, "gone");
}

TEST_F(RobotViewTest, ShowsSlotsWithTheirDiscs) {
  EXPECT_EQ(view_.Slot("slot1")->disc, "A1");
  EXPECT_EQ(view_.Slot("slot3")->disc, "");
  Load("A1", "drive0");
  EXPECT_EQ(view_.Slot("slot1")->disc, "");
}

TEST_F(RobotViewTest, GivesPartsOfItsLists) {
  EXPECT_EQ(view_.drive_count(), 2u);
  EXPECT_EQ(view_.slot_count(), 3u);
  EXPECT_EQ(view_.disc_count(), 2u);
  EXPECT_THAT(Ids(view_.Drives(0, 10)), ElementsAre("drive0", "drive1"));
  EXPECT_THAT(Ids(view_.Slots(1, 1)), ElementsAre("slot2"));
  EXPECT_THAT(Ids(view_.Discs(1, 10)), ElementsAre("A2"));
  EXPECT_THAT(view_.Drives(2, 10), IsEmpty());
  EXPECT_THAT(view_.Slots(SIZE_MAX, 10), IsEmpty());
  EXPECT_THAT(view_.Discs(SIZE_MAX, SIZE_MAX), IsEmpty());
}

TEST_F(RobotViewTest, KnowsNoOtherDrivesAndSlots) {
  EXPECT_EQ(GetReason(view_.Drive("drive9").status())->metadata.at("resource"), "drives/drive9");
  EXPECT_EQ(GetReason(view_.Slot("").status())->metadata.at("resource"), "slots/");
}

}  // namespace
}  // namespace carousel
