// WatchRobot: what a client hears, and when it hears no more.
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "tests/component/answer.h"
#include "tests/component/service.h"

namespace carousel::component {
namespace {

// One call of WatchRobot.
class Watcher {
 public:
  explicit Watcher(const Service& service, const std::string& name = "robot")
      : stub_(v1::RobotService::NewStub(service.channel())) {
    context_.set_deadline(std::chrono::system_clock::now() + kPatience);
    v1::WatchRobotRequest request;
    request.set_name(name);
    reader_ = stub_->WatchRobot(&context_, request);
  }
  // The next response; false: the stream has ended.
  bool Read(v1::WatchRobotResponse* response) { return reader_->Read(response); }
  // Reads until `wanted` is told. False: the stream has ended before.
  bool ReadUntil(const std::function<bool(const v1::WatchRobotResponse&)>& wanted) {
    v1::WatchRobotResponse response;
    while (Read(&response)) {
      if (wanted(response)) return true;
    }
    return false;
  }
  void Cancel() { context_.TryCancel(); }
  Answer<v1::WatchRobotResponse> Finish() {
    Answer<v1::WatchRobotResponse> answer;
    answer.status = reader_->Finish();
    return answer;
  }

 private:
  std::unique_ptr<v1::RobotService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchRobotResponse>> reader_;
};

bool TellsDrive(const v1::WatchRobotResponse& response, const std::string& disc) {
  for (const v1::Drive& drive : response.drives()) {
    if (drive.name() == "drives/drive0" && drive.disc() == disc) return true;
  }
  return false;
}

// A1 lies in slot1.
class WatchTest : public testing::Test {
 protected:
  void SetUp() override {
    service_.AddDisc("A1", "DVD+R", 1, {"iso:192@0"});
    ASSERT_OK(service_.Start());
  }
  Service service_{{.limits = "max_watchers: 2"}};
};

TEST_F(WatchTest, BeginsWithTheWholeRobot) {
  Watcher watcher(service_);
  v1::WatchRobotResponse first;
  ASSERT_TRUE(watcher.Read(&first));
  EXPECT_EQ(first.robot().robot_id(), kRobotId);
  EXPECT_EQ(first.robot().drive_count(), 2);
  EXPECT_EQ(first.drives_size(), 2);
  ASSERT_EQ(first.slots_size(), 4);
  EXPECT_EQ(first.slots(0).disc(), "discs/A1");
  EXPECT_TRUE(first.has_time());
}

TEST_F(WatchTest, TellsOfADiscThatIsLoadedAndOnlyWhatChanges) {
  Watcher watcher(service_);
  v1::WatchRobotResponse response;
  ASSERT_TRUE(watcher.Read(&response));
  service_.Load("A1", "drive0");
  bool slot_told = false;
  EXPECT_TRUE(watcher.ReadUntil([&](const v1::WatchRobotResponse& change) {
    EXPECT_FALSE(change.has_robot());
    for (const v1::Slot& slot : change.slots()) {
      EXPECT_EQ(slot.name(), "slots/slot1") << "no other has changed";
      slot_told |= !slot.full();
    }
    return TellsDrive(change, "discs/A1");
  }));
  EXPECT_TRUE(slot_told);
}

TEST_F(WatchTest, EndsWhenTheClientHasHeardEnough) {
  Watcher watcher(service_);
  v1::WatchRobotResponse response;
  ASSERT_TRUE(watcher.Read(&response));
  watcher.Cancel();
  EXPECT_FALSE(watcher.ReadUntil([](const v1::WatchRobotResponse&) { return false; }));
  EXPECT_EQ(watcher.Finish().status.error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(WatchTest, TakesNoMoreWatchersThanItMayUntilOneHasGone) {
  v1::WatchRobotResponse response;
  Watcher one(service_);
  ASSERT_TRUE(one.Read(&response));
  auto two = std::make_unique<Watcher>(service_);
  ASSERT_TRUE(two->Read(&response));
  Watcher three(service_);
  EXPECT_FALSE(three.Read(&response));
  EXPECT_THAT(three.Finish(),
              Refused("RESOURCE_EXHAUSTED", "LIMIT_REACHED", {{"limit", "max_watchers"}}));
  two.reset();  // cancels
  EXPECT_TRUE(Eventually([&] { return Watcher(service_).Read(&response); }));
}

TEST_F(WatchTest, KnowsOneRobotByOneName) {
  Watcher watcher(service_, "robots/1");
  v1::WatchRobotResponse response;
  EXPECT_FALSE(watcher.Read(&response));
  EXPECT_THAT(watcher.Finish(), Refused("INVALID_ARGUMENT", "INVALID_NAME", {{"field", "name"}}));
}

TEST_F(WatchTest, EndsWhenTheServiceDrains) {
  Watcher watcher(service_);
  v1::WatchRobotResponse response;
  ASSERT_TRUE(watcher.Read(&response));
  service_.server().Drain();
  EXPECT_FALSE(watcher.ReadUntil([](const v1::WatchRobotResponse&) { return false; }));
  EXPECT_THAT(watcher.Finish(), Refused("UNAVAILABLE", "DRAINING"));
}

}  // namespace
}  // namespace carousel::component
