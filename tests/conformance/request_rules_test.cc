// That R1 to R5, and R6 as far as the list tells, ask no device: the robot's drives count what they
// are asked, the cache of facts counts its readings.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/drive/fake_drive.h"
#include "hal/robot/drive_station.h"
#include "hal/robot/fake_robot.h"
#include "hal/robot/robot.h"
#include "server/disc_format/media_facts_cache.h"
#include "server/image/file_system_image.h"
#include "server/image/multisession_binder.h"
#include "server/imapi/error.h"
#include "server/multisession/multisession.h"

namespace carousel {
namespace {

using multisession::Kind;
using multisession::List;

constexpr FakeDrive::Method kMethods[] = {
    FakeDrive::Method::kIdentify, FakeDrive::Method::kCheckReady,
    FakeDrive::Method::kReadMediaState, FakeDrive::Method::kRead, FakeDrive::Method::kPollEvents};

multisession::Element Of(Kind kind, bool in_use = false, std::string drive = "drive0") {
  multisession::Element element;
  element.kind = kind;
  element.in_use = in_use;
  element.import_recorder = std::move(drive);
  return element;
}

class RequestRulesTest : public testing::Test {
 protected:
  RequestRulesTest() {
    for (const DrivePlace& drive : robot_.drives()) {
      drive.station->Await(
          [](const DriveSnapshot& snapshot) {
            return snapshot.state == DriveSnapshot::State::kEmpty;
          },
          absl::Minutes(1));
    }
  }

  int CallsOfAllDrives() {
    int calls = 0;
    for (int i = 0; i < 2; ++i) {
      for (const FakeDrive::Method method : kMethods) calls += robot_.drive(i).calls(method);
    }
    return calls;
  }

  // The rule that refuses `list`; "later" if Bind returns before it is known.
  std::string RuleOf(List list) {
    auto rule = std::make_shared<std::string>("later");
    binder_.Bind({.image = image_, .list = std::move(list)},
                 [rule](absl::StatusOr<MultisessionBinder::Outcome> outcome) {
                   const auto detail = imapi::GetDetail(outcome.status());
                   *rule = detail.has_value() ? detail->metadata.at("rule") : "none";
                 });
    return *rule;
  }

  FakeRobot robot_{2, 1};
  FakeClock clock_;
  MediaFactsCache cache_;
  MultisessionBinder binder_{&robot_,
                             [this](DriveStation& station, MediaFactsCache::Callback done) {
                               cache_.Get(station, std::move(done));
                             },
                             [](absl::string_view) { return std::string(); }, nullptr};
  std::shared_ptr<FileSystemImage> image_ =
      std::make_shared<FileSystemImage>("image", 1, ImageOptions(), absl::Hours(1), &clock_);
};

TEST_F(RequestRulesTest, AskNoDevice) {
  const int calls = CallsOfAllDrives();
  EXPECT_EQ(RuleOf(std::nullopt), "R1");
  EXPECT_EQ(RuleOf(List({Of(Kind::kNull)})), "R2");
  EXPECT_EQ(RuleOf(List({Of(Kind::kForeign)})), "R2");
  EXPECT_EQ(RuleOf(List(std::vector<multisession::Element>())), "R3");
  EXPECT_EQ(RuleOf(List({Of(Kind::kSequential, true), Of(Kind::kSequential, true)})), "R4");
  EXPECT_EQ(RuleOf(List({Of(Kind::kOther, true)})), "R5");
  EXPECT_EQ(RuleOf(List({Of(Kind::kRandomWrite)})), "R5");
  EXPECT_EQ(RuleOf(List({Of(Kind::kSequential), Of(Kind::kSequential, false, "drive1")})), "R6");
  EXPECT_EQ(RuleOf(List({Of(Kind::kSequential, false, "drive7")})), "R6");
  EXPECT_EQ(CallsOfAllDrives(), calls);
  EXPECT_EQ(cache_.readings(), 0);
}

// That the counters above count.
TEST_F(RequestRulesTest, PassAGoodListOnToTheDevice) {
  const int calls = CallsOfAllDrives();
  robot_.drive(0).Hang();
  EXPECT_EQ(RuleOf(List({Of(Kind::kSequential)})), "later");
  robot_.drive(0).Release();
  // Behind the reading in the drive's queue.
  (void)robot_.drives()[0].station->Run([](Drive&) { return absl::OkStatus(); });
  EXPECT_EQ(RuleOf(List({Of(Kind::kSequential)})), "R7");
  EXPECT_GT(CallsOfAllDrives(), calls);
  EXPECT_EQ(cache_.readings(), 1);
}

TEST_F(RequestRulesTest, AnswerWhileEveryDriveHangs) {
  for (int i = 0; i < 2; ++i) {
    robot_.drive(i).Hang();
    robot_.drives()[i].station->Post([](absl::StatusOr<Drive*> drive) {
      if (drive.ok()) (void)(*drive)->PollEvents();
    });
    robot_.drive(i).WaitUntilHanging();
  }
  EXPECT_EQ(RuleOf(List({Of(Kind::kOther, true)})), "R5");
  for (int i = 0; i < 2; ++i) robot_.drive(i).Release();
}

}  // namespace
}  // namespace carousel
