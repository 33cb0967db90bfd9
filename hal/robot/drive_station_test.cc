#include "hal/robot/drive_station.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/mutex.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

using State = DriveSnapshot::State;
using testing::ElementsAre;
using testing::HasSubstr;

// Much longer than anything here takes: only a broken station waits so long.
constexpr absl::Duration kPatience = absl::Seconds(60);

// What stands in the drive bay: outlives the drives that are opened and closed.
class Bay {
 public:
  // Makes the bay behave otherwise from the next call of the drive on.
  void Insert(mmc::Profile profile) {
    MutexLock lock(&mutex_);
    present_ = true;
    profile_ = profile;
    ++media_changes_;
  }
  void Remove() {
    MutexLock lock(&mutex_);
    present_ = false;
    ++media_changes_;
  }
  void BreakWith(absl::Status status) {
    MutexLock lock(&mutex_);
    broken_ = std::move(status);
  }
  int opened() const {
    MutexLock lock(&mutex_);
    return opened_;
  }
  std::vector<std::string> calls() const {
    MutexLock lock(&mutex_);
    return calls_;
  }

 private:
  friend class BayDrive;
  mutable Mutex mutex_;
  absl::Status broken_ ABSL_GUARDED_BY(mutex_);
  bool present_ ABSL_GUARDED_BY(mutex_) = false;
  mmc::Profile profile_ ABSL_GUARDED_BY(mutex_) = mmc::Profile::kNone;
  int media_changes_ ABSL_GUARDED_BY(mutex_) = 0;
  int opened_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::string> calls_ ABSL_GUARDED_BY(mutex_);
};

class BayDrive : public Drive {
 public:
  BayDrive(Bay* bay, MediaGeneration first) : bay_(*bay), generation_(first) {
    MutexLock lock(&bay_.mutex_);
    ++bay_.opened_;
    seen_ = bay_.media_changes_;
  }

  absl::StatusOr<DriveIdentity> Identify() override {
    MutexLock lock(&bay_.mutex_);
    if (!bay_.broken_.ok()) return bay_.broken_;
    return DriveIdentity{.vendor = "ACME", .product = "BURNER", .serial = "S1"};
  }
  absl::StatusOr<bool> CheckReady() override {
    MutexLock lock(&bay_.mutex_);
    bay_.calls_.push_back("CheckReady");
    TakeAttention();
    if (!bay_.broken_.ok()) return bay_.broken_;
    return bay_.present_;
  }
  absl::StatusOr<MediaState> ReadMediaState() override {
    MutexLock lock(&bay_.mutex_);
    bay_.calls_.push_back("ReadMediaState");
    if (!bay_.broken_.ok()) return bay_.broken_;
    return MediaState{
        .generation = generation_, .present = bay_.present_, .profile = bay_.profile_};
  }
  absl::Status PollEvents() override {
    MutexLock lock(&bay_.mutex_);
    TakeAttention();
    return bay_.broken_;
  }
  absl::Status Read(Lba, absl::Span<uint8_t>) override {
    MutexLock lock(&bay_.mutex_);
    generation_ = generation_.Next();  // as after a failed command
    return absl::DataLossError("scratched");
  }
  absl::Status Eject() override { return absl::OkStatus(); }
  absl::Status Load() override { return absl::OkStatus(); }
  absl::Status PreventRemoval(bool) override { return absl::OkStatus(); }
  MediaGeneration generation() const override { return generation_; }

 private:
  void TakeAttention() ABSL_EXCLUSIVE_LOCKS_REQUIRED(bay_.mutex_) {
    if (seen_ != bay_.media_changes_) generation_ = generation_.Next();
    seen_ = bay_.media_changes_;
  }

  Bay& bay_;
  MediaGeneration generation_;
  int seen_ = 0;
};

DriveStation::OpenDrive Opens(Bay* bay) {
  return [bay](MediaGeneration first) -> absl::StatusOr<std::unique_ptr<Drive>> {
    return std::make_unique<BayDrive>(bay, first);
  };
}

constexpr DriveStation::Options kQuick = {.poll_interval = absl::Milliseconds(1),
                                          .reopen_delay = absl::Milliseconds(1)};
// A station that never looks by itself, so that a test decides what happens.
constexpr DriveStation::Options kStill = {.poll_interval = absl::Hours(24),
                                          .reopen_delay = absl::Hours(24)};

DriveSnapshot AwaitState(const DriveStation& station, State state) {
  return station.Await([&](const DriveSnapshot& seen) { return seen.state == state; }, kPatience);
}

absl::Status BecomingReady() {
  return scsi::SenseStatus({.key = scsi::SenseKey::kNotReady, .asc = 0x04, .ascq = 0x01}, 0x00,
                           "drive0");
}

TEST(DriveStation, OpensTheDriveAndShowsItsIdentity) {
  Bay bay;
  DriveStation station("drive0", Opens(&bay), kQuick);
  const DriveSnapshot seen = AwaitState(station, State::kEmpty);
  EXPECT_EQ(seen.state, State::kEmpty);
  EXPECT_EQ(seen.identity.serial, "S1");
  EXPECT_OK(seen.reason);
}

TEST(DriveStation, NoticesAMediumWhileNobodyAsks) {
  Bay bay;
  DriveStation station("drive0", Opens(&bay), kQuick);
  const MediaGeneration empty = AwaitState(station, State::kEmpty).generation;
  bay.Insert(mmc::Profile::kDvdPlusR);
  const DriveSnapshot loaded = AwaitState(station, State::kReady);
  EXPECT_EQ(loaded.profile, mmc::Profile::kDvdPlusR);
  EXPECT_GT(loaded.generation, empty);
  bay.Remove();
  const DriveSnapshot removed = AwaitState(station, State::kEmpty);
  EXPECT_GT(removed.generation, loaded.generation);
  EXPECT_EQ(removed.profile, mmc::Profile::kNone);
}

TEST(DriveStation, RunsTasksInTheOrderOfTheirCalls) {
  Bay bay;
  std::vector<int> order;
  DriveStation station("drive0", Opens(&bay), kStill);
  for (int i = 0; i < 3; ++i) {
    station.Post([&order, i](absl::StatusOr<Drive*>) { order.push_back(i); });
  }
  ASSERT_OK(station.Run([&](Drive&) {
    order.push_back(3);
    return absl::OkStatus();
  }));
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3));
}

TEST(DriveStation, RunsEveryTaskOnOneThreadWhicheverThreadAsks) {
  Bay bay;
  DriveStation station("drive0", Opens(&bay), kQuick);
  int unguarded = 0;  // ThreadSanitizer reports it if two threads come here
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      for (int n = 0; n < 100; ++n) {
        EXPECT_OK(station.Run([&](Drive&) {
          ++unguarded;
          return absl::OkStatus();
        }));
        station.snapshot();
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(unguarded, 400);
}

TEST(DriveStation, ReturnsTheTasksOwnError) {
  Bay bay;
  DriveStation station("drive0", Opens(&bay), kStill);
  EXPECT_THAT(station.Run([](Drive&) { return absl::DataLossError("scratched"); }),
              StatusIs(absl::StatusCode::kDataLoss, "scratched"));
}

TEST(DriveStation, ShowsTheNewGenerationAsSoonAsATaskHasChangedIt) {
  Bay bay;
  bay.Insert(mmc::Profile::kBdRe);
  DriveStation station("drive0", Opens(&bay), kStill);
  const MediaGeneration before = AwaitState(station, State::kReady).generation;
  EXPECT_FALSE(station.Run([](Drive& drive) { return drive.Read(Lba(0), {}); }).ok());
  EXPECT_GT(station.snapshot().generation, before);
}

TEST(DriveStation, IsNotReadyWhileTheDriveReportsSense) {
  Bay bay;
  DriveStation station("drive0", Opens(&bay), kQuick);
  AwaitState(station, State::kEmpty);
  bay.BreakWith(BecomingReady());
  const DriveSnapshot seen = AwaitState(station, State::kNotReady);
  EXPECT_TRUE(scsi::GetSense(seen.reason).has_value());
  EXPECT_EQ(bay.opened(), 1) << "a drive that reports sense is not opened anew";
  bay.BreakWith(absl::OkStatus());
  EXPECT_EQ(AwaitState(station, State::kEmpty).state, State::kEmpty);
}

TEST(DriveStation, OpensADriveThatIsGoneAgainAndNeverTurnsItsGenerationBack) {
  Bay bay;
  bay.Insert(mmc::Profile::kBdRe);
  DriveStation station("drive0", Opens(&bay), kQuick);
  const DriveSnapshot first = AwaitState(station, State::kReady);
  bay.BreakWith(absl::UnavailableError("no such device"));
  bay.Remove();
  const DriveSnapshot failed = AwaitState(station, State::kFailed);
  EXPECT_THAT(failed.reason, StatusIs(absl::StatusCode::kUnavailable, "no such device"));
  EXPECT_GT(failed.generation, first.generation);
  bay.BreakWith(absl::OkStatus());
  const DriveSnapshot back = AwaitState(station, State::kEmpty);
  EXPECT_GE(bay.opened(), 2);
  EXPECT_GT(back.generation, failed.generation);
}

TEST(DriveStation, PassesTheReasonToTasksWhileItIsOutOfService) {
  DriveStation station(
      "drive0",
      [](MediaGeneration) -> absl::StatusOr<std::unique_ptr<Drive>> {
        return absl::NotFoundError("/dev/sg9 is not there");
      },
      kStill);
  const auto task = [](Drive&) {
    ADD_FAILURE() << "there is no drive";
    return absl::OkStatus();
  };
  EXPECT_THAT(station.Run(task), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(station.snapshot().state, State::kFailed);
}

TEST(DriveStation, GivesTheDriveToOneOwnerAtATime) {
  Bay bay;
  DriveStation station("drive0", Opens(&bay), kStill);
  absl::StatusOr<DriveLease> lease = station.Lease("operations/1");
  ASSERT_OK(lease);
  EXPECT_EQ(station.snapshot().owner, "operations/1");
  EXPECT_THAT(station.Lease("operations/2"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("operations/1")));
  EXPECT_OK(station.Run([](Drive&) { return absl::OkStatus(); })) << "questions stay open to all";
  { DriveLease moved = *std::move(lease); }
  EXPECT_EQ(station.snapshot().owner, "");
  EXPECT_OK(station.Lease("operations/2"));
}

TEST(DriveStation, CallsEveryTaskOnceEvenIfItEndsBeforeTheTasksTurn) {
  Bay bay;
  int calls = 0;
  {
    DriveStation station("drive0", Opens(&bay), kStill);
    for (int i = 0; i < 1000; ++i) {
      station.Post([&calls](absl::StatusOr<Drive*>) { ++calls; });
    }
  }
  EXPECT_EQ(calls, 1000);
}

TEST(DriveStation, StopsWaitingForASnapshotWhenTheTimeIsOver) {
  Bay bay;
  DriveStation station("drive0", Opens(&bay), kStill);
  const DriveSnapshot seen =
      station.Await([](const DriveSnapshot&) { return false; }, absl::Milliseconds(1));
  EXPECT_NE(seen.state, State::kReady);
}

}  // namespace
}  // namespace carousel
