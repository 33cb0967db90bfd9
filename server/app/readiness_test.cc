#include "server/app/readiness.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"
#include "hal/changer/fake_changer.h"
#include "hal/drive/drive.h"
#include "hal/robot/drive_station.h"
#include "hal/robot/matched_robot.h"
#include "server/app/inventory_keeper.h"
#include "server/library/library.h"
#include "server/library/robot_view.h"
#include "server/log/log.h"

namespace carousel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A slot and a changer; drives as the test says.
class ReadinessTest : public testing::Test {
 protected:
  void AddDeadDrive(const std::string& id) {
    devices_.push_back({id, [](MediaGeneration) -> absl::StatusOr<std::unique_ptr<Drive>> {
                          return absl::UnavailableError("no such device");
                        }});
  }
  void Build() {
    robot_ = std::make_unique<MatchedRobot>(
        std::move(devices_), std::vector<SlotPlace>{{"slot1", ElementAddress(1001)}},
        std::vector<SlotPlace>{}, &changer_, DriveStation::Options{.reopen_delay = absl::Hours(1)});
    library_ = std::make_unique<Library>(robot_.get(), &clock_, nullptr, Library::Options{});
    robots_ = std::make_unique<RobotView>(robot_.get(), library_.get());
    readiness_ = std::make_unique<Readiness>(
        library_.get(), robots_.get(), [this] { return draining_; }, &log_);
    keeper_ = std::make_unique<InventoryKeeper>(library_.get(), &log_);
    for (const DrivePlace& drive : robot_->drives()) {
      drive.station->Await(
          [](const DriveSnapshot& now) { return now.state == DriveSnapshot::State::kFailed; },
          absl::Seconds(30));
    }
  }
  void Update() {
    readiness_->Update([this](bool ready) { published_.push_back(ready); });
  }

  FakeClock clock_;
  FakeChanger changer_{{{.address = ElementAddress(1001), .type = ElementType::kSlot}}};
  std::vector<MatchedRobot::Device> devices_;
  bool draining_ = false;
  std::vector<std::string> lines_;
  Log log_{Severity::kInfo, [this](absl::string_view line) { lines_.emplace_back(line); },
           [] { return absl::UnixEpoch(); }};
  std::vector<bool> published_;
  std::unique_ptr<MatchedRobot> robot_;
  std::unique_ptr<Library> library_;
  std::unique_ptr<RobotView> robots_;
  std::unique_ptr<Readiness> readiness_;
  std::unique_ptr<InventoryKeeper> keeper_;
};

TEST_F(ReadinessTest, NothingIsWrongOnceTheChangerHasAnswered) {
  Build();
  EXPECT_THAT(readiness_->Reasons(), ElementsAre(HasSubstr("changer: ")));
  keeper_->Check();
  EXPECT_THAT(readiness_->Reasons(), IsEmpty());
}

TEST_F(ReadinessTest, NamesEachDriveThatIsDeadAndWhy) {
  AddDeadDrive("drive0");
  AddDeadDrive("drive1");
  Build();
  keeper_->Check();
  EXPECT_THAT(readiness_->Reasons(),
              ElementsAre("drives/drive0: no such device", "drives/drive1: no such device"));
}

TEST_F(ReadinessTest, ADrainingServiceIsNotReady) {
  Build();
  keeper_->Check();
  draining_ = true;
  EXPECT_THAT(readiness_->Reasons(), ElementsAre("draining"));
}

TEST_F(ReadinessTest, PublishesAndLogsChangesOnly) {
  changer_.set_read_error(absl::DeadlineExceededError("no answer"));
  Build();
  keeper_->Check();
  Update();
  Update();
  changer_.set_read_error(absl::OkStatus());
  keeper_->Check();
  Update();
  Update();
  EXPECT_THAT(published_, ElementsAre(false, true));
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("did not answer"), HasSubstr("no answer"),
                                  HasSubstr("inventory taken"), HasSubstr("\"ready\"")));
}

TEST_F(ReadinessTest, ASilentChangerIsAskedEverLessOften) {
  changer_.set_read_error(absl::DeadlineExceededError("no answer"));
  Build();
  std::vector<int64_t> pauses;
  for (int i = 0; i < 8; ++i) pauses.push_back(absl::ToInt64Seconds(keeper_->Check()));
  EXPECT_THAT(pauses, ElementsAre(1, 2, 4, 8, 16, 32, 60, 60));
  changer_.set_read_error(absl::OkStatus());
  EXPECT_EQ(keeper_->Check(), absl::Seconds(1));
  EXPECT_OK(library_->inventory_status());
}

TEST_F(ReadinessTest, AChangerThatStopsAnsweringLaterIsNoticed) {
  Build();
  keeper_->Check();
  changer_.set_read_error(absl::UnavailableError("powered off"));
  EXPECT_THAT(library_->TakeInventory(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(readiness_->Reasons(), ElementsAre("changer: powered off"));
  keeper_->Check();
  changer_.set_read_error(absl::OkStatus());
  EXPECT_EQ(keeper_->Check(), absl::Seconds(1));
  EXPECT_THAT(readiness_->Reasons(), IsEmpty());
}

}  // namespace
}  // namespace carousel
