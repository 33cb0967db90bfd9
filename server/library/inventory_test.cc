#include "server/library/inventory.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/robot/fake_robot.h"

namespace carousel {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

Element InSlot(int number, const std::string& barcode) {
  return {.address = FakeRobot::SlotAddress(number),
          .type = ElementType::kSlot,
          .full = true,
          .barcode = barcode};
}

Element InDrive(int index, const std::string& barcode) {
  return {.address = FakeRobot::DriveAddress(index),
          .type = ElementType::kDrive,
          .full = true,
          .barcode = barcode};
}

TEST(Inventory, NamesPlacesAsTheConfigurationDoes) {
  FakeRobot robot(2, 3);
  Element loaded = InDrive(1, "A2");
  loaded.source = FakeRobot::SlotAddress(3);
  const Inventory inventory({InSlot(1, "A1"), loaded}, robot, {});
  const DiscPlace* in_slot = inventory.Find("A1");
  ASSERT_NE(in_slot, nullptr);
  EXPECT_EQ(in_slot->Location(), "slots/slot1");
  EXPECT_EQ(in_slot->home_slot, "slot1");
  const DiscPlace* in_drive = inventory.InDrive("drive1");
  ASSERT_NE(in_drive, nullptr);
  EXPECT_EQ(in_drive->id, "A2");
  EXPECT_EQ(in_drive->Location(), "drives/drive1");
  EXPECT_EQ(in_drive->home_slot, "slot3");
  EXPECT_EQ(inventory.InSlot("slot3"), nullptr);
  EXPECT_EQ(inventory.InDrive("drive0"), nullptr);
}

TEST(Inventory, IgnoresEmptyElements) {
  FakeRobot robot(1, 1);
  EXPECT_THAT(Inventory({Element{.address = FakeRobot::SlotAddress(1)}}, robot, {}).discs(),
              IsEmpty());
}

TEST(Inventory, PrefersTheChangersMemoryOfTheHomeToOurs) {
  FakeRobot robot(2, 3);
  Element told = InDrive(0, "A1");
  told.source = FakeRobot::SlotAddress(2);
  const Inventory inventory({told, InDrive(1, "A2")}, robot,
                            {{"drive0", "slot1"}, {"drive1", "slot3"}});
  EXPECT_EQ(inventory.Find("A1")->home_slot, "slot2");
  EXPECT_EQ(inventory.Find("A2")->home_slot, "slot3");
}

TEST(Inventory, NamesUnlabelledDiscsByTheirHome) {
  FakeRobot robot(2, 3);
  const Inventory inventory({InSlot(2, ""), InDrive(0, ""), InDrive(1, "")}, robot,
                            {{"drive0", "slot1"}});
  EXPECT_THAT(inventory.discs(), ElementsAre(Field(&DiscPlace::id, "unlabelled-drive1"),
                                             Field(&DiscPlace::id, "unlabelled-slot1"),
                                             Field(&DiscPlace::id, "unlabelled-slot2")));
}

TEST(Inventory, TrustsNoBarCodeThatTwoDiscsHave) {
  FakeRobot robot(1, 3);
  const Inventory inventory({InSlot(1, "A1"), InSlot(2, "A1"), InSlot(3, "A3")}, robot, {});
  EXPECT_EQ(inventory.Find("A1"), nullptr);
  EXPECT_EQ(inventory.Find("unlabelled-slot2")->barcode, "A1");
  EXPECT_NE(inventory.Find("A3"), nullptr);
}

TEST(Inventory, MakesNoResourceIdOfABarCodeThatIsNone) {
  FakeRobot robot(1, 6);
  const Inventory inventory(
      {InSlot(1, "a/b"), InSlot(2, ".."), InSlot(3, "A 3"), InSlot(4, "\x1b[2J"),
       InSlot(5, "unlabelled-slot6"), InSlot(6, std::string(37, 'A'))},
      robot, {});
  for (const DiscPlace& disc : inventory.discs()) {
    EXPECT_EQ(disc.id, "unlabelled-" + disc.slot) << disc.barcode;
  }
}

TEST(Inventory, KeepsADiscThatIsInNoSlotOfTheConfiguration) {
  FakeRobot robot(1, 1);
  const Inventory inventory(
      {Element{.address = ElementAddress(1), .type = ElementType::kPicker, .full = true}}, robot,
      {});
  ASSERT_EQ(inventory.discs().size(), 1u);
  EXPECT_EQ(inventory.discs()[0].id, "unlabelled-element-1");
  EXPECT_EQ(inventory.discs()[0].Location(), "robot");
  EXPECT_EQ(inventory.InArm(), &inventory.discs()[0]);
}

TEST(Inventory, HasAPlaceForWhatStandsInAnElementThatNobodyNamed) {
  FakeRobot robot(1, 1);
  const Inventory inventory({Element{.address = ElementAddress(9), .full = true}}, robot, {});
  EXPECT_EQ(inventory.discs()[0].Location(), "");
  EXPECT_EQ(inventory.InArm(), nullptr);
  EXPECT_EQ(inventory.InSlot(""), nullptr);
}

TEST(Inventory, KnowsWhatImportExportSlotsDo) {
  FakeRobot robot(1, 1, 2);
  const Inventory inventory({Element{.address = FakeRobot::ImportExportAddress(2),
                                     .type = ElementType::kImportExport,
                                     .full = true,
                                     .barcode = "B1",
                                     .placed_by_operator = true,
                                     .can_import = true}},
                            robot, {});
  EXPECT_EQ(inventory.InImportExportSlot("port2")->id, "B1");
  EXPECT_EQ(inventory.discs()[0].Location(), "importExportSlots/port2");
  EXPECT_TRUE(inventory.ImportExportElement("port2")->placed_by_operator);
  EXPECT_EQ(inventory.ImportExportElement("port1"), nullptr) << "the changer did not tell of it";
}

}  // namespace
}  // namespace carousel
