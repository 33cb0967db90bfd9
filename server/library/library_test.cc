#include "server/library/library.h"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/mutex.h"
#include "hal/base/status_macros.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"
#include "hal/drive/fake_drive.h"
#include "hal/drive/fake_image.h"
#include "hal/drive/media_state.h"
#include "hal/mmc/profile.h"
#include "hal/robot/drive_station.h"
#include "hal/robot/fake_robot.h"
#include "hal/scsi/sense.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/metrics/observers.h"

namespace carousel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

const ElementAddress kSlot1 = FakeRobot::SlotAddress(1);
const ElementAddress kSlot2 = FakeRobot::SlotAddress(2);
const ElementAddress kDrive0 = FakeRobot::DriveAddress(0);
const ElementAddress kDrive1 = FakeRobot::DriveAddress(1);

class MoveCounter : public MoveObserver {
 public:
  void OnMove(MoveOutcome outcome, absl::Duration) override {
    MutexLock lock(&mutex_);
    outcomes_.push_back(outcome);
  }
  std::vector<MoveOutcome> outcomes() {
    MutexLock lock(&mutex_);
    return outcomes_;
  }

 private:
  Mutex mutex_;
  std::vector<MoveOutcome> outcomes_ ABSL_GUARDED_BY(mutex_);
};

// The machine-readable reason, whoever made the error.
std::string ReasonOf(const absl::Status& status) {
  if (const auto reason = GetReason(status)) return reason->reason;
  if (const auto detail = imapi::GetDetail(status)) {
    return std::string(imapi::HresultName(detail->hresult));
  }
  return "";
}

std::string MetadataOf(const absl::Status& status, const std::string& key) {
  if (const auto reason = GetReason(status)) {
    const auto found = reason->metadata.find(key);
    return found == reason->metadata.end() ? "" : found->second;
  }
  if (const auto detail = imapi::GetDetail(status)) {
    const auto found = detail->metadata.find(key);
    return found == detail->metadata.end() ? "" : found->second;
  }
  return "";
}

// Two drives, three slots, A1 in slot1 and A2 in slot2; the inventory is taken.
class LibraryTest : public testing::Test {
 protected:
  LibraryTest() {
    robot_.arm().Put(kSlot1, "A1");
    robot_.arm().Put(kSlot2, "A2");
    EXPECT_OK(library_.TakeInventory());
  }

  absl::Status Load(const std::string& disc, const std::string& drive) {
    ASSIGN_OR_RETURN(const auto move, library_.PrepareLoad(disc, drive, "operations/test"));
    return move->Run();
  }
  absl::Status Unload(const std::string& drive) {
    ASSIGN_OR_RETURN(const auto move, library_.PrepareUnload(drive, "operations/test"));
    return move->Run();
  }
  std::string PlaceOf(const std::string& disc) {
    const auto now = library_.inventory();
    return now->Find(disc) == nullptr ? "" : now->Find(disc)->Location();
  }

  FakeRobot robot_{2, 3};
  FakeClock clock_;
  MoveCounter counter_;
  Library library_{&robot_, &clock_, &counter_, {.ready_time = absl::Minutes(1)}};
};

TEST_F(LibraryTest, LoadsADiscAndWaitsUntilItsDriveIsReady) {
  ASSERT_OK(Load("A1", "drive0"));
  EXPECT_EQ(PlaceOf("A1"), "drives/drive0");
  EXPECT_EQ(library_.DiscInDrive("drive0"), "A1");
  const DriveSnapshot drive = robot_.FindDrive("drive0")->station->snapshot();
  EXPECT_EQ(drive.state, DriveSnapshot::State::kReady);
  EXPECT_EQ(drive.owner, "") << "the drive is given back";
  EXPECT_THAT(robot_.arm().moves(), ElementsAre(Pair(kSlot1, kDrive0)));
  EXPECT_THAT(counter_.outcomes(), ElementsAre(MoveOutcome::kMoved));
}

TEST_F(LibraryTest, BringsADiscBackToTheSlotThatItCameFrom) {
  ASSERT_OK(Load("A2", "drive1"));
  ASSERT_OK(Unload("drive1"));
  EXPECT_EQ(PlaceOf("A2"), "slots/slot2");
  EXPECT_THAT(robot_.arm().moves(), ElementsAre(Pair(kSlot2, kDrive1), Pair(kDrive1, kSlot2)));
}

TEST_F(LibraryTest, TellsWhatAMoveIsAbout) {
  ASSERT_OK_AND_ASSIGN(const auto move, library_.PrepareLoad("A1", "drive0", "operations/7"));
  EXPECT_EQ(move->leg().disc, "A1");
  EXPECT_EQ(move->leg().from.Name(), "slots/slot1");
  EXPECT_EQ(move->leg().to.Name(), "drives/drive0");
  EXPECT_EQ(move->drive(), "drive0");
  EXPECT_EQ(robot_.FindDrive("drive0")->station->snapshot().owner, "operations/7");
}

TEST_F(LibraryTest, KnowsNoOtherDiscsAndDrives) {
  EXPECT_THAT(Load("A9", "drive0"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("discs/A9")));
  EXPECT_THAT(Load("A1", "drive9"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Unload("drive9"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(robot_.arm().moves(), IsEmpty());
}

TEST_F(LibraryTest, DoesNotCallGoneWhatASilentChangerMayHold) {
  robot_.arm().set_read_error(absl::DeadlineExceededError("no answer"));
  EXPECT_THAT(library_.TakeInventory(), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(library_.inventory_status(), StatusIs(absl::StatusCode::kDeadlineExceeded));
  for (const absl::Status& refused : {Load("A9", "drive0"), Unload("drive0")}) {
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kUnavailable, HasSubstr("no answer")));
    EXPECT_EQ(ReasonOf(refused), "CHANGER_FAILURE");
  }
  robot_.arm().set_read_error(absl::OkStatus());
  ASSERT_OK(library_.TakeInventory());
  EXPECT_OK(library_.inventory_status());
  EXPECT_THAT(Load("A9", "drive0"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(LibraryTest, RefusesADriveThatAnotherHas) {
  ASSERT_OK_AND_ASSIGN(const DriveLease lease,
                       robot_.FindDrive("drive0")->station->Lease("operations/1"));
  const absl::Status refused = Load("A1", "drive0");
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(ReasonOf(refused), "E_IMAPI_RECORDER_LOCKED");
  EXPECT_EQ(MetadataOf(refused, "owner"), "operations/1");
}

TEST_F(LibraryTest, RefusesWhatTheInventoryForbids) {
  ASSERT_OK(Load("A1", "drive0"));
  for (const absl::Status& refused :
       {Load("A2", "drive0"), Load("A1", "drive1"), Unload("drive1")}) {
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
    EXPECT_EQ(ReasonOf(refused), "CHANGER_FAILURE") << refused;
  }
  EXPECT_THAT(counter_.outcomes(), testing::SizeIs(1));
}

TEST_F(LibraryTest, NeverGuessesAHome) {
  robot_.arm().Put(kDrive1, "A5");  // a person did
  ASSERT_OK(library_.TakeInventory());
  EXPECT_THAT(Unload("drive1"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not known")));
  EXPECT_THAT(robot_.arm().moves(), IsEmpty());
}

TEST_F(LibraryTest, RefusesAHomeThatIsTaken) {
  ASSERT_OK(Load("A1", "drive0"));
  robot_.arm().Put(kSlot1, "A7");
  ASSERT_OK(library_.TakeInventory());
  const absl::Status refused = Unload("drive0");
  EXPECT_EQ(ReasonOf(refused), "CHANGER_FAILURE");
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("A7")));
}

TEST_F(LibraryTest, LooksBeforeItMovesAndDoesNotMoveAnotherDisc) {
  ASSERT_OK_AND_ASSIGN(const auto move, library_.PrepareLoad("A1", "drive0", "operations/1"));
  robot_.arm().Put(kSlot1, "B1");  // a person swaps the disc meanwhile
  const absl::Status refused = move->Run();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("B1")));
  EXPECT_EQ(ReasonOf(refused), "CHANGER_FAILURE");
  EXPECT_THAT(robot_.arm().moves(), IsEmpty());
  EXPECT_EQ(PlaceOf("B1"), "slots/slot1") << "the inventory is new";
}

TEST_F(LibraryTest, DoesNotMoveIntoAPlaceThatHasBeenFilledMeanwhile) {
  ASSERT_OK_AND_ASSIGN(const auto move, library_.PrepareLoad("A1", "drive0", "operations/1"));
  robot_.arm().Put(kDrive0, "B1");
  EXPECT_THAT(move->Run(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("B1")));
  EXPECT_THAT(robot_.arm().moves(), IsEmpty());
}

TEST_F(LibraryTest, SaysWhereTheDiscIsWhenTheArmFailsAndDoesNotTryAgain) {
  const std::pair<MoveOutcome, const char*> cases[] = {
      {MoveOutcome::kStillAtSource, "still_at_source"},
      {MoveOutcome::kInGripper, "in_gripper"},
      {MoveOutcome::kUnknown, "unknown"},
  };
  for (const auto& [outcome, name] : cases) {
    robot_.arm().Put(kSlot1, "A1");
    ASSERT_OK(library_.TakeInventory());
    const size_t before = robot_.arm().moves().size();
    robot_.arm().FailNextMove({outcome, absl::InternalError("gripper jammed")});
    const absl::Status failed = Load("A1", "drive0");
    EXPECT_THAT(failed, StatusIs(absl::StatusCode::kInternal, HasSubstr("gripper jammed")));
    EXPECT_EQ(ReasonOf(failed), "CHANGER_FAILURE");
    EXPECT_EQ(MetadataOf(failed, "outcome"), name);
    EXPECT_EQ(MetadataOf(failed, "disc"), "discs/A1");
    EXPECT_EQ(robot_.arm().moves().size(), before + 1);
  }
}

TEST_F(LibraryTest, MovesNothingWhileTheChangerDoesNotAnswer) {
  robot_.arm().set_read_error(absl::UnavailableError("changer is off"));
  const absl::Status failed = Load("A1", "drive0");
  EXPECT_THAT(failed, StatusIs(absl::StatusCode::kUnavailable, HasSubstr("changer is off")));
  EXPECT_EQ(ReasonOf(failed), "CHANGER_FAILURE");
  EXPECT_EQ(MetadataOf(failed, "outcome"), "still_at_source");
  EXPECT_THAT(robot_.arm().moves(), IsEmpty());
}

TEST_F(LibraryTest, MovesNothingAfterACancellation) {
  ASSERT_OK_AND_ASSIGN(const auto move, library_.PrepareLoad("A1", "drive0", "operations/1"));
  move->Cancel();
  EXPECT_THAT(move->Run(), StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(robot_.arm().moves(), IsEmpty());
}

TEST_F(LibraryTest, WaitsForADriveThatBecomesReady) {
  const absl::Status becoming_ready = scsi::SenseStatus(
      {.key = scsi::SenseKey::kNotReady, .asc = 0x04, .ascq = 0x01}, 0x00, "drive0");
  robot_.arm().set_on_moved([&](ElementAddress, ElementAddress) {
    robot_.drive(0).Insert(MediaState{.profile = mmc::Profile::kBdRe},
                           std::make_shared<FakeImage>());
    robot_.drive(0).FailNext(FakeDrive::Method::kCheckReady, becoming_ready, 5);
  });
  EXPECT_OK(Load("A1", "drive0"));
}

TEST_F(LibraryTest, SaysThatTheDiscIsInADriveThatWasNotReadyInTime) {
  const absl::Status becoming_ready = scsi::SenseStatus(
      {.key = scsi::SenseKey::kNotReady, .asc = 0x04, .ascq = 0x01}, 0x00, "drive0");
  robot_.arm().set_on_moved([&](ElementAddress, ElementAddress) {
    robot_.drive(0).FailNext(FakeDrive::Method::kCheckReady, becoming_ready, 1'000'000);
  });
  const absl::Time start = clock_.Now();
  const absl::Status late = Load("A1", "drive0");
  EXPECT_THAT(late, StatusIs(absl::StatusCode::kUnavailable, HasSubstr("1m")));
  EXPECT_EQ(ReasonOf(late), "E_IMAPI_RECORDER_MEDIA_BECOMING_READY");
  EXPECT_EQ(PlaceOf("A1"), "drives/drive0");
  EXPECT_LE(clock_.Now() - start, absl::Seconds(66));
}

TEST_F(LibraryTest, ACancellationEndsTheWaitForADriveAndSaysThatTheDiscIsInIt) {
  const absl::Status becoming_ready = scsi::SenseStatus(
      {.key = scsi::SenseKey::kNotReady, .asc = 0x04, .ascq = 0x01}, 0x00, "drive0");
  ASSERT_OK_AND_ASSIGN(const auto move, library_.PrepareLoad("A1", "drive0", "operations/1"));
  robot_.arm().set_on_moved([&](ElementAddress, ElementAddress) {
    robot_.drive(0).FailNext(FakeDrive::Method::kCheckReady, becoming_ready, 1'000'000);
    move->Cancel();
  });
  const absl::Time start = clock_.Now();
  const absl::Status ended = move->Run();
  EXPECT_THAT(ended, StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cancelled")));
  EXPECT_EQ(ReasonOf(ended), "E_IMAPI_RECORDER_MEDIA_BECOMING_READY");
  EXPECT_EQ(PlaceOf("A1"), "drives/drive0");
  EXPECT_LE(clock_.Now() - start, absl::Seconds(5));
}

TEST_F(LibraryTest, LeavesTheDiscWhereTheDriveDoesNotLetItGo) {
  ASSERT_OK(Load("A1", "drive0"));
  robot_.drive(0).FailNext(
      FakeDrive::Method::kEject,
      scsi::SenseStatus({.key = scsi::SenseKey::kIllegalRequest, .asc = 0x53, .ascq = 0x02}, 0x1B,
                        "drive0"));
  const absl::Status failed = Unload("drive0");
  EXPECT_FALSE(failed.ok());
  EXPECT_EQ(MetadataOf(failed, "drive"), "drives/drive0");
  EXPECT_EQ(PlaceOf("A1"), "drives/drive0");
  EXPECT_THAT(counter_.outcomes(), testing::SizeIs(1));
}

TEST_F(LibraryTest, ReportsAMoveThatTheSecondLookDoesNotConfirm) {
  robot_.arm().set_on_moved(
      [&](ElementAddress, ElementAddress destination) { robot_.arm().Take(destination); });
  const absl::Status failed = Load("A1", "drive0");
  EXPECT_THAT(failed, StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(MetadataOf(failed, "outcome"), "unknown");
}

TEST_F(LibraryTest, MovesOneDiscAtATimeForTwoWhoWantTwo) {
  ASSERT_OK_AND_ASSIGN(const auto first, library_.PrepareLoad("A1", "drive0", "operations/1"));
  ASSERT_OK_AND_ASSIGN(const auto second, library_.PrepareLoad("A2", "drive1", "operations/2"));
  std::thread other([&] { EXPECT_OK(second->Run()); });
  EXPECT_OK(first->Run());
  other.join();
  EXPECT_EQ(PlaceOf("A1"), "drives/drive0");
  EXPECT_EQ(PlaceOf("A2"), "drives/drive1");
}

TEST_F(LibraryTest, GivesADiscToTheFirstOfTwoWhoWantIt) {
  ASSERT_OK_AND_ASSIGN(const auto first, library_.PrepareLoad("A1", "drive0", "operations/1"));
  ASSERT_OK_AND_ASSIGN(const auto second, library_.PrepareLoad("A1", "drive1", "operations/2"));
  EXPECT_OK(first->Run());
  EXPECT_THAT(second->Run(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(robot_.arm().moves(), ElementsAre(Pair(kSlot1, kDrive0)));
}

TEST_F(LibraryTest, RemembersNothingThatAPersonChangesButByAnInventory) {
  robot_.arm().Take(kSlot1);
  EXPECT_EQ(PlaceOf("A1"), "slots/slot1");
  ASSERT_OK(library_.TakeInventory());
  EXPECT_EQ(PlaceOf("A1"), "");
}

// A drive of which nobody knows the element before it has answered.
class LateRobot : public FakeRobot {
 public:
  using FakeRobot::FakeRobot;
  std::optional<ElementAddress> DriveElement(absl::string_view id) const override {
    return answered_ ? FakeRobot::DriveElement(id) : std::nullopt;
  }
  void Answer() { answered_ = true; }

 private:
  std::atomic<bool> answered_ = false;
};

TEST(Library, KnowsTheDiscOfADriveThatAnswersAfterTheInventory) {
  LateRobot robot(1, 1);
  robot.arm().Put(kDrive0, "A1");
  FakeClock clock;
  Library library(&robot, &clock, nullptr, {});
  ASSERT_OK(library.TakeInventory());
  EXPECT_EQ(library.DiscInDrive("drive0"), "");
  robot.Answer();
  EXPECT_EQ(library.DiscInDrive("drive0"), "A1");
  EXPECT_EQ(library.inventory()->Find("A1")->Location(), "drives/drive0");
}

}  // namespace
}  // namespace carousel
