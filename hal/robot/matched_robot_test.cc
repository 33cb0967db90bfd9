#include "hal/robot/matched_robot.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/mutex.h"
#include "hal/base/status_matchers.h"
#include "hal/changer/fake_changer.h"
#include "hal/drive/fake_drive.h"

namespace carousel {
namespace {

using State = DriveSnapshot::State;
using testing::AllOf;
using testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr DriveStation::Options kQuick = {.poll_interval = absl::Hours(24),
                                          .reopen_delay = absl::Milliseconds(1)};

Element DriveElement(uint16_t address, const std::string& serial) {
  return {.address = ElementAddress(address), .type = ElementType::kDrive, .drive_serial = serial};
}

MatchedRobot::Device DeviceWith(const std::string& id, const std::string& serial) {
  return {id, [serial](MediaGeneration) -> absl::StatusOr<std::unique_ptr<Drive>> {
            auto drive = std::make_unique<FakeDrive>();
            drive->set_identity({.serial = serial});
            return drive;
          }};
}

DriveSnapshot Await(const Robot& robot, const std::string& id, State state) {
  return robot.FindDrive(id)->station->Await(
      [state](const DriveSnapshot& seen) { return seen.state == state; }, kPatience);
}

TEST(MatchedRobot, FindsElementsBySerialNumberAndNotByOrder) {
  FakeChanger changer({DriveElement(256, "B"), DriveElement(257, "A")});
  MatchedRobot robot({DeviceWith("drive0", "A"), DeviceWith("drive1", "B")}, {}, {}, &changer,
                     kQuick);
  EXPECT_EQ(Await(robot, "drive0", State::kEmpty).state, State::kEmpty);
  EXPECT_EQ(Await(robot, "drive1", State::kEmpty).state, State::kEmpty);
  EXPECT_EQ(robot.DriveElement("drive0"), ElementAddress(257));
  EXPECT_EQ(robot.DriveElement("drive1"), ElementAddress(256));
}

TEST(MatchedRobot, FindsAnElementByAnotherNameOfItsDrive) {
  const DeviceId naa{
      .code_set = DeviceId::kBinary, .type = 3, .value = {0x50, 1, 2, 3, 4, 5, 6, 7}};
  Element named = DriveElement(257, "");
  named.drive_id = naa;
  FakeChanger changer({DriveElement(256, "B"), named});
  MatchedRobot robot({{"drive0",
                       [naa](MediaGeneration) -> absl::StatusOr<std::unique_ptr<Drive>> {
                         auto drive = std::make_unique<FakeDrive>();
                         drive->set_identity({.serial = "A"});
                         drive->set_device_ids({{.code_set = 2, .type = 1, .value = {'A'}}, naa});
                         return drive;
                       }}},
                     {}, {}, &changer, kQuick);
  EXPECT_EQ(Await(robot, "drive0", State::kEmpty).state, State::kEmpty);
  EXPECT_EQ(robot.DriveElement("drive0"), ElementAddress(257));
}

TEST(MatchedRobot, SaysWhatTheChangerTellsOfDrivesThatHaveOtherNames) {
  Element named = DriveElement(257, "");
  named.drive_id = DeviceId{.code_set = DeviceId::kBinary, .type = 3, .value = {0x50, 0x0A}};
  FakeChanger changer({named});
  MatchedRobot robot({DeviceWith("drive0", "A")}, {}, {}, &changer, kQuick);
  EXPECT_THAT(Await(robot, "drive0", State::kFailed).reason,
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("element 257 has 0x500a")));
}

TEST(MatchedRobot, KeepsADriveOutOfServiceWhoseSerialNumberTwoElementsTell) {
  FakeChanger changer({DriveElement(256, "A"), DriveElement(257, "A")});
  MatchedRobot robot({DeviceWith("drive0", "A")}, {}, {}, &changer, kQuick);
  const DriveSnapshot failed = Await(robot, "drive0", State::kFailed);
  EXPECT_THAT(failed.reason, StatusIs(absl::StatusCode::kFailedPrecondition,
                                      AllOf(HasSubstr("element 256"), HasSubstr("element 257"))));
  EXPECT_EQ(robot.DriveElement("drive0"), std::nullopt);
}

TEST(MatchedRobot, KeepsADriveThatTheChangerDoesNotKnowOutOfServiceAndSaysWhy) {
  FakeChanger changer({DriveElement(256, "A"), DriveElement(257, "")});
  MatchedRobot robot({DeviceWith("drive0", "A"), DeviceWith("drive1", "C")}, {}, {}, &changer,
                     kQuick);
  const DriveSnapshot failed = Await(robot, "drive1", State::kFailed);
  EXPECT_THAT(failed.reason,
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("serial number C of drive1"), HasSubstr("element 256 has A"),
                             HasSubstr("element 257 has no serial number"))));
  EXPECT_EQ(robot.DriveElement("drive1"), std::nullopt);
  EXPECT_EQ(Await(robot, "drive0", State::kEmpty).state, State::kEmpty) << "the other one works";
}

TEST(MatchedRobot, RefusesADriveWithoutASerialNumber) {
  FakeChanger changer({DriveElement(256, "")});
  MatchedRobot robot({DeviceWith("drive0", "")}, {}, {}, &changer, kQuick);
  EXPECT_THAT(Await(robot, "drive0", State::kFailed).reason,
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("no serial number")));
}

TEST(MatchedRobot, DoesNotTakeOneDeviceForTwoDrives) {
  FakeChanger changer({DriveElement(256, "A")});
  MatchedRobot robot({DeviceWith("drive0", "A"), DeviceWith("drive1", "A")}, {}, {}, &changer,
                     kQuick);
  // Which of the two is first is open; exactly one works.
  const auto settled = [](const DriveSnapshot& seen) { return seen.state != State::kOpening; };
  const DriveSnapshot first = robot.FindDrive("drive0")->station->Await(settled, kPatience);
  const DriveSnapshot second = robot.FindDrive("drive1")->station->Await(settled, kPatience);
  EXPECT_EQ((first.state == State::kFailed) + (second.state == State::kFailed), 1);
  const absl::Status& reason = first.state == State::kFailed ? first.reason : second.reason;
  EXPECT_THAT(reason, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("two drives")));
}

TEST(MatchedRobot, TakesADriveIntoServiceOnceTheChangerKnowsIt) {
  FakeChanger changer({DriveElement(256, "A")});
  changer.set_read_error(absl::UnavailableError("changer is off"));
  MatchedRobot robot({DeviceWith("drive0", "A")}, {}, {}, &changer, kQuick);
  EXPECT_THAT(Await(robot, "drive0", State::kFailed).reason,
              StatusIs(absl::StatusCode::kUnavailable, "changer is off"));
  changer.set_read_error(absl::OkStatus());
  EXPECT_EQ(Await(robot, "drive0", State::kEmpty).state, State::kEmpty);
  EXPECT_EQ(robot.DriveElement("drive0"), ElementAddress(256));
}

TEST(MatchedRobot, WorksWithTheOtherDrivesWhenOneIsDead) {
  FakeChanger changer({DriveElement(256, "A"), DriveElement(257, "B")});
  MatchedRobot::Device dead = {"drive1",
                               [](MediaGeneration) -> absl::StatusOr<std::unique_ptr<Drive>> {
                                 return absl::UnavailableError("no answer");
                               }};
  MatchedRobot robot({DeviceWith("drive0", "A"), std::move(dead)},
                     {{"slot1", ElementAddress(1024)}}, {}, &changer, kQuick);
  EXPECT_EQ(Await(robot, "drive1", State::kFailed).state, State::kFailed);
  EXPECT_EQ(Await(robot, "drive0", State::kEmpty).state, State::kEmpty);
  EXPECT_EQ(robot.FindSlot("slot1")->element, ElementAddress(1024));
  EXPECT_EQ(robot.FindSlot("slot2"), nullptr);
  EXPECT_EQ(robot.FindDrive("drive9"), nullptr);
}

}  // namespace
}  // namespace carousel
