#include "hal/virtual_robot/virtual_changer.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/changer/changer.h"
#include "hal/changer/changer_contract.h"
#include "hal/scsi/command.h"
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
  Element ElementAt(ElementAddress address) {
    const absl::StatusOr<std::vector<Element>> elements = setup_.robot().changer().ReadElements();
    EXPECT_OK(elements);
    for (const Element& element : *elements) {
      if (element.address == address) return element;
    }
    return {};
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

TEST_F(VirtualChangerTest, RefusesAsThePlanSays) {
  Start("move 1 source-empty; move 2 destination-full; move 3 exception");
  EXPECT_EQ(SenseOf(Move(Slot(1), Drive(0))), "5/3B/0E");
  EXPECT_EQ(SenseOf(Move(Slot(1), Drive(0))), "5/3B/0D");
  EXPECT_EQ(SenseOf(Move(Slot(1), Drive(0))), "4/40/80");
  EXPECT_EQ(PlaceOf(setup_), "slot 1");
  EXPECT_EQ(ElementAt(Slot(1)).exception->ToString(), "0/40/80");
  EXPECT_OK(setup_.robot().changer().Rescan(ElementRange{Slot(1), 1}));
  EXPECT_FALSE(ElementAt(Slot(1)).exception.has_value());
}

TEST_F(VirtualChangerTest, AnOpenDoorStopsMovesAndIsToldWhenItIsClosed) {
  Start("move 1 door-open");
  EXPECT_EQ(SenseOf(Move(Slot(1), Drive(0))), "2/04/03");
  EXPECT_EQ(SenseOf(Move(Slot(1), Drive(0))), "2/04/03") << "still open";
  setup_.clock.Advance(absl::Minutes(1));
  const MoveResult closed = Move(Slot(1), Drive(0));
  EXPECT_EQ(SenseOf(closed), "6/28/00") << "somebody was at the discs";
  EXPECT_THAT(closed.status, StatusIs(absl::StatusCode::kAborted));
  EXPECT_OK(setup_.robot().changer().ReadElements());
  EXPECT_EQ(Move(Slot(1), Drive(0)).outcome, MoveOutcome::kMoved);
}

TEST_F(VirtualChangerTest, DoesNotClaimAMoveWhoseBarcodeItDidNotSee) {
  Start("move 1 wrong-barcode; move 2 hang");
  const MoveResult wrong = Move(Slot(1), Slot(5));
  EXPECT_EQ(wrong.outcome, MoveOutcome::kUnknown);
  EXPECT_THAT(wrong.status, StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(PlaceOf(setup_), "slot 5") << "it was read wrongly";
  EXPECT_EQ(ElementAt(Slot(5)).barcode, "D1") << "once";
  const MoveResult hung = Move(Slot(2), Slot(6));
  EXPECT_EQ(hung.outcome, MoveOutcome::kMoved) << "the answer was lost, the bar code is seen";
  EXPECT_EQ(PlaceOf(setup_, "D2"), "slot 6");
}

TEST_F(VirtualChangerTest, ImportsAndExportsThroughElementsOfTheirOwn) {
  setup_.options.import_export_elements = 2;
  Start();
  const ElementAddress port = setup_.robot().import_export_element(2);
  ASSERT_OK(Move(Slot(1), port).status);
  EXPECT_EQ(PlaceOf(setup_), "ie 2");
  EXPECT_EQ(ElementAt(port).type, ElementType::kImportExport);
  EXPECT_EQ(ElementAt(port).source, Slot(1));
  EXPECT_FALSE(ElementAt(port).placed_by_operator);
  EXPECT_TRUE(ElementAt(port).can_import);
  ASSERT_OK(Move(port, Slot(7)).status);
  EXPECT_EQ(PlaceOf(setup_), "slot 7");
}

TEST_F(VirtualChangerTest, ReachesADriveOnlyWhileItsTrayIsOut) {
  Start();
  EXPECT_TRUE(ElementAt(Drive(0)).accessible);
  ASSERT_OK(Move(Slot(1), Drive(0)).status);
  EXPECT_FALSE(ElementAt(Drive(0)).accessible);
  Eject();
  EXPECT_TRUE(ElementAt(Drive(0)).accessible);
}

TEST_F(VirtualChangerTest, AnswersWhatOlderProgramsAsk) {
  Start();
  const auto way = setup_.robot().OpenChanger();
  const auto ask = [&way](std::vector<uint8_t> cdb, size_t room) {
    std::vector<uint8_t> data(room);
    scsi::Command command{.cdb_size = static_cast<uint8_t>(cdb.size()),
                          .data_in = absl::MakeSpan(data)};
    std::copy(cdb.begin(), cdb.end(), command.cdb.begin());
    const auto result = way->Execute(command);
    EXPECT_OK(result);
    data.resize(result.ok() ? result->transferred : 0);
    return data;
  };
  const std::vector<uint8_t> mode = ask({0x1A, 8, 0x1D, 0, 136, 0}, 136);
  ASSERT_EQ(mode.size(), 24u);
  EXPECT_EQ(mode[4], 0x1D);
  // All elements at once, with volume tags: four pages.
  const std::vector<uint8_t> all =
      ask({0xB8, 0x10, 0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 0, 0}, 0xFFFF);
  EXPECT_EQ(all[3], 1 + 2 + 12);
  EXPECT_EQ(ask({0x03, 0, 0, 0, 18, 0}, 18)[2], 0) << "nothing to say";
}

class VirtualChangerDevice : public ChangerContractDevice {
 public:
  VirtualChangerDevice() {
    setup_.MakeDisc("D1", {"--media=BD-R", "--slot=1"});
    setup_.MakeDisc("D2", {"--media=DVD+R", "--slot=2"});
    setup_.Start();
  }
  Changer& changer() override { return setup_.robot().changer(); }
  ElementAddress slot(int number) const override { return setup_.robot().slot_element(number); }

 private:
  mutable TestingRobot setup_;
};

INSTANTIATE_TEST_SUITE_P(Virtual, ChangerContract,
                         testing::Values(ChangerContractParam{
                             "Smc", [] { return std::make_unique<VirtualChangerDevice>(); }}),
                         ChangerContractName);

}  // namespace
}  // namespace carousel
