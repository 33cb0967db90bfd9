#include "hal/virtual_robot/virtual_changer.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/changer/changer.h"
#include "hal/scsi/sense.h"
#include "hal/virtual_robot/disc_store.h"
#include "hal/virtual_robot/locations.h"
#include "hal/virtual_robot/testing_robot.h"
#include "hal/virtual_robot/virtual_robot.h"

namespace carousel {
namespace {

using virtual_robot::DiscStore;

std::string SenseOf(const MoveResult& result) {
  const std::optional<scsi::SensePayload> payload = scsi::GetSense(result.status);
  return payload.has_value() ? payload->sense.ToString() : result.status.ToString();
}

// "slot 3", "drive 1", "picker" of disc D1, as the store has it.
std::string PlaceOf(const TestingRobot& robot, const std::string& barcode = "D1") {
  const absl::StatusOr<DiscStore> store = DiscStore::Open(robot.options.store);
  return PlaceName(store->ReadLocations()->Find(barcode)->place);
}

class VirtualChangerTest : public testing::Test {
 protected:
  void Start(const std::string& faults = "") {
    setup_.options.changer_fault_plan = faults;
    setup_.MakeDisc("D1", {"--media=BD-R", "--slot=1"});
    setup_.MakeDisc("D2", {"--media=DVD+R", "--slot=2"});
    setup_.Start();
  }
  MoveResult Move(ElementAddress from, ElementAddress to) {
    return setup_.robot().changer().Move(from, to);
  }
  ElementAddress Slot(int number) { return setup_.robot().slot_element(number); }
  ElementAddress Drive(size_t index) { return setup_.robot().drive_element(index); }
  void Eject() {
    setup_.clock.Advance(absl::Minutes(1));
    while (setup_.Send({0x1B, 0, 0, 0, 2, 0}).sense != "GOOD") {
    }
  }

  TestingRobot setup_;
};

TEST_F(VirtualChangerTest, ListsElementsInTheOrderOfTheirAddresses) {
  Start();
  ASSERT_OK_AND_ASSIGN(const std::vector<Element> elements,
                       setup_.robot().changer().ReadElements());
  ASSERT_EQ(elements.size(), 1u + 2 + 12);
  EXPECT_TRUE(
      std::is_sorted(elements.begin(), elements.end(),
                     [](const Element& a, const Element& b) { return a.address < b.address; }));
  EXPECT_EQ(elements[0].type, ElementType::kPicker);
  EXPECT_EQ(elements[1].drive_serial, "SERIAL0");
  EXPECT_EQ(elements[2].drive_serial, "SERIAL1");
  EXPECT_EQ(elements[3].barcode, "D1");
  EXPECT_TRUE(elements[4].full);
  EXPECT_FALSE(elements[5].full);
}

TEST_F(VirtualChangerTest, DoesNotAnswerReadingsByItsFaultPlan) {
  Start("read 1 silent");
  EXPECT_THAT(setup_.robot().changer().ReadElements(),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_OK(setup_.robot().changer().ReadElements());
}

TEST_F(VirtualChangerTest, MovesADiscThereAndBackAndRemembersItsHome) {
  Start();
  const absl::Time start = setup_.clock.Now();
  EXPECT_EQ(Move(Slot(1), Drive(1)).outcome, MoveOutcome::kMoved);
  EXPECT_GE(setup_.clock.Now() - start, absl::Seconds(4));
  EXPECT_EQ(PlaceOf(setup_), "drive 2");
  ASSERT_OK_AND_ASSIGN(const std::vector<Element> elements,
                       setup_.robot().changer().ReadElements());
  EXPECT_EQ(elements[2].source, Slot(1));
  EXPECT_EQ(Move(Slot(2), Slot(12)).outcome, MoveOutcome::kMoved);
  EXPECT_EQ(PlaceOf(setup_, "D2"), "slot 12");
}

TEST_F(VirtualChangerTest, PlacesSurviveThePowerCycle) {
  Start();
  ASSERT_OK(Move(Slot(1), Drive(0)).status);
  setup_.Start();
  ASSERT_OK_AND_ASSIGN(const std::vector<Element> elements,
                       setup_.robot().changer().ReadElements());
  EXPECT_EQ(elements[1].barcode, "D1");
  EXPECT_EQ(elements[1].source, Slot(1));
}

TEST_F(VirtualChangerTest, RefusesMovesThatCannotBe) {
  Start();
  EXPECT_EQ(SenseOf(Move(Slot(3), Drive(0))), "5/3B/0E") << "source empty";
  EXPECT_EQ(SenseOf(Move(Slot(1), Slot(2))), "5/3B/0D") << "destination full";
  EXPECT_EQ(SenseOf(Move(Slot(1), Slot(1))), "5/3B/0D");
  EXPECT_EQ(SenseOf(Move(Slot(13), Slot(3))), "5/21/01") << "no such element";
  EXPECT_EQ(SenseOf(Move(Slot(1), ElementAddress(0))), "5/21/01");
  EXPECT_EQ(Move(Slot(3), Drive(0)).outcome, MoveOutcome::kStillAtSource);
  EXPECT_EQ(PlaceOf(setup_), "slot 1");
}

TEST_F(VirtualChangerTest, TakesADiscOnlyFromADriveThatHasReleasedIt) {
  Start();
  ASSERT_OK(Move(Slot(1), Drive(0)).status);
  EXPECT_EQ(SenseOf(Move(Drive(0), Slot(1))), "5/53/02");
  EXPECT_EQ(PlaceOf(setup_), "drive 1");
  Eject();
  EXPECT_EQ(Move(Drive(0), Slot(1)).outcome, MoveOutcome::kMoved);
  EXPECT_EQ(PlaceOf(setup_), "slot 1");
  EXPECT_EQ(setup_.Send({0, 0, 0, 0, 0, 0}).sense, "2/3A/00");
}

TEST_F(VirtualChangerTest, LaysNoDiscIntoALockedDrive) {
  Start();
  setup_.Send({0, 0, 0, 0, 0, 0});
  ASSERT_EQ(setup_.Send({0x1E, 0, 0, 0, 1, 0}).sense, "GOOD");
  EXPECT_EQ(SenseOf(Move(Slot(1), Drive(0))), "5/3B/11");
}

TEST_F(VirtualChangerTest, FailsAsThePlanSays) {
  Start("move 1 not-ready\nmove 2 stuck\nmove 3 gripper");
  const MoveResult not_ready = Move(Slot(1), Drive(0));
  EXPECT_EQ(SenseOf(not_ready), "2/04/01");
  EXPECT_THAT(not_ready.status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(not_ready.outcome, MoveOutcome::kStillAtSource);
  EXPECT_EQ(SenseOf(Move(Slot(1), Drive(0))), "4/53/00");
  EXPECT_EQ(PlaceOf(setup_), "slot 1");
  const MoveResult held = Move(Slot(1), Drive(0));
  EXPECT_EQ(SenseOf(held), "4/15/01");
  EXPECT_EQ(held.outcome, MoveOutcome::kInGripper);
  EXPECT_EQ(PlaceOf(setup_), "picker");
  EXPECT_EQ(SenseOf(Move(Slot(2), Drive(1))), "5/3B/0D") << "the hand is full";
  EXPECT_EQ(Move(virtual_robot::kPickerElement, Slot(1)).outcome, MoveOutcome::kMoved);
  EXPECT_EQ(PlaceOf(setup_), "slot 1");
}

TEST_F(VirtualChangerTest, DoesNotClaimAMoveWhoseBarcodeItDidNotSee) {
  Start("move 1 wrong-barcode; move 2 hang");
  const MoveResult wrong = Move(Slot(1), Slot(5));
  EXPECT_EQ(wrong.outcome, MoveOutcome::kUnknown);
  EXPECT_EQ(SenseOf(wrong), "4/83/00");
  const MoveResult hung = Move(Slot(2), Slot(6));
  EXPECT_EQ(hung.outcome, MoveOutcome::kUnknown);
  EXPECT_THAT(hung.status, StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(PlaceOf(setup_, "D2"), "slot 6");
}

}  // namespace
}  // namespace carousel
