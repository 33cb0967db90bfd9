#include "server/library/move_jobs.h"

#include <any>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/mutex.h"
#include "hal/base/status_matchers.h"
#include "hal/changer/changer.h"
#include "hal/drive/fake_media.h"
#include "hal/mmc/profile.h"
#include "hal/robot/fake_robot.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/library/library.h"
#include "server/operations/operation_runner.h"
#include "server/operations/operation_store.h"

namespace carousel {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class MoveJobsTest : public testing::Test {
 protected:
  MoveJobsTest() {
    robot_.arm().Put(FakeRobot::SlotAddress(1), "A1");
    robot_.arm().Put(FakeRobot::SlotAddress(2), "A2");
    robot_.set_media(BlankMedia(mmc::Profile::kDvdPlusR, Sectors(1000)));
    EXPECT_OK(library_.TakeInventory());
  }
  OperationView End(const std::string& id) {
    Mutex mutex;
    CondVar changed;
    bool ended = false;
    EXPECT_OK(operations_.OnDone(id, [&] {
      MutexLock lock(&mutex);
      ended = true;
      changed.SignalAll();
    }));
    MutexLock lock(&mutex);
    while (!ended) changed.Wait(&mutex);
    return *operations_.Get(id);
  }
  absl::StatusOr<std::string> Load(const std::string& disc, const std::string& drive,
                                   const RequestId& request = {}) {
    return jobs_.Start(LoadRequest{disc, drive}, "trace", request);
  }

  FakeClock clock_;
  FakeRobot robot_{2, 3, 2};
  Library library_{&robot_, &clock_, nullptr, {}};
  OperationStore operations_{&clock_, {}};
  OperationRunner runner_{&operations_};
  MoveJobs jobs_{&library_, &operations_, &runner_};
};

TEST_F(MoveJobsTest, LoadADisc) {
  ASSERT_OK_AND_ASSIGN(const std::string id, Load("A1", "drive0"));
  const OperationView ended = End(id);
  ASSERT_OK(ended.status);
  EXPECT_EQ(ended.subject.kind, OperationKind::kLoadDisc);
  EXPECT_EQ(ended.subject.drive, "drive0");
  EXPECT_EQ(ended.subject.disc, "A1");
  EXPECT_EQ(ended.subject.trace_id, "trace");
  for (const std::any& value : {ended.progress, ended.response}) {
    const auto report = std::any_cast<MoveReport>(value);
    EXPECT_EQ(report.leg.disc, "A1");
    EXPECT_EQ(report.drive, "drive0");
    EXPECT_EQ(report.leg.from.Name(), "slots/slot1");
    EXPECT_EQ(report.leg.to.Name(), "drives/drive0");
    EXPECT_FALSE(report.displaced.has_value());
  }
  EXPECT_EQ(library_.DiscInDrive("drive0"), "A1");
  EXPECT_EQ(robot_.FindDrive("drive0")->station->snapshot().owner, "");
}

TEST_F(MoveJobsTest, UnloadTheDiscThatIsInTheDrive) {
  ASSERT_OK_AND_ASSIGN(const std::string load, Load("A2", "drive1"));
  ASSERT_OK(End(load).status);
  ASSERT_OK_AND_ASSIGN(const std::string id, jobs_.Start(UnloadRequest{"drive1"}, "", {}));
  const OperationView ended = End(id);
  ASSERT_OK(ended.status);
  EXPECT_EQ(ended.subject.kind, OperationKind::kUnloadDisc);
  EXPECT_EQ(ended.subject.disc, "A2");
  EXPECT_EQ(std::any_cast<MoveReport>(ended.response).leg.to.Name(), "slots/slot2");
}

TEST_F(MoveJobsTest, LeaveNoOperationBehindARefusal) {
  EXPECT_THAT(Load("A9", "drive0"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(jobs_.Start(UnloadRequest{"drive0"}, "", {}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(operations_.List({}, INT64_MAX, 10), IsEmpty());
}

TEST_F(MoveJobsTest, HaveTheDriveForThemselvesAndAreCancelledBeforeTheArmStarts) {
  std::string id;
  {
    const MutexLock arm(&robot_.arm_mutex());
    ASSERT_OK_AND_ASSIGN(id, Load("A1", "drive0"));
    EXPECT_EQ(robot_.FindDrive("drive0")->station->snapshot().owner, "operations/" + id);
    const auto locked = imapi::GetDetail(Load("A2", "drive0").status());
    ASSERT_TRUE(locked.has_value());
    EXPECT_EQ(locked->hresult, imapi::Hresult::E_IMAPI_RECORDER_LOCKED);
    EXPECT_EQ(locked->metadata.at("owner"), "operations/" + id);
    ASSERT_OK(operations_.Cancel(id));
  }
  EXPECT_THAT(End(id).status, StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(robot_.arm().moves(), IsEmpty());
  EXPECT_EQ(robot_.FindDrive("drive0")->station->snapshot().owner, "");
}

TEST_F(MoveJobsTest, StartOnceForARepeatedRequest) {
  ASSERT_OK_AND_ASSIGN(const std::string id, Load("A1", "drive0", {"r", 1}));
  EXPECT_THAT(Load("A1", "drive0", {"r", 1}), IsOkAndHolds(id));
  EXPECT_THAT(Load("A2", "drive1", {"r", 2}), StatusIs(absl::StatusCode::kAlreadyExists));
  ASSERT_OK(End(id).status);
  EXPECT_THAT(Load("A1", "drive0", {"r", 1}), IsOkAndHolds(id));
  EXPECT_THAT(robot_.arm().moves(), SizeIs(1));
}

TEST_F(MoveJobsTest, SayWhatAnExchangeDisplaces) {
  ASSERT_OK_AND_ASSIGN(const std::string load, Load("A1", "drive0"));
  ASSERT_OK(End(load).status);
  ASSERT_OK_AND_ASSIGN(const std::string id, jobs_.Start(ExchangeRequest{"A2", "drive0"}, "", {}));
  const OperationView ended = End(id);
  ASSERT_OK(ended.status);
  EXPECT_EQ(ended.subject.kind, OperationKind::kExchangeDisc);
  const auto report = std::any_cast<MoveReport>(ended.response);
  EXPECT_EQ(report.leg.disc, "A2");
  ASSERT_TRUE(report.displaced.has_value());
  EXPECT_EQ(report.displaced->disc, "A1");
  EXPECT_EQ(report.displaced->to.Name(), "slots/slot1");
}

TEST_F(MoveJobsTest, TakeAnInventory) {
  robot_.arm().Put(FakeRobot::SlotAddress(3), "");
  ASSERT_OK_AND_ASSIGN(const std::string id, jobs_.StartInventory(false, "trace", {"i", 1}));
  const OperationView ended = End(id);
  ASSERT_OK(ended.status);
  EXPECT_EQ(ended.subject.kind, OperationKind::kTakeInventory);
  EXPECT_EQ(std::any_cast<InventoryReport>(ended.response).discs, 3u);
  EXPECT_EQ(std::any_cast<InventoryReport>(ended.response).unlabelled, 1u);
  EXPECT_THAT(jobs_.StartInventory(false, "trace", {"i", 1}), IsOkAndHolds(id));
}

TEST_F(MoveJobsTest, KeepTheOldInventoryWhileTheChangerIsSilent) {
  robot_.arm().set_read_error(absl::UnavailableError("silent"));
  for (const bool rescan : {false, true}) {
    ASSERT_OK_AND_ASSIGN(const std::string id, jobs_.StartInventory(rescan, "", {}));
    const absl::Status status = End(id).status;
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
    EXPECT_EQ(GetReason(status)->reason, "CHANGER_FAILURE");
  }
  EXPECT_THAT(library_.inventory()->discs(), SizeIs(2));
}

TEST_F(MoveJobsTest, AskTheChangerNothingAfterACancellation) {
  std::string id;
  {
    const MutexLock arm(&robot_.arm_mutex());
    ASSERT_OK_AND_ASSIGN(id, jobs_.StartInventory(true, "", {}));
    ASSERT_OK(operations_.Cancel(id));
    robot_.arm().Put(FakeRobot::SlotAddress(3), "A3");
  }
  EXPECT_THAT(End(id).status, StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(library_.inventory()->discs(), SizeIs(2));
}

TEST_F(MoveJobsTest, EndWithWhatTheArmSays) {
  robot_.arm().FailNextMove(
      {.outcome = MoveOutcome::kInGripper, .status = absl::InternalError("stuck")});
  ASSERT_OK_AND_ASSIGN(const std::string id, Load("A1", "drive0"));
  const absl::Status status = End(id).status;
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(GetReason(status)->metadata.at("outcome"), "in_gripper");
}

TEST_F(MoveJobsTest, StartNothingWhileTheServiceDrains) {
  runner_.StopAccepting();
  EXPECT_EQ(GetReason(Load("A1", "drive0").status())->reason, "DRAINING");
  EXPECT_THAT(operations_.List({}, INT64_MAX, 10), IsEmpty());
  EXPECT_EQ(robot_.FindDrive("drive0")->station->snapshot().owner, "");
}

}  // namespace
}  // namespace carousel
