// Moves that are not from a slot into a drive and back: between slots, through import/export slots,
// and exchanges. What all moves have in common library_test.cc asks.
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/mutex.h"
#include "hal/base/status_macros.h"
#include "hal/base/status_matchers.h"
#include "hal/changer/changer.h"
#include "hal/robot/fake_robot.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/library/library.h"

namespace carousel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

const ElementAddress kDrive0 = FakeRobot::DriveAddress(0);
const ElementAddress kSlot1 = FakeRobot::SlotAddress(1);
const ElementAddress kSlot2 = FakeRobot::SlotAddress(2);
const ElementAddress kSlot3 = FakeRobot::SlotAddress(3);
const ElementAddress kPort1 = FakeRobot::ImportExportAddress(1);
const ElementAddress kPort2 = FakeRobot::ImportExportAddress(2);

// Two drives, three slots and two import/export slots; A1 in slot1, A2 in slot2; the inventory is
// taken.
class MovesTest : public testing::Test {
 protected:
  MovesTest() {
    robot_.arm().Put(kSlot1, "A1");
    robot_.arm().Put(kSlot2, "A2");
    TakeInventory();
  }
  void TakeInventory() { EXPECT_OK(library_.TakeInventory()); }

  static absl::Status Run(Library::Planned move) {
    RETURN_IF_ERROR(move.status());
    return (*move)->Run();
  }
  absl::Status Load(const std::string& disc, const std::string& drive) {
    return Run(library_.PrepareLoad(disc, drive, "operations/1"));
  }
  absl::Status Move(const std::string& disc, const std::string& slot) {
    return Run(library_.PrepareMove(disc, slot, "operations/1"));
  }
  absl::Status Exchange(const std::string& disc, const std::string& drive) {
    return Run(library_.PrepareExchange(disc, drive, "operations/1"));
  }
  std::string PlaceOf(const std::string& disc) {
    const auto now = library_.inventory();
    return now->Find(disc) == nullptr ? "" : now->Find(disc)->Location();
  }
  static std::string MetadataOf(const absl::Status& status, const std::string& key) {
    return GetReason(status).value_or(ReasonDetail()).metadata[key];
  }

  FakeRobot robot_{2, 3, 2};
  FakeClock clock_;
  Library library_{&robot_, &clock_, nullptr, {}};
};

auto IsRefusedWith(const std::string& message) {
  return StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(message));
}

TEST_F(MovesTest, MoveADiscFromSlotToSlotWithoutADrive) {
  ASSERT_OK(Move("A1", "slot3"));
  EXPECT_EQ(PlaceOf("A1"), "slots/slot3");
  EXPECT_THAT(robot_.arm().moves(), ElementsAre(Pair(kSlot1, kSlot3)));
}

TEST_F(MovesTest, MoveADiscOutOfADriveIntoAnotherSlotThanItsOwn) {
  ASSERT_OK(Load("A1", "drive0"));
  ASSERT_OK(Move("A1", "slot3"));
  EXPECT_EQ(PlaceOf("A1"), "slots/slot3");
  ASSERT_OK(Load("A1", "drive0"));
  ASSERT_OK(Run(library_.PrepareUnload("drive0", "operations/2")));
  EXPECT_EQ(PlaceOf("A1"), "slots/slot3") << "its home is where it was taken from last";
}

TEST_F(MovesTest, RefuseASlotThatIsTakenOrNotThere) {
  EXPECT_THAT(Move("A1", "slot2"), IsRefusedWith("slots/slot2 holds discs/A2"));
  EXPECT_THAT(Move("A1", "slot1"), IsRefusedWith("slots/slot1 holds discs/A1"));
  EXPECT_THAT(Move("A1", "slot9"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Move("A9", "slot3"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(robot_.arm().moves(), IsEmpty());
}

TEST_F(MovesTest, DoNotTakeADiscOutOfADriveThatIsUsed) {
  ASSERT_OK(Load("A1", "drive0"));
  ASSERT_OK_AND_ASSIGN(const DriveLease lease,
                       robot_.FindDrive("drive0")->station->Lease("operations/burn"));
  const auto locked = imapi::GetDetail(Move("A1", "slot3"));
  ASSERT_TRUE(locked.has_value());
  EXPECT_EQ(locked->hresult, imapi::Hresult::E_IMAPI_RECORDER_LOCKED);
  EXPECT_EQ(PlaceOf("A1"), "drives/drive0");
}

TEST_F(MovesTest, SayBothEndsWhenTheArmFailsBetweenSlots) {
  robot_.arm().FailNextMove(
      {.outcome = MoveOutcome::kInGripper, .status = absl::InternalError("stuck")});
  const absl::Status status = Move("A1", "slot3");
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(MetadataOf(status, "outcome"), "in_gripper");
  EXPECT_EQ(MetadataOf(status, "source"), "slots/slot1");
  EXPECT_EQ(MetadataOf(status, "destination"), "slots/slot3");
  EXPECT_EQ(MetadataOf(status, "drive"), "");
}

TEST_F(MovesTest, ImportADiscIntoTheFirstSlotThatNobodyNeeds) {
  ASSERT_OK(Load("A1", "drive0"));  // slot1 is free now, and A1's
  robot_.arm().Put(kPort1, "B1");
  TakeInventory();
  EXPECT_EQ(PlaceOf("B1"), "importExportSlots/port1");
  ASSERT_OK(Run(library_.PrepareImport("port1", "")));
  EXPECT_EQ(PlaceOf("B1"), "slots/slot3");
}

TEST_F(MovesTest, ImportADiscIntoTheSlotThatIsNamed) {
  robot_.arm().Put(kPort2, "B1");
  TakeInventory();
  EXPECT_THAT(Run(library_.PrepareImport("port2", "slot1")), IsRefusedWith("slots/slot1 holds"));
  EXPECT_THAT(Run(library_.PrepareImport("port2", "slot9")), StatusIs(absl::StatusCode::kNotFound));
  ASSERT_OK(Run(library_.PrepareImport("port2", "slot3")));
  EXPECT_EQ(PlaceOf("B1"), "slots/slot3");
}

TEST_F(MovesTest, ImportNothingFromAnEmptyPlaceOrIntoAFullRobot) {
  EXPECT_THAT(Run(library_.PrepareImport("port1", "")), IsRefusedWith("port1 was empty"));
  EXPECT_THAT(Run(library_.PrepareImport("port9", "")), StatusIs(absl::StatusCode::kNotFound));
  robot_.arm().Put(kPort1, "B1");
  robot_.arm().Put(kSlot3, "A3");
  TakeInventory();
  EXPECT_THAT(Run(library_.PrepareImport("port1", "")), IsRefusedWith("all slots are taken"));
  EXPECT_THAT(robot_.arm().moves(), IsEmpty());
}

TEST_F(MovesTest, NeedNoBarCodeToImport) {
  robot_.arm().Put(kPort1, "");
  TakeInventory();
  EXPECT_EQ(PlaceOf("unlabelled-port1"), "importExportSlots/port1");
  ASSERT_OK(Run(library_.PrepareImport("port1", "")));
  EXPECT_EQ(PlaceOf("unlabelled-slot3"), "slots/slot3");
}

TEST_F(MovesTest, ExportADiscIntoTheFirstPlaceThatIsFree) {
  robot_.arm().Put(kPort1, "B1");
  TakeInventory();
  ASSERT_OK(Run(library_.PrepareExport("A1", "")));
  EXPECT_EQ(PlaceOf("A1"), "importExportSlots/port2");
  EXPECT_THAT(Run(library_.PrepareExport("A2", "")),
              IsRefusedWith("no import/export slot is free"));
}

TEST_F(MovesTest, ExportADiscIntoThePlaceThatIsNamed) {
  ASSERT_OK(Run(library_.PrepareExport("A1", "port2")));
  EXPECT_EQ(PlaceOf("A1"), "importExportSlots/port2");
  EXPECT_THAT(Run(library_.PrepareExport("A2", "port2")), IsRefusedWith("port2 holds discs/A1"));
  EXPECT_THAT(Run(library_.PrepareExport("A2", "port9")), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(MovesTest, ExportNothingOutOfADrive) {
  ASSERT_OK(Load("A1", "drive0"));
  EXPECT_THAT(Run(library_.PrepareExport("A1", "")),
              IsRefusedWith("in no slot but in drives/drive0"));
}

TEST_F(MovesTest, TakeNothingFromAnImportExportSlotButByAnImport) {
  robot_.arm().Put(kPort1, "B1");
  TakeInventory();
  EXPECT_THAT(Load("B1", "drive0"), IsRefusedWith("in no slot but in importExportSlots/port1"));
  EXPECT_THAT(Move("B1", "slot3"), IsRefusedWith("in importExportSlots/port1"));
}

TEST_F(MovesTest, ExchangeTwoDiscsInOneMovement) {
  ASSERT_OK(Load("A1", "drive0"));
  ASSERT_OK(Exchange("A2", "drive0"));
  EXPECT_EQ(PlaceOf("A2"), "drives/drive0");
  EXPECT_EQ(PlaceOf("A1"), "slots/slot1");
  EXPECT_THAT(robot_.arm().moves(),
              ElementsAre(Pair(kSlot1, kDrive0), Pair(kSlot2, kDrive0), Pair(kDrive0, kSlot1)));
  ASSERT_OK(Run(library_.PrepareUnload("drive0", "operations/2")));
  EXPECT_EQ(PlaceOf("A2"), "slots/slot2");
}

TEST_F(MovesTest, ExchangeTwoDiscsInTwoMovementsWhereTheChangerOffersNoOther) {
  robot_.arm().set_can_exchange(false);
  ASSERT_OK(Load("A1", "drive0"));
  ASSERT_OK(Exchange("A2", "drive0"));
  EXPECT_EQ(PlaceOf("A2"), "drives/drive0");
  EXPECT_EQ(PlaceOf("A1"), "slots/slot1");
  EXPECT_THAT(robot_.arm().moves(),
              ElementsAre(Pair(kSlot1, kDrive0), Pair(kDrive0, kSlot1), Pair(kSlot2, kDrive0)));
}

TEST_F(MovesTest, DoNotGoOnWithAnExchangeWhoseFirstMovementFailed) {
  robot_.arm().set_can_exchange(false);
  ASSERT_OK(Load("A1", "drive0"));
  robot_.arm().FailNextMove(
      {.outcome = MoveOutcome::kUnknown, .status = absl::InternalError("stuck")});
  const absl::Status status = Exchange("A2", "drive0");
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(MetadataOf(status, "disc"), "discs/A1");
  EXPECT_EQ(MetadataOf(status, "outcome"), "unknown");
  EXPECT_EQ(PlaceOf("A2"), "slots/slot2");
}

TEST_F(MovesTest, DoNotRepeatAnExchangeThatFailedAsMoves) {
  ASSERT_OK(Load("A1", "drive0"));
  robot_.arm().FailNextMove(
      {.outcome = MoveOutcome::kUnknown, .status = absl::InternalError("stuck")});
  const absl::Status status = Exchange("A2", "drive0");
  EXPECT_EQ(MetadataOf(status, "disc"), "discs/A2");
  EXPECT_EQ(MetadataOf(status, "outcome"), "unknown");
  EXPECT_EQ(robot_.arm().moves().size(), 3u);
}

TEST_F(MovesTest, ExchangeNothingWithAnEmptyDrive) {
  EXPECT_THAT(Exchange("A2", "drive0"), IsRefusedWith("drives/drive0 is empty"));
  EXPECT_EQ(robot_.FindDrive("drive0")->station->snapshot().owner, "");
}

TEST_F(MovesTest, ShowADiscThatTheArmHolds) {
  robot_.arm().Put(FakeRobot::ArmAddress(), "B1");
  TakeInventory();
  EXPECT_EQ(PlaceOf("B1"), "robot");
  EXPECT_THAT(Move("B1", "slot3"), IsRefusedWith("in no slot or drive but in robot"));
}

}  // namespace
}  // namespace carousel
