#include "hal/virtual_robot/fault_plan.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel::virtual_robot {
namespace {

TEST(DriveFaultPlan, CountsEachOpcodeByItself) {
  ASSERT_OK_AND_ASSIGN(DriveFaultPlan plan,
                       ParseDriveFaultPlan("# a bad day\n"
                                           "at 2 READ(10) sense 3/11/05   # dust\n"
                                           "\n"
                                           "from 1 0x5A hang\n"
                                           "at 1 WRITE(10) power-cut\n"
                                           "at 1 READ-TOC/PMA/ATIP bytes 00 0A ff"));
  EXPECT_EQ(plan.Next(0x28), nullptr);
  EXPECT_EQ(plan.Next(0x00), nullptr);
  const DriveFault* second = plan.Next(0x28);
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->sense.ToString(), "3/11/05");
  EXPECT_EQ(plan.Next(0x28), nullptr);
  EXPECT_EQ(plan.Next(0x5A)->kind, DriveFault::Kind::kHang);
  EXPECT_EQ(plan.Next(0x5A)->kind, DriveFault::Kind::kHang);
  EXPECT_EQ(plan.Next(0x2A)->kind, DriveFault::Kind::kPowerCut);
  EXPECT_EQ(plan.Next(0x43)->bytes, (std::vector<uint8_t>{0x00, 0x0A, 0xFF}));
}

TEST(DriveFaultPlan, RefusesWhatItDoesNotUnderstand) {
  for (const char* line :
       {"at", "at 0 28 hang", "at -1 28 hang", "at 1 128 hang", "at 1 READ hang", "at 1 28",
        "at 1 28 sense", "at 1 28 sense 3/11", "at 1 28 sense 10/00/00", "at 1 28 sense 3/111/00",
        "at 1 28 bytes 1G", "at 1 28 hang now", "at 1 28 power-cut now", "after 1 28 hang"}) {
    EXPECT_THAT(ParseDriveFaultPlan(line), StatusIs(absl::StatusCode::kInvalidArgument)) << line;
  }
  EXPECT_THAT(ParseDriveFaultPlan("\n\nat x 28 hang"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "fault plan, line 3: 'x' does not count from 1"));
}

TEST(MoveFaultPlan, MeetsTheNthMove) {
  ASSERT_OK_AND_ASSIGN(MoveFaultPlan plan, ParseMoveFaultPlan("move 2 gripper"));
  EXPECT_EQ(plan.Next(), nullptr);
  EXPECT_EQ(plan.Next()->kind, MoveFault::Kind::kGripper);
  EXPECT_EQ(plan.Next(), nullptr);
  for (const char* line : {"move", "move 1", "move 1 dance", "move 0 stuck", "1 stuck",
                           "move 1 silent", "read 1", "read 0 silent", "read 1 stuck"}) {
    EXPECT_THAT(ParseMoveFaultPlan(line), StatusIs(absl::StatusCode::kInvalidArgument)) << line;
  }
}

TEST(MoveFaultPlan, CountsReadingsByThemselves) {
  ASSERT_OK_AND_ASSIGN(MoveFaultPlan plan, ParseMoveFaultPlan("read 1 silent; move 1 stuck"));
  EXPECT_FALSE(plan.NextReadIsAnswered());
  EXPECT_TRUE(plan.NextReadIsAnswered());
  EXPECT_EQ(plan.Next()->kind, MoveFault::Kind::kStuck);
}

}  // namespace
}  // namespace carousel::virtual_robot
