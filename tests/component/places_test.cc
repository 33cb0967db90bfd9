// MoveDisc, ExchangeDisc, ImportDisc, ExportDisc and TakeInventory, from the request to the end of
// their operations. What they have in common with LoadDisc and UnloadDisc moves_test.cc asks.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "tests/component/answer.h"
#include "tests/component/service.h"

namespace carousel::component {
namespace {

constexpr char kUuid[] = " request_id: '8d4ad5b5-0000-4000-8000-000000000001'";
constexpr char kExchange[] = "disc: 'discs/A2' drive: 'drives/drive0'";

template <typename Response>
Response ResponseOf(const Operation& operation) {
  Response response;
  EXPECT_TRUE(operation.response().UnpackTo(&response)) << operation.ShortDebugString();
  return response;
}

// A1 and A2 lie in slot1 and slot2, slot3 is free; B1 lies in port1, port2 is free; both drives are
// empty.
class PlacesTest : public testing::Test {
 protected:
  void StartWith(const std::string& robot) {
    service_ =
        std::make_unique<Service>(Service::Options{.slots = 3,
                                                   .robot = robot,
                                                   .more = "import_export_slots { id: 'port1' }"
                                                           "import_export_slots { id: 'port2' }"});
    service_->AddDisc("A1", "DVD+R", 1, {"iso:192@0"});
    service_->AddDisc("A2", "DVD+R", 2, {"iso:192@0"});
    service_->AddDisc("B1", "DVD+R", 0);
    service_->LayIntoImportExportSlot("B1", 1);
    ASSERT_OK(service_->Start());
  }
  Answer<Operation> Move(const std::string& text) {
    return service_->Call(&Robots::MoveDisc, text);
  }
  Answer<Operation> Exchange(const std::string& text) {
    return service_->Call(&Robots::ExchangeDisc, text);
  }
  Answer<Operation> Import(const std::string& text) {
    return service_->Call(&Robots::ImportDisc, text);
  }
  Answer<Operation> Export(const std::string& text) {
    return service_->Call(&Robots::ExportDisc, text);
  }
  Answer<Operation> Inventory(const std::string& text) {
    return service_->Call(&Robots::TakeInventory, text);
  }
  std::string PlaceOf(const std::string& barcode) { return service_->PlaceOf(barcode); }

  std::unique_ptr<Service> service_;
};

TEST_F(PlacesTest, MovesADiscToAnotherSlot) {
  StartWith("");
  const Operation operation = service_->End(Move("disc: 'discs/A1' slot: 'slots/slot3'"));
  const auto response = ResponseOf<v1::MoveDiscResponse>(operation);
  EXPECT_EQ(response.slot().name(), "slots/slot3");
  EXPECT_EQ(response.slot().disc(), "discs/A1");
  v1::MoveDiscMetadata metadata;
  ASSERT_TRUE(operation.metadata().UnpackTo(&metadata));
  EXPECT_EQ(metadata.source(), "slots/slot1");
  EXPECT_EQ(metadata.destination(), "slots/slot3");
  EXPECT_EQ(metadata.drive(), "");
}

TEST_F(PlacesTest, MovesADiscOutOfADriveWhoseHomeIsTaken) {
  StartWith("");
  service_->Load("A1", "drive0");
  service_->AddDisc("A3", "DVD+R", 1);
  EXPECT_THAT(service_->End(service_->Call(&Robots::UnloadDisc, "drive: 'drives/drive0'")),
              Refused("FAILED_PRECONDITION", "CHANGER_FAILURE"));
  EXPECT_THAT(service_->End(Move("disc: 'discs/A1' slot: 'slots/slot3'")), Succeeds());
  EXPECT_EQ(PlaceOf("A1"), "slots/slot3");
}

TEST_F(PlacesTest, ExchangesTheDiscOfADrive) {
  StartWith("");
  service_->Load("A1", "drive0");
  const Operation operation = service_->End(Exchange(kExchange));
  const auto response = ResponseOf<v1::ExchangeDiscResponse>(operation);
  EXPECT_EQ(response.drive().name(), "drives/drive0");
  EXPECT_EQ(response.drive().disc(), "discs/A2");
  EXPECT_EQ(response.drive().state(), v1::Drive::READY);
  EXPECT_EQ(response.slot().name(), "slots/slot1");
  EXPECT_EQ(response.slot().disc(), "discs/A1");
  v1::MoveDiscMetadata metadata;
  ASSERT_TRUE(operation.metadata().UnpackTo(&metadata));
  EXPECT_EQ(metadata.disc(), "discs/A2");
  EXPECT_EQ(metadata.displaced_disc(), "discs/A1");
  EXPECT_EQ(metadata.displaced_destination(), "slots/slot1");
}

TEST_F(PlacesTest, TakesADiscInAndLetsItOutAgain) {
  StartWith("");
  const auto in = ResponseOf<v1::ImportDiscResponse>(
      service_->End(Import("import_export_slot: 'importExportSlots/port1'")));
  EXPECT_EQ(in.slot().name(), "slots/slot3");
  EXPECT_EQ(in.slot().disc(), "discs/B1");
  const auto out = ResponseOf<v1::ExportDiscResponse>(service_->End(Export("disc: 'discs/B1'")));
  EXPECT_EQ(out.import_export_slot().name(), "importExportSlots/port1");
  EXPECT_EQ(out.import_export_slot().disc(), "discs/B1");
  EXPECT_TRUE(out.import_export_slot().full());
}

TEST_F(PlacesTest, ListsItsImportExportSlots) {
  StartWith("");
  const auto list = service_->Call(&Robots::ListImportExportSlots, "page_size: 1");
  ASSERT_EQ(list->import_export_slots_size(), 1);
  EXPECT_EQ(list->import_export_slots(0).disc(), "discs/B1");
  EXPECT_TRUE(list->import_export_slots(0).can_import());
  const auto rest = service_->Call(&Robots::ListImportExportSlots,
                                   absl::StrCat("page_token: '", list->next_page_token(), "'"));
  ASSERT_EQ(rest->import_export_slots_size(), 1);
  EXPECT_EQ(rest->import_export_slots(0).name(), "importExportSlots/port2");
  EXPECT_FALSE(rest->import_export_slots(0).full());
  EXPECT_EQ(service_->Call(&Robots::GetRobot, "name: 'robot'")->import_export_slot_count(), 2);
}

TEST_F(PlacesTest, TakesAnInventoryOfWhatAPersonHasChanged) {
  StartWith("");
  service_->LayIntoSlot("A1", 3);
  service_->LayIntoImportExportSlot("A2", 2);
  EXPECT_EQ(PlaceOf("A1"), "slots/slot1") << "nobody has looked yet";
  for (const char* text : {"", "rescan: true"}) {
    const Operation operation = service_->End(Inventory(text));
    EXPECT_EQ(ResponseOf<v1::TakeInventoryResponse>(operation).disc_count(), 3);
    v1::TakeInventoryMetadata metadata;
    ASSERT_TRUE(operation.metadata().UnpackTo(&metadata));
    EXPECT_EQ(metadata.rescan(), *text != 0);
    EXPECT_EQ(metadata.robot_id(), kRobotId);
  }
  EXPECT_EQ(PlaceOf("A1"), "slots/slot3");
  EXPECT_EQ(PlaceOf("A2"), "importExportSlots/port2");
}

TEST_F(PlacesTest, KnowsNoOtherDiscsAndPlaces) {
  StartWith("");
  const Refusal no_disc{"NOT_FOUND", "NOT_FOUND", {{"resource", "discs/A9"}}};
  EXPECT_THAT(Move("disc: 'discs/A9' slot: 'slots/slot3'"), IsRefusal(no_disc));
  EXPECT_THAT(Exchange("disc: 'discs/A9' drive: 'drives/drive0'"), IsRefusal(no_disc));
  EXPECT_THAT(Export("disc: 'discs/A9'"), IsRefusal(no_disc));
  EXPECT_THAT(Move("disc: 'discs/A1' slot: 'slots/slot9'"),
              Refused("NOT_FOUND", "NOT_FOUND", {{"resource", "slots/slot9"}}));
  EXPECT_THAT(Import("import_export_slot: 'importExportSlots/port9'"),
              Refused("NOT_FOUND", "NOT_FOUND", {{"resource", "importExportSlots/port9"}}));
}

TEST_F(PlacesTest, MovesNothingWhereTheInventoryForbidsIt) {
  StartWith("");
  const Refusal refusal{"FAILED_PRECONDITION", "CHANGER_FAILURE"};
  EXPECT_THAT(Move("disc: 'discs/A1' slot: 'slots/slot2'"), IsRefusal(refusal)) << "taken";
  EXPECT_THAT(Move("disc: 'discs/B1' slot: 'slots/slot3'"), IsRefusal(refusal)) << "not in yet";
  EXPECT_THAT(Exchange(kExchange), IsRefusal(refusal)) << "the drive is empty";
  EXPECT_THAT(Import("import_export_slot: 'importExportSlots/port2'"), IsRefusal(refusal))
      << "nothing there";
  EXPECT_THAT(Export("disc: 'discs/A1' import_export_slot: 'importExportSlots/port1'"),
              IsRefusal(refusal))
      << "taken";
}

TEST_F(PlacesTest, FindsWhenTheArmLooksThatAPersonHasTakenTheDisc) {
  StartWith("");
  service_->LayIntoImportExportSlot("B1", 2);
  EXPECT_THAT(service_->End(Import("import_export_slot: 'importExportSlots/port1'")),
              Refused("FAILED_PRECONDITION", "CHANGER_FAILURE", {{"disc", "discs/B1"}}));
  EXPECT_THAT(service_->End(Import("import_export_slot: 'importExportSlots/port2'")), Succeeds());
}

TEST_F(PlacesTest, LeavesADriveAloneThatAnotherHas) {
  StartWith("");
  service_->Load("A1", "drive0");
  Answer<Operation> first;
  {
    const HeldArm held(*service_);
    first = Exchange(kExchange);
    const Refusal locked{"UNAVAILABLE", "E_IMAPI_RECORDER_LOCKED", {{"owner", first->name()}}};
    EXPECT_THAT(Exchange(kExchange), IsRefusal(locked));
    EXPECT_THAT(Move("disc: 'discs/A1' slot: 'slots/slot3'"), IsRefusal(locked));
  }
  EXPECT_THAT(service_->End(first), Succeeds());
}

TEST_F(PlacesTest, StartsOnceForARepeatedRequest) {
  StartWith("");
  const auto first = Move(absl::StrCat("disc: 'discs/A1' slot: 'slots/slot3'", kUuid));
  ASSERT_THAT(first, Succeeds());
  EXPECT_EQ(Move(absl::StrCat("disc: 'discs/A1' slot: 'slots/slot3'", kUuid))->name(),
            first->name());
  const Refusal reused{"ALREADY_EXISTS", "REQUEST_ID_REUSED"};
  EXPECT_THAT(Move(absl::StrCat("disc: 'discs/A2' slot: 'slots/slot3'", kUuid)), IsRefusal(reused));
  EXPECT_THAT(Exchange(absl::StrCat(kExchange, kUuid)), IsRefusal(reused));
  EXPECT_THAT(Import(absl::StrCat("import_export_slot: 'importExportSlots/port1'", kUuid)),
              IsRefusal(reused));
  EXPECT_THAT(Export(absl::StrCat("disc: 'discs/A2'", kUuid)), IsRefusal(reused));
  EXPECT_THAT(Inventory(kUuid), IsRefusal(reused));
  EXPECT_THAT(service_->End(first), Succeeds());
}

// The first move has the arm; what waits for it can be cancelled so long.
TEST_F(PlacesTest, CancelsAnInventoryThatHasNotBegun) {
  StartWith("");
  Answer<Operation> move, inventory;
  {
    const HeldArm held(*service_);
    const uint64_t before =
        service_->Call(&Robots::GetDrive, "name: 'drives/drive0'")->media_generation();
    move = service_->Call(&Robots::LoadDisc, "disc: 'discs/A1' drive: 'drives/drive0'");
    // Whoever opens the tray has the arm.
    ASSERT_TRUE(Eventually([&] {
      return service_->Call(&Robots::GetDrive, "name: 'drives/drive0'")->media_generation() >
             before;
    }));
    inventory = Inventory("rescan: true");
    EXPECT_THAT(service_->Call(&Operations::CancelOperation,
                               absl::StrCat("name: '", inventory->name(), "'")),
                Succeeds());
  }
  EXPECT_THAT(service_->End(inventory), Refused("CANCELLED", "CANCELLED"));
  EXPECT_THAT(service_->End(move), Succeeds());
}

// The first readings are those of the start and of the two drives.
TEST_F(PlacesTest, KeepsTheOldInventoryWhenTheChangerDoesNotAnswer) {
  StartWith("changer_fault_plan: 'read 4 silent'");
  EXPECT_THAT(service_->End(Inventory("")), Refused("UNAVAILABLE", "CHANGER_FAILURE"));
  EXPECT_EQ(PlaceOf("A1"), "slots/slot1");
  EXPECT_THAT(service_->End(Inventory("")), Succeeds()) << "repeated";
}

TEST_F(PlacesTest, SaysWhichDiscTheArmLostOnItsWayOut) {
  StartWith("changer_fault_plan: 'move 1 gripper'");
  EXPECT_THAT(service_->End(Export("disc: 'discs/A1'")),
              Refused("INTERNAL", "CHANGER_FAILURE",
                      {{"disc", "discs/A1"},
                       {"outcome", "in_gripper"},
                       {"destination", "importExportSlots/port2"}}));
  EXPECT_EQ(service_->Call(&Robots::GetRobot, "name: 'robot'")->arm_disc(), "discs/A1");
  EXPECT_EQ(PlaceOf("A1"), "robot");
}

}  // namespace
}  // namespace carousel::component
