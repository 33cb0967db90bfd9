#include "server/library/robot_feed.h"

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "hal/robot/fake_robot.h"
#include "server/errors/errors.h"
#include "server/library/library.h"
#include "server/library/robot_view.h"

namespace carousel {
namespace {

using testing::SizeIs;

// One drive and two slots, A1 in slot1; two may watch.
class RobotFeedTest : public testing::Test {
 protected:
  RobotFeedTest() {
    robot_.arm().Put(FakeRobot::SlotAddress(1), "A1");
    EXPECT_OK(library_.TakeInventory());
    robot_.FindDrive("drive0")->station->Await(
        [](const DriveSnapshot& now) { return now.state == DriveSnapshot::State::kEmpty; },
        absl::InfiniteDuration());
  }
  // Keeps what a watcher is told.
  RobotFeed::Listener Keep() {
    return [this](std::shared_ptr<const RobotState> state) { told_.push_back(std::move(state)); };
  }

  FakeRobot robot_{1, 2};
  FakeClock clock_;
  Library library_{&robot_, &clock_, nullptr, {}};
  RobotView view_{&robot_, &library_};
  RobotFeed feed_{&view_, 2};
  std::vector<std::shared_ptr<const RobotState>> told_;
};

TEST_F(RobotFeedTest, BeginsWithTheWholeState) {
  ASSERT_OK_AND_ASSIGN(const auto watching, feed_.Subscribe(Keep()));
  ASSERT_THAT(told_, SizeIs(1));
  EXPECT_THAT(told_[0]->drives, SizeIs(1));
  ASSERT_THAT(told_[0]->slots, SizeIs(2));
  EXPECT_EQ(told_[0]->slots[0].disc, "A1");
}

TEST_F(RobotFeedTest, TellsEachChangeOnce) {
  ASSERT_OK_AND_ASSIGN(const auto watching, feed_.Subscribe(Keep()));
  feed_.Look();
  const size_t before = told_.size();
  feed_.Look();
  EXPECT_THAT(told_, SizeIs(before)) << "nothing has changed";
  robot_.arm().Put(FakeRobot::SlotAddress(2), "A2");
  ASSERT_OK(library_.TakeInventory());
  feed_.Look();
  feed_.Look();
  ASSERT_THAT(told_, SizeIs(before + 1));
  EXPECT_EQ(told_.back()->slots[1].disc, "A2");
}

TEST_F(RobotFeedTest, TakesBackWhatOnlyTheLastWatcherKnows) {
  ASSERT_OK_AND_ASSIGN(const auto one, feed_.Subscribe(Keep()));
  feed_.Look();
  robot_.arm().Put(FakeRobot::SlotAddress(2), "A2");
  ASSERT_OK(library_.TakeInventory());
  ASSERT_OK_AND_ASSIGN(const auto two, feed_.Subscribe(Keep()));
  EXPECT_EQ(told_.back()->slots[1].disc, "A2");
  robot_.arm().Take(FakeRobot::SlotAddress(2));
  ASSERT_OK(library_.TakeInventory());
  feed_.Look();
  EXPECT_EQ(told_.back()->slots[1].disc, "") << "as it was before the second came";
}

TEST_F(RobotFeedTest, TellsThatTheChangerIsSilent) {
  ASSERT_OK_AND_ASSIGN(const auto watching, feed_.Subscribe(Keep()));
  EXPECT_EQ(told_.back()->changer_reason, "");
  robot_.arm().set_read_error(absl::UnavailableError("no answer"));
  EXPECT_THAT(library_.TakeInventory(), StatusIs(absl::StatusCode::kUnavailable));
  feed_.Look();
  EXPECT_EQ(told_.back()->changer_reason, "no answer");
}

TEST_F(RobotFeedTest, TellsNothingToThoseWhoHaveGone) {
  { ASSERT_OK_AND_ASSIGN(const auto watching, feed_.Subscribe(Keep())); }
  const size_t before = told_.size();
  ASSERT_OK(library_.TakeInventory());
  robot_.arm().Put(FakeRobot::SlotAddress(2), "A2");
  ASSERT_OK(library_.TakeInventory());
  feed_.Look();
  EXPECT_THAT(told_, SizeIs(before));
}

TEST_F(RobotFeedTest, TakesNoMoreWatchersThanItMay) {
  ASSERT_OK_AND_ASSIGN(const auto one, feed_.Subscribe(Keep()));
  ASSERT_OK_AND_ASSIGN(auto two, feed_.Subscribe(Keep()));
  EXPECT_EQ(GetReason(feed_.Subscribe(Keep()).status())->reason, "LIMIT_REACHED");
  two.reset();
  EXPECT_OK(feed_.Subscribe(Keep()));
}

TEST_F(RobotFeedTest, TellsEverybodyThatItEnds) {
  ASSERT_OK_AND_ASSIGN(const auto watching, feed_.Subscribe(Keep()));
  feed_.End();
  EXPECT_EQ(told_.back(), nullptr);
  EXPECT_EQ(GetReason(feed_.Subscribe(Keep()).status())->reason, "DRAINING");
}

}  // namespace
}  // namespace carousel
