// Writing on a virtual drive, through CDB bytes: what real drives answer by the standard, their
// manuals and published dumps. Nothing here uses the project's encoders or decoders.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "hal/base/byte_order.h"
#include "hal/virtual_robot/testing_robot.h"

namespace carousel {
namespace {

using Answer = TestingRobot::Answer;
using Bytes = std::vector<uint8_t>;

// "status/last session sessions", READ DISC INFORMATION.
std::string Disc(TestingRobot& robot) {
  const Answer answer = robot.Send({0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0}, 34);
  if (answer.data.size() < 12) return answer.sense;
  return absl::StrCat(answer.data[2] & 3, "/", answer.data[2] >> 2 & 3, " ", answer.data[4]);
}
// "start+size nwa N", READ TRACK INFORMATION.
std::string Track(TestingRobot& robot, uint8_t number) {
  const Answer answer = robot.Send({0x52, 1, 0, 0, 0, number, 0, 0, 36, 0}, 36);
  if (answer.data.size() < 36) return answer.sense;
  std::string text = absl::StrCat(LoadBe32(&answer.data[8]), "+", LoadBe32(&answer.data[24]));
  if ((answer.data[7] & 1) != 0) absl::StrAppend(&text, " nwa ", LoadBe32(&answer.data[12]));
  return text;
}
std::string Ready(TestingRobot& robot) { return robot.Send({0, 0, 0, 0, 0, 0}).sense; }
// SYNCHRONIZE CACHE and CLOSE TRACK SESSION without IMMED.
std::string Synchronize(TestingRobot& robot) {
  return robot.Send({0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0, absl::Hours(1)).sense;
}
std::string Close(TestingRobot& robot, uint8_t function, uint8_t track = 0) {
  return robot.Send({0x5B, 0, function, 0, 0, track, 0, 0, 0, 0}, 0, absl::Hours(1)).sense;
}
// MODE SELECT(10) with page 05h: write type, and multi-session and track mode.
std::string SelectPage(TestingRobot& robot, uint8_t write_type, uint8_t mode) {
  Bytes list(8 + 2 + 0x32);
  list[8] = 0x05;
  list[9] = 0x32;
  list[10] = 0x40 | write_type;
  list[11] = mode;
  list[12] = 8;
  return robot.SendData({0x55, 0x10, 0, 0, 0, 0, 0, 0, static_cast<uint8_t>(list.size()), 0}, list)
      .sense;
}

TEST(VirtualWritingTest, ADvdPlusRTakesSessionAfterSession) {
  TestingRobot robot;
  robot.MakeDisc("A", {"--media=DVD+R"});
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Write(0, 32, 1).sense, "GOOD");
  EXPECT_EQ(Disc(robot), "1/1 1") << "open";
  EXPECT_EQ(robot.Write(32, 160, 2).sense, "GOOD");
  EXPECT_EQ(Synchronize(robot), "GOOD");
  EXPECT_EQ(Close(robot, 1, 1), "GOOD");
  EXPECT_EQ(Close(robot, 2), "GOOD");
  EXPECT_EQ(Disc(robot), "1/0 2");
  EXPECT_EQ(Track(robot, 1), "0+192");
  EXPECT_EQ(Track(robot, 2), "2240+2292864 nwa 2240");
  EXPECT_EQ(robot.Write(2'240, 64, 3).sense, "GOOD");
  EXPECT_EQ(Synchronize(robot), "GOOD");
  EXPECT_EQ(Close(robot, 1, 2), "GOOD");
  EXPECT_EQ(Close(robot, 2), "GOOD");
  EXPECT_EQ(Track(robot, 3), "4352+2290752 nwa 4352");
  EXPECT_EQ(robot.Read(31, 2).data[2048], 2);
  EXPECT_EQ(robot.Read(2'303, 1).data[0], 3);
}

TEST(VirtualWritingTest, AWriteElsewhereIsRefusedAndChangesNothing) {
  TestingRobot robot;
  robot.MakeDisc("A", {"--media=BD-R"});
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Write(32, 32, 1).sense, "5/21/02");
  EXPECT_EQ(Disc(robot), "0/0 1");
  EXPECT_EQ(robot.Write(0, 32, 1).sense, "GOOD");
  EXPECT_EQ(robot.Write(0, 32, 2).sense, "5/21/02");
  EXPECT_EQ(Synchronize(robot), "GOOD");
  EXPECT_EQ(robot.Read(0, 1).data[0], 1);
}

TEST(VirtualWritingTest, WhatIsBufferedIsReadAndLostWhenThePowerIsCut) {
  TestingRobot robot;
  robot.MakeDisc("A", {"--media=DVD+R"});
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Write(0, 32, 1).sense, "GOOD");
  EXPECT_EQ(Synchronize(robot), "GOOD");
  EXPECT_EQ(robot.Write(32, 32, 2).sense, "GOOD");
  EXPECT_EQ(robot.Read(32, 1).data.at(0), 2);
  EXPECT_EQ(Track(robot, 1), "0+2295104 nwa 64");
  robot.Start();  // a power cycle; the disc is in the drive
  robot.clock.Advance(absl::Minutes(1));
  EXPECT_EQ(Ready(robot), "6/29/00");
  EXPECT_EQ(Disc(robot), "1/2 1") << "damaged";
  EXPECT_EQ(Track(robot, 1), "0+2295104 nwa 32");
  EXPECT_EQ(robot.Write(32, 32, 3).sense, "GOOD")
      << "with the same bytes or others: none was there";
}

TEST(VirtualWritingTest, ACdIsWrittenAsPage05hSays) {
  TestingRobot robot;
  robot.MakeDisc("A", {"--media=CD-R"});
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Write(0, 32, 1).sense, "5/64/00") << "the page says packets";
  EXPECT_EQ(SelectPage(robot, 1, 0xC4), "GOOD");
  const Answer page = robot.Send({0x5A, 8, 5, 0, 0, 0, 0, 0, 60, 0}, 60);
  ASSERT_GE(page.data.size(), 12u);
  EXPECT_EQ(page.data[10], 0x41);
  EXPECT_EQ(page.data[11], 0xC4);
  for (uint32_t lba = 0; lba < 608; lba += 32) {
    ASSERT_EQ(robot.Write(lba, lba == 576 ? 30 : 32, 1).sense, "GOOD");
  }
  EXPECT_EQ(Synchronize(robot), "GOOD");
  EXPECT_EQ(Close(robot, 1, 1), "GOOD");
  EXPECT_EQ(Close(robot, 2), "GOOD");
  EXPECT_EQ(Track(robot, 1), "0+608") << "606 and two run-out blocks";
  EXPECT_EQ(Track(robot, 2).substr(0, 6), "12008+");
  EXPECT_EQ(robot.Read(606, 1).sense, "5/64/00");
}

TEST(VirtualWritingTest, WorkThatWasBegunWithImmedShowsInBothQuestions) {
  TestingRobot robot;
  robot.MakeDisc("A", {"--media=DVD+R"});
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Write(0, 32, 1).sense, "GOOD");
  EXPECT_EQ(Close(robot, 1, 1), "GOOD");
  EXPECT_EQ(robot.Send({0x5B, 1, 2, 0, 0, 0, 0, 0, 0, 0}).sense, "GOOD");
  EXPECT_EQ(Ready(robot), "2/04/07");
  EXPECT_EQ(Disc(robot), "2/04/07");
  EXPECT_EQ(robot.Write(2'080, 32, 1).sense, "2/04/07");
  robot.clock.Advance(absl::Minutes(2));
  EXPECT_EQ(Ready(robot), "GOOD");
  EXPECT_EQ(Disc(robot), "1/0 2");
}

TEST(VirtualWritingTest, TheBufferFillsFasterThanTheDiscIsWritten) {
  TestingRobot robot;
  robot.MakeDisc("A", {"--media=DVD+R"});
  robot.LoadFirstDisc();
  const Answer empty = robot.Send({0x5C, 0, 0, 0, 0, 0, 0, 0, 12, 0}, 12);
  ASSERT_EQ(empty.data.size(), 12u);
  EXPECT_EQ(LoadBe32(&empty.data[4]), LoadBe32(&empty.data[8]));
  absl::Duration longest;
  for (uint32_t lba = 0; lba < 16'384; lba += 256) {
    const Answer written = robot.Write(lba, 256, 1);
    ASSERT_EQ(written.sense, "GOOD");
    longest = std::max(longest, written.took);
  }
  const Answer full = robot.Send({0x5C, 0, 0, 0, 0, 0, 0, 0, 12, 0}, 12);
  EXPECT_LT(LoadBe32(&full.data[8]), LoadBe32(&full.data[4]) / 2);
  EXPECT_GT(longest, absl::Milliseconds(5)) << "the drive makes the host wait";
}

TEST(VirtualWritingTest, AReaderKnowsNoneOfIt) {
  TestingRobot robot;
  robot.options.drives[0].type = "BD-ROM-8x";
  robot.MakeDisc("A", {"--media=DVD+R", "--state=blank"});
  robot.LoadFirstDisc();
  for (const uint8_t opcode : {0x2A, 0x35, 0x53, 0x5B, 0x5C, 0xA1, 0xB6}) {
    EXPECT_EQ(robot.Send({opcode, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}).sense, "5/20/00");
  }
}

TEST(VirtualWritingTest, AnEjectedDiscIsWrittenWhole) {
  TestingRobot robot;
  robot.MakeDisc("A", {"--media=DVD+R"});
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Write(0, 32, 5).sense, "GOOD");
  EXPECT_EQ(robot.Send({0x1B, 0, 0, 0, 2, 0}).sense, "GOOD");
  EXPECT_EQ(robot.Send({0x1B, 0, 0, 0, 3, 0}).sense, "GOOD");
  robot.clock.Advance(absl::Minutes(1));
  EXPECT_EQ(Ready(robot), "6/28/00");
  EXPECT_EQ(Disc(robot), "1/1 1");
  EXPECT_EQ(robot.Read(31, 1).data.at(0), 5);
}

TEST(VirtualWritingTest, ADvdPlusRwIsFormattedAndThenWrittenAnywhere) {
  TestingRobot robot;
  robot.MakeDisc("A", {"--media=DVD+RW", "--state=unformatted"});
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Write(0, 16, 1).sense, "5/30/10");
  EXPECT_EQ(
      robot.SendData({0x04, 0x11, 0, 0, 0, 0}, {0, 2, 0, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0x98, 0, 0, 0})
          .sense,
      "GOOD");
  robot.clock.Advance(absl::Minutes(2));
  EXPECT_EQ(robot.Write(1'600, 16, 1).sense, "GOOD");
  EXPECT_EQ(robot.Write(1'600, 16, 2).sense, "GOOD");
  EXPECT_EQ(Synchronize(robot), "GOOD");
  EXPECT_EQ(robot.Read(1'600, 1).data.at(0), 2);
  EXPECT_EQ(Close(robot, 0), "GOOD");
}

TEST(VirtualWritingTest, AFaultPlanCutsThePowerInAWrite) {
  TestingRobot robot;
  robot.options.drives[0].fault_plan = "at 3 WRITE(10) power-cut";
  robot.MakeDisc("A", {"--media=DVD+R"});
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Write(0, 32, 1).sense, "GOOD");
  EXPECT_EQ(Synchronize(robot), "GOOD");
  EXPECT_EQ(robot.Write(32, 32, 2).sense, "GOOD");
  EXPECT_FALSE(robot.Write(64, 32, 3).status.ok()) << "no answer";
  EXPECT_EQ(Ready(robot), "6/29/00");
  robot.clock.Advance(absl::Minutes(1));
  EXPECT_EQ(Disc(robot), "1/2 1");
  EXPECT_EQ(Track(robot, 1), "0+2295104 nwa 32");
  EXPECT_EQ(robot.Read(31, 1).data.at(0), 1);
  EXPECT_EQ(Close(robot, 1, 1), "GOOD");
  EXPECT_EQ(Close(robot, 2), "GOOD");
  EXPECT_EQ(Disc(robot), "1/0 2") << "salvaged";
}

TEST(VirtualWritingTest, ARecoveredErrorOfAFaultPlanIsExecutedAndAResetLosesTheBuffer) {
  TestingRobot robot;
  robot.options.drives[0].fault_plan = "at 1 WRITE(10) sense 1/0C/00; at 3 WRITE(10) sense 6/29/00";
  robot.MakeDisc("A", {"--media=DVD+R"});
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Write(0, 32, 1).sense, "1/0C/00");
  EXPECT_EQ(Synchronize(robot), "GOOD");
  EXPECT_EQ(robot.Write(32, 32, 2).sense, "GOOD");
  EXPECT_EQ(robot.Write(64, 32, 3).sense, "6/29/00");
  EXPECT_EQ(Track(robot, 1), "0+2295104 nwa 32");
  EXPECT_EQ(robot.Read(31, 1).data.at(0), 1);
}

TEST(VirtualWritingTest, SomeDrivesAreReadyAllTheTimeAndTellOfTheirWorkElsewhere) {
  TestingRobot robot;
  robot.options.drives[0].quirks = {"ready-while-closing"};
  robot.MakeDisc("A", {"--media=DVD+R"});
  robot.LoadFirstDisc();
  EXPECT_EQ(robot.Write(0, 32, 1).sense, "GOOD");
  EXPECT_EQ(robot.Send({0x5B, 1, 1, 0, 0, 1, 0, 0, 0, 0}).sense, "GOOD");
  EXPECT_EQ(Ready(robot), "GOOD");
  EXPECT_EQ(Disc(robot), "2/04/07");
}

TEST(VirtualWritingTest, MediaWithoutPage05hIgnoreOrRefuseIt) {
  for (const bool refuses : {false, true}) {
    TestingRobot robot;
    if (refuses) robot.options.drives[0].quirks = {"write-parameters-refused"};
    robot.MakeDisc("A", {"--media=DVD+R"});
    robot.LoadFirstDisc();
    EXPECT_EQ(SelectPage(robot, 2, 0x05), refuses ? "5/26/00" : "GOOD");
    EXPECT_EQ(robot.Write(0, 32, 1).sense, "GOOD");
  }
}

TEST(VirtualWritingTest, TheSpeedThatWasSetIsInPage2AhAndInTheTimeThatWritingTakes) {
  TestingRobot robot;
  robot.MakeDisc("A", {"--media=DVD+R"});
  robot.LoadFirstDisc();
  Bytes descriptor(28);
  StoreBe32(&descriptor[8], 2'295'103);
  for (const int at : {12, 20}) {
    StoreBe32(&descriptor[at], 5'540);  // 4x
    StoreBe32(&descriptor[at + 4], 1'000);
  }
  EXPECT_EQ(robot.SendData({0xB6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 28, 0}, descriptor).sense, "GOOD");
  const Answer page = robot.Send({0x5A, 8, 0x2A, 0, 0, 0, 0, 0, 80, 0}, 80);
  ASSERT_GE(page.data.size(), 38u);
  EXPECT_EQ(LoadBe16(&page.data[8 + 28]), 5'540);
  for (uint32_t lba = 0; lba < 16'384; lba += 256) {
    ASSERT_EQ(robot.Write(lba, 256, 1).sense, "GOOD");
  }
  const absl::Time start = robot.clock.Now();
  ASSERT_EQ(Synchronize(robot), "GOOD");
  const double seconds = absl::ToDoubleSeconds(robot.clock.Now() - start);
  EXPECT_NEAR(seconds, 4'194'304 / 5'540'000.0, 0.1) << "the buffer at 4x";
}

}  // namespace
}  // namespace carousel
