// What a virtual drive does over time, through its transport: trays, unit attentions, events,
// locks, reads, faults.

#include "hal/virtual_robot/virtual_drive.h"

#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/byte_order.h"
#include "hal/base/clock.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/command.h"
#include "hal/scsi/transport.h"
#include "hal/virtual_robot/testing_robot.h"

namespace carousel {
namespace {

using Answer = TestingRobot::Answer;

const std::vector<uint8_t> kTestUnitReady = {0, 0, 0, 0, 0, 0};
const std::vector<uint8_t> kEject = {0x1B, 0, 0, 0, 2, 0};
const std::vector<uint8_t> kLoad = {0x1B, 0, 0, 0, 3, 0};
const std::vector<uint8_t> kPrevent = {0x1E, 0, 0, 0, 1, 0};
const std::vector<uint8_t> kAllow = {0x1E, 0, 0, 0, 0, 0};

// Media event code of GET EVENT STATUS NOTIFICATION.
int MediaEvent(TestingRobot& robot) {
  const Answer answer = robot.Send({0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8, 0}, 8);
  return answer.data.size() < 8 ? -1 : answer.data[4] & 0xF;
}

// An image of `sectors` sectors, each beginning with its number.
std::string NumberedImage(TestingRobot& robot, uint32_t sectors) {
  const std::string path = robot.options.store + ".image";
  std::ofstream image(path, std::ios::binary);
  for (uint32_t sector = 0; sector < sectors; ++sector) {
    std::string bytes(2048, 'x');
    StoreBe32(reinterpret_cast<uint8_t*>(bytes.data()), sector);
    image << bytes;
  }
  return path;
}

TEST(PowerOn, IsToldOnceAndNotToTheCommandsThatPass) {
  TestingRobot robot;
  robot.Start();
  EXPECT_EQ(robot.Send({0x12, 0, 0, 0, 36, 0}, 36).sense, "GOOD");
  EXPECT_EQ(robot.Send({0x46, 1, 0, 0, 0, 0, 0, 0, 8, 0}, 8).sense, "GOOD");
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "6/29/00");
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "2/3A/00");
}

TEST(RequestSense, TellsThePendingUnitAttentionAndTakesIt) {
  TestingRobot robot;
  robot.Start();
  const Answer answer = robot.Send({0x03, 0, 0, 0, 18, 0}, 18);
  ASSERT_EQ(answer.data.size(), 18u);
  EXPECT_EQ(answer.data[2], 6);
  EXPECT_EQ(answer.data[12], 0x29);
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "2/3A/00");
}

TEST(Inquiry, TellsTheTypesNamesAndTheSerialNumber) {
  TestingRobot robot;
  robot.Start();
  const Answer standard = robot.Send({0x12, 0, 0, 0, 96, 0}, 96);
  ASSERT_GE(standard.data.size(), 36u);
  EXPECT_EQ(standard.data[0], 5);
  EXPECT_EQ(std::string(standard.data.begin() + 8, standard.data.begin() + 36),
            "CAROUSELVIRTUAL BD-RE   0001");
  const Answer serial = robot.Send({0x12, 1, 0x80, 0, 255, 0}, 255);
  EXPECT_EQ(std::string(serial.data.begin() + 4, serial.data.end()), "SERIAL0");
  EXPECT_EQ(robot.Send({0x12, 1, 0xB0, 0, 255, 0}, 255).sense, "5/24/00");
}

TEST(Load, BecomesReadyThenTellsTheNewMediumOnce) {
  TestingRobot robot;
  robot.MakeDisc("D1", {"--media=BD-R"});
  robot.Start();
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "6/29/00");
  VirtualRobot& arm = robot.robot();
  ASSERT_OK(arm.changer().Move(arm.slot_element(1), arm.drive_element(0)).status);
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "2/04/01");
  EXPECT_EQ(robot.Read(0, 1).sense, "2/04/01");
  EXPECT_EQ(MediaEvent(robot), 0);
  robot.clock.Advance(absl::Seconds(15));
  EXPECT_EQ(MediaEvent(robot), 2) << "new media";
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "6/28/00");
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "GOOD");
  EXPECT_EQ(MediaEvent(robot), 0);
}

TEST(Eject, ReleasesTheDiscAndLoadTakesItBack) {
  TestingRobot robot;
  robot.MakeDisc("D1", {"--media=BD-R"});
  robot.LoadFirstDisc();
  MediaEvent(robot);
  const Answer ejected = robot.Send(kEject);
  EXPECT_EQ(ejected.sense, "GOOD");
  EXPECT_GE(ejected.took, absl::Seconds(2)) << "the tray moves";
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "2/3A/00");
  EXPECT_EQ(MediaEvent(robot), 3) << "media removal";
  EXPECT_EQ(robot.Send(kLoad).sense, "GOOD");
  robot.clock.Advance(absl::Minutes(1));
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "6/28/00");
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "GOOD");
}

TEST(Eject, ReturnsAtOnceIfItMay) {
  TestingRobot robot;
  robot.MakeDisc("D1", {"--media=BD-R"});
  robot.LoadFirstDisc();
  EXPECT_LT(robot.Send({0x1B, 1, 0, 0, 2, 0}).took, absl::Seconds(1));
}

TEST(Eject, IsRefusedWhileRemovalIsPrevented) {
  TestingRobot robot;
  robot.MakeDisc("D1", {"--media=BD-R"});
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Send(kPrevent).sense, "GOOD");
  EXPECT_EQ(robot.Send(kEject).sense, "5/53/02");
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "GOOD");
  EXPECT_EQ(robot.Send(kAllow).sense, "GOOD");
  EXPECT_EQ(robot.Send(kEject).sense, "GOOD");
}

TEST(EmptyDrive, HasNothingToLoadOrToRead) {
  TestingRobot robot;
  robot.Start();
  robot.Send(kTestUnitReady);
  EXPECT_EQ(robot.Send(kLoad).sense, "2/3A/00");
  for (const std::vector<uint8_t>& cdb :
       std::vector<std::vector<uint8_t>>{{0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                                         {0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0},
                                         {0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0},
                                         {0x52, 1, 0, 0, 0, 1, 0, 0, 36, 0},
                                         {0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0}}) {
    EXPECT_EQ(robot.Send(cdb, 36).sense, "2/3A/00") << int{cdb[0]};
  }
  const Answer formats = robot.Send({0x23, 0, 0, 0, 0, 0, 0, 0, 252, 0}, 252);
  ASSERT_EQ(formats.data.size(), 12u);
  EXPECT_EQ(formats.data[8] & 3, 3) << "no media";
}

TEST(EmptyDrive, KeepsTheOldProfileOnlyAsAQuirk) {
  for (const bool stale : {false, true}) {
    TestingRobot robot;
    if (stale) robot.options.drives[0].quirks = {"stale-profile"};
    robot.MakeDisc("D1", {"--media=BD-R"});
    robot.LoadFirstDisc();
    robot.Send(kEject);
    const Answer answer = robot.Send({0x46, 1, 0, 0, 0, 0, 0, 0, 8, 0}, 8);
    EXPECT_EQ(LoadBe16(&answer.data[6]), stale ? 0x41 : 0);
  }
}

TEST(UnknownOpcode, IsRefused) {
  TestingRobot robot;
  robot.MakeDisc("D1", {"--media=BD-RE"});
  robot.LoadFirstDisc();
  for (const uint8_t opcode : {0x58, 0x5D, 0xBF, 0xFF}) {
    EXPECT_EQ(robot.Send({opcode, 0, 0, 0, 0, 0, 0, 0, 0, 0}).sense, "5/20/00") << int{opcode};
  }
}

TEST(Read, GivesTheBlocksByAllThreeCommands) {
  TestingRobot robot;
  robot.MakeDisc("D1", {"--media=DVD+R", "--session=" + NumberedImage(robot, 64)});
  robot.LoadFirstDisc();
  const Answer ten = robot.Read(17, 3);
  ASSERT_EQ(ten.data.size(), 3u * 2048);
  EXPECT_EQ(LoadBe32(&ten.data[0]), 17u);
  EXPECT_EQ(LoadBe32(&ten.data[2 * 2048]), 19u);
  EXPECT_EQ(LoadBe32(&robot.Send({0x08, 0, 0, 5, 1, 0}, 2048).data[0]), 5u);
  EXPECT_EQ(LoadBe32(&robot.Send({0xA8, 0, 0, 0, 0, 63, 0, 0, 0, 1, 0, 0}, 2048).data[0]), 63u);
  EXPECT_EQ(robot.Read(17, 0).sense, "GOOD");
}

TEST(Read, RefusesGapsRunOutAndWhatLiesBeyond) {
  TestingRobot robot;
  robot.MakeDisc("D1", {"--media=CD-R", "--session=zeros:608", "--session=audio:300"});
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Read(600, 8).sense, "GOOD");
  EXPECT_EQ(robot.Read(607, 2).sense, "5/64/00") << "run-out";
  EXPECT_EQ(robot.Read(609, 1).sense, "5/64/00") << "run-out";
  EXPECT_EQ(robot.Read(5'000, 1).sense, "5/21/00") << "the gap";
  EXPECT_EQ(robot.Read(12'010, 1).sense, "5/64/00") << "an audio track";
  EXPECT_EQ(robot.Read(20'000, 1).sense, "5/21/00") << "blank";
  EXPECT_EQ(robot.Read(0xFFFFFFFF, 1).sense, "5/21/00");
}

TEST(Read, GivesAnOpenTracksBlocksUnlessTheDriveCannot) {
  for (const bool unreadable : {false, true}) {
    TestingRobot robot;
    if (unreadable) robot.options.drives[0].quirks = {"open-track-unreadable"};
    robot.MakeDisc("D1", {"--media=BD-R", "--session=zeros:64", "--state=open"});
    robot.LoadFirstDisc();
    EXPECT_EQ(robot.Read(0, 64).sense, unreadable ? "5/21/00" : "GOOD");
    EXPECT_EQ(robot.Read(64, 1).sense, "5/21/00");
  }
}

TEST(Read, OfOverwritableMediaGoesUpToTheFormattedEnd) {
  TestingRobot robot;
  robot.MakeDisc("D1", {"--media=DVD+RW", "--background-format=suspended", "--formatted=4096"});
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Read(4'080, 16).sense, "GOOD");
  EXPECT_EQ(robot.Read(4'090, 16).sense, "5/21/00");
}

TEST(Read, OfABadSectorCostsTheRetriesAndNamesTheBlock) {
  TestingRobot robot;
  robot.MakeDisc("D1", {"--media=BD-RE", "--unreadable=100-103"});
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Read(64, 36).sense, "GOOD");
  const Answer failed = robot.Read(96, 32);
  EXPECT_EQ(failed.sense, "3/11/05");
  EXPECT_GE(failed.took, absl::Seconds(4));
  EXPECT_EQ(robot.Read(104, 8).sense, "GOOD");
}

TEST(FaultPlan, AnswersASenseAtTheNthCommand) {
  TestingRobot robot;
  robot.options.drives[0].fault_plan = "at 2 READ(10) sense 3/11/00; from 4 28 sense B/00/00";
  robot.MakeDisc("D1", {"--media=BD-RE"});
  robot.LoadFirstDisc();
  std::vector<std::string> senses;
  for (int i = 0; i < 5; ++i) senses.push_back(robot.Read(0, 1).sense);
  EXPECT_THAT(senses, testing::ElementsAre("GOOD", "3/11/00", "GOOD", "B/00/00", "B/00/00"));
}

TEST(FaultPlan, HangsUntilTheCommandsTimeout) {
  TestingRobot robot;
  robot.options.drives[0].fault_plan = "at 1 READ-DISC-INFORMATION hang";
  robot.MakeDisc("D1", {"--media=BD-RE"});
  robot.LoadFirstDisc();
  const std::vector<uint8_t> cdb = {0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0};
  const Answer hung = robot.Send(cdb, 34, absl::Seconds(25));
  EXPECT_THAT(hung.status, StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(hung.took, absl::Seconds(25));
  EXPECT_EQ(robot.Send(cdb, 34).sense, "GOOD");
}

TEST(FaultPlan, LosesOnlyTheAnswerOfACommandThatHangs) {
  TestingRobot robot;
  robot.options.drives[0].fault_plan = "at 1 START-STOP-UNIT hang";
  robot.MakeDisc("D1", {"--media=BD-RE"});
  robot.LoadFirstDisc();
  EXPECT_THAT(robot.Send(kEject).status, StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "2/3A/00") << "the tray is out";
}

TEST(FaultPlan, DoesNotExecuteACommandThatItAnswers) {
  TestingRobot robot;
  robot.options.drives[0].fault_plan = "at 1 1B sense 4/44/00; at 2 1B bytes 01 02";
  robot.MakeDisc("D1", {"--media=BD-RE"});
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Send(kEject).sense, "4/44/00");
  EXPECT_EQ(robot.Send(kEject).sense, "GOOD");
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "GOOD") << "the disc has not moved";
  EXPECT_EQ(robot.Send(kEject).sense, "GOOD");
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "2/3A/00");
}

TEST(FaultPlan, ReturnsTheBytesItWasGiven) {
  TestingRobot robot;
  robot.options.drives[0].fault_plan = "at 1 51 bytes 00 20 0E 01 FF";
  robot.MakeDisc("D1", {"--media=BD-RE"});
  robot.LoadFirstDisc();
  const Answer answer = robot.Send({0x51, 0, 0, 0, 0, 0, 0, 0, 4, 0}, 34);
  EXPECT_EQ(answer.data, (std::vector<uint8_t>{0x00, 0x20, 0x0E, 0x01}));
}

TEST(Timeout, ShorterThanTheDriveNeedsLosesTheAnswer) {
  TestingRobot robot;
  robot.MakeDisc("D1", {"--media=BD-R"});
  robot.LoadFirstDisc();
  const Answer answer = robot.Send(kEject, 0, absl::Seconds(1));
  EXPECT_THAT(answer.status, StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(answer.took, absl::Seconds(1));
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "2/3A/00") << "it was executed all the same";
}

// Seconds that the observer was told, by opcode.
class DurationLog : public scsi::TransportObserver {
 public:
  void OnCommand(const scsi::Command& command, const absl::StatusOr<scsi::Result>& result,
                 absl::Duration took) override {
    took_[command.opcode()] = took;
  }
  absl::Duration took(uint8_t opcode) { return took_[opcode]; }

 private:
  std::map<uint8_t, absl::Duration> took_;
};

TEST(Observer, IsToldTheTimeThatTheModelledDriveTook) {
  TestingRobot robot;
  robot.MakeDisc("D1", {"--media=BD-RE"});
  DurationLog log;
  robot.LoadFirstDisc().set_observer(&log);
  const Answer read = robot.Read(5'000'000, 1);
  EXPECT_GE(log.took(0x28), absl::Milliseconds(125)) << "a far seek, on a clock that stands still";
  EXPECT_EQ(log.took(0x28), read.took);
  const Answer ejected = robot.Send(kEject);
  EXPECT_EQ(log.took(0x1B), ejected.took);
  EXPECT_GE(ejected.took, absl::Seconds(2));
  const Answer lost = robot.Send(kLoad, 0, absl::Seconds(1));
  EXPECT_THAT(lost.status, StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(log.took(0x1B), absl::Seconds(1));
}

TEST(AllocationLength, CutsTheAnswer) {
  TestingRobot robot;
  robot.MakeDisc("D1", {"--media=DVD+R"});
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Send({0x52, 1, 0, 0, 0, 1, 0, 0, 8, 0}, 64).data.size(), 8u);
  EXPECT_EQ(robot.Send({0x52, 1, 0, 0, 0, 1, 0, 0, 64, 0}, 10).data.size(), 10u);
}

TEST(PowerCycle, LeavesTheDiscInTheDrive) {
  TestingRobot robot;
  robot.MakeDisc("D1", {"--media=BD-R"});
  robot.LoadFirstDisc();
  robot.Start();
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "6/29/00");
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "2/04/01");
  robot.clock.Advance(absl::Minutes(1));
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "GOOD");
}

TEST(DamagedStore, IsADiscThatTheDriveDoesNotRecognise) {
  TestingRobot robot;
  robot.MakeDisc("D1", {"--media=BD-R"});
  std::ofstream(robot.options.store + "/discs/D1/disc.txt") << "no disc\n";
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Send(kTestUnitReady).sense, "2/30/01");
  EXPECT_EQ(robot.Send(kEject).sense, "GOOD");
}

TEST(Open, RefusesOptionsThatItDoesNotUnderstand) {
  const auto opened = [](auto change) {
    TestingRobot robot;
    change(robot.options);
    return VirtualRobot::Open(robot.options).status();
  };
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);
  EXPECT_OK(opened([](VirtualRobotOptions& options) {}));
  EXPECT_THAT(opened([](VirtualRobotOptions& o) { o.drives[1].serial = "SERIAL0"; }), refused);
  EXPECT_THAT(opened([](VirtualRobotOptions& o) { o.drives[0].type = "LP-33"; }), refused);
  EXPECT_THAT(opened([](VirtualRobotOptions& o) { o.drives[0].quirks = {"moody"}; }), refused);
  EXPECT_THAT(opened([](VirtualRobotOptions& o) { o.drives[0].fault_plan = "never"; }), refused);
  EXPECT_THAT(opened([](VirtualRobotOptions& o) { o.changer_fault_plan = "never"; }), refused);
  EXPECT_THAT(opened([](VirtualRobotOptions& o) { o.slots = -1; }), refused);
}

// Time passes between any two looks at it, as on a machine whose processors are all taken.
class BusyClock : public Clock {
 public:
  explicit BusyClock(FakeClock* clock) : clock_(*clock) {}
  absl::Time Now() override {
    clock_.Advance(pause);
    return clock_.Now();
  }
  void SleepUntil(absl::Time time) override { clock_.SleepUntil(time); }
  absl::Duration pause;

 private:
  FakeClock& clock_;
};

TEST(VirtualDrive, MissesNoTimeOutBecauseTheMachineIsBusy) {
  TestingRobot robot;
  BusyClock busy(&robot.clock);
  robot.options.clock = &busy;
  robot.MakeDisc("A1", {"--media=DVD+R"});
  robot.LoadFirstDisc();
  busy.pause = absl::Minutes(1);
  EXPECT_EQ(robot.Send({0x00, 0, 0, 0, 0, 0}, 0, absl::Seconds(10)).sense, "GOOD");
}

}  // namespace
}  // namespace carousel
