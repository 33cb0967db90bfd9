// LoadDisc and UnloadDisc, from the request to the end of their operations.
#include <cstdint>
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

using testing::StartsWith;

constexpr char kLoadA1[] = "disc: 'discs/A1' drive: 'drives/drive0'";
constexpr char kUnload0[] = "drive: 'drives/drive0'";
constexpr char kUuid[] = " request_id: '8d4ad5b5-0000-4000-8000-000000000001'";

v1::MoveDiscMetadata MetadataOf(const Operation& operation) {
  v1::MoveDiscMetadata metadata;
  EXPECT_TRUE(operation.metadata().UnpackTo(&metadata)) << operation.ShortDebugString();
  return metadata;
}

// A1 and A2 lie in slot1 and slot2, both drives are empty.
class MovesTest : public testing::Test {
 protected:
  void StartWith(const Service::Options& options) {
    service_ = std::make_unique<Service>(options);
    service_->AddDisc("A1", "DVD+R", 1, {"iso:192@0"});
    service_->AddDisc("A2", "DVD+R", 2, {"iso:192@0"});
    ASSERT_OK(service_->Start());
  }
  Answer<Operation> Load(const std::string& text) {
    return service_->Call(&Robots::LoadDisc, text);
  }
  Answer<Operation> Unload(const std::string& text) {
    return service_->Call(&Robots::UnloadDisc, text);
  }
  v1::Drive Drive(const std::string& id) {
    return service_->Call(&Robots::GetDrive, absl::StrCat("name: 'drives/", id, "'")).value;
  }
  std::string PlaceOf(const std::string& barcode) { return service_->PlaceOf(barcode); }

  std::unique_ptr<Service> service_;
};

TEST_F(MovesTest, LoadADiscAndTellAboutIt) {
  StartWith({});
  const Operation operation = service_->End(Load(kLoadA1));
  EXPECT_THAT(operation.name(), StartsWith("operations/"));
  v1::LoadDiscResponse response;
  ASSERT_TRUE(operation.response().UnpackTo(&response)) << operation.ShortDebugString();
  EXPECT_EQ(response.drive().name(), "drives/drive0");
  EXPECT_EQ(response.drive().state(), v1::Drive::READY);
  EXPECT_EQ(response.drive().disc(), "discs/A1");
  EXPECT_EQ(response.drive().home_slot(), "slots/slot1");
  const v1::MoveDiscMetadata metadata = MetadataOf(operation);
  EXPECT_EQ(metadata.robot_id(), kRobotId);
  EXPECT_EQ(metadata.disc(), "discs/A1");
  EXPECT_EQ(metadata.source(), "slots/slot1");
  EXPECT_EQ(metadata.destination(), "drives/drive0");
  EXPECT_EQ(metadata.drive(), "drives/drive0");
  EXPECT_TRUE(metadata.has_end_time());
  EXPECT_GE(metadata.end_time().seconds(), metadata.create_time().seconds());
}

TEST_F(MovesTest, BringADiscBackToItsSlot) {
  StartWith({});
  service_->Load("A1", "drive0");
  const Operation operation = service_->End(Unload(kUnload0));
  v1::UnloadDiscResponse response;
  ASSERT_TRUE(operation.response().UnpackTo(&response)) << operation.ShortDebugString();
  EXPECT_EQ(response.slot().name(), "slots/slot1");
  EXPECT_EQ(response.slot().disc(), "discs/A1");
  EXPECT_EQ(MetadataOf(operation).source(), "drives/drive0");
  EXPECT_EQ(MetadataOf(operation).destination(), "slots/slot1");
  EXPECT_EQ(Drive("drive0").state(), v1::Drive::EMPTY);
}

TEST_F(MovesTest, KnowNoOtherDiscsAndDrives) {
  StartWith({});
  EXPECT_THAT(Load("disc: 'discs/A9' drive: 'drives/drive0'"),
              Refused("NOT_FOUND", "NOT_FOUND", {{"resource", "discs/A9"}}));
  EXPECT_THAT(Load("disc: 'discs/A1' drive: 'drives/drive9'"),
              Refused("NOT_FOUND", "NOT_FOUND", {{"resource", "drives/drive9"}}));
  EXPECT_THAT(Unload("drive: 'drives/drive9'"),
              Refused("NOT_FOUND", "NOT_FOUND", {{"resource", "drives/drive9"}}));
}

TEST_F(MovesTest, AreRefusedWhereTheInventoryForbidsThem) {
  StartWith({});
  service_->Load("A1", "drive0");
  EXPECT_THAT(Load("disc: 'discs/A2' drive: 'drives/drive0'"),
              Refused("FAILED_PRECONDITION", "CHANGER_FAILURE",
                      {{"drive", "drives/drive0"}, {"disc", "discs/A1"}}))
      << "the drive is full";
  EXPECT_THAT(Load("disc: 'discs/A1' drive: 'drives/drive1'"),
              Refused("FAILED_PRECONDITION", "CHANGER_FAILURE", {{"location", "drives/drive0"}}))
      << "the disc is in another drive";
  EXPECT_THAT(Unload("drive: 'drives/drive1'"),
              Refused("FAILED_PRECONDITION", "CHANGER_FAILURE", {{"drive", "drives/drive1"}}))
      << "the drive is empty";
}

TEST_F(MovesTest, AreRefusedWhileAnotherHasTheDrive) {
  StartWith({});
  Answer<Operation> first;
  {
    const HeldArm held(*service_);
    first = Load(kLoadA1);
    ASSERT_THAT(first, Succeeds());
    EXPECT_FALSE(first->done());
    EXPECT_EQ(Drive("drive0").operation(), first->name());
    const Refusal locked{"UNAVAILABLE",
                         "E_IMAPI_RECORDER_LOCKED",
                         {{"owner", first->name()}, {"drive", "drives/drive0"}}};
    EXPECT_THAT(Load("disc: 'discs/A2' drive: 'drives/drive0'"), IsRefusal(locked));
    EXPECT_THAT(Unload(kUnload0), IsRefusal(locked));
  }
  EXPECT_THAT(service_->End(first), Succeeds());
  EXPECT_EQ(Drive("drive0").operation(), "");
}

TEST_F(MovesTest, StartOnceForARepeatedRequest) {
  StartWith({});
  const auto first = Load(absl::StrCat(kLoadA1, kUuid));
  ASSERT_THAT(first, Succeeds());
  EXPECT_EQ(Load(absl::StrCat(kLoadA1, kUuid))->name(), first->name());
  EXPECT_THAT(service_->End(first), Succeeds());
  EXPECT_EQ(Load(absl::StrCat(kLoadA1, kUuid))->name(), first->name());
  EXPECT_THAT(Load(absl::StrCat("disc: 'discs/A2' drive: 'drives/drive1'", kUuid)),
              Refused("ALREADY_EXISTS", "REQUEST_ID_REUSED"));
  EXPECT_THAT(Unload(absl::StrCat(kUnload0, kUuid)),
              Refused("ALREADY_EXISTS", "REQUEST_ID_REUSED"));
}

TEST_F(MovesTest, TakeUuidsAsRequestIdsOnly) {
  StartWith({});
  for (const char* id : {"1", "8d4ad5b5-0000-4000-8000-00000000000", "../../etc/passwd"}) {
    const std::string text = absl::StrCat(" request_id: '", id, "'");
    const Refusal refusal{"INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "request_id"}}};
    EXPECT_THAT(Load(absl::StrCat(kLoadA1, text)), IsRefusal(refusal)) << id;
    EXPECT_THAT(Unload(absl::StrCat(kUnload0, text)), IsRefusal(refusal)) << id;
  }
}

// The first move has the arm; the second waits for it, and can be cancelled so long.
TEST_F(MovesTest, CanBeCancelledBeforeTheArmStartsAndNotLater) {
  StartWith({});
  Answer<Operation> first, second;
  {
    const HeldArm held(*service_);
    const uint64_t generation = Drive("drive0").media_generation();
    first = Load(kLoadA1);
    // Whoever opens the tray has the arm.
    ASSERT_TRUE(Eventually([&] { return Drive("drive0").media_generation() > generation; }));
    second = Load("disc: 'discs/A2' drive: 'drives/drive1'");
    for (const auto& operation : {second, first}) {
      EXPECT_THAT(service_->Call(&Operations::CancelOperation,
                                 absl::StrCat("name: '", operation->name(), "'")),
                  Succeeds());
    }
  }
  EXPECT_THAT(service_->End(second), Refused("CANCELLED", "CANCELLED"));
  EXPECT_THAT(service_->End(first), Succeeds()) << "a started move is completed";
  EXPECT_EQ(PlaceOf("A1"), "drives/drive0");
  EXPECT_EQ(PlaceOf("A2"), "slots/slot2");
  EXPECT_EQ(Drive("drive1").operation(), "");
}

struct ArmFault {
  const char* plan;
  const char* code;
  const char* outcome;
  const char* place;  // of A1 afterwards
};
TEST_F(MovesTest, SayWhereTheDiscIsWhenTheArmFails) {
  for (const ArmFault& fault : {
           ArmFault{"move 1 stuck", "INTERNAL", "still_at_source", "slots/slot1"},
           ArmFault{"move 1 gripper", "INTERNAL", "in_gripper", "robot"},
           ArmFault{"move 1 wrong-barcode", "INTERNAL", "unknown", "drives/drive0"},
           ArmFault{"move 1 exception", "INTERNAL", "still_at_source", "slots/slot1"},
           ArmFault{"move 1 source-empty", "FAILED_PRECONDITION", "still_at_source", "slots/slot1"},
           ArmFault{"move 1 door-open", "FAILED_PRECONDITION", "still_at_source", "slots/slot1"},
           ArmFault{"move 1 not-ready", "UNAVAILABLE", "still_at_source", "slots/slot1"},
       }) {
    SCOPED_TRACE(fault.plan);
    StartWith({.robot = absl::StrCat("changer_fault_plan: '", fault.plan, "'")});
    EXPECT_THAT(
        service_->End(Load(kLoadA1)),
        Refused(fault.code, "CHANGER_FAILURE", {{"outcome", fault.outcome}, {"disc", "discs/A1"}}));
    EXPECT_EQ(PlaceOf("A1"), fault.place);
    EXPECT_EQ(Drive("drive0").operation(), "") << "the drive is free again";
  }
}

TEST_F(MovesTest, AreDoneWhenTheDiscIsSeenThoughTheAnswerWasLost) {
  StartWith({.robot = "changer_fault_plan: 'move 1 hang'"});
  EXPECT_THAT(service_->End(Load(kLoadA1)), Succeeds());
  EXPECT_EQ(PlaceOf("A1"), "drives/drive0");
}

// The first readings are those of the start and of the two drives.
TEST_F(MovesTest, MoveNothingWhenTheChangerDoesNotAnswer) {
  StartWith({.robot = "changer_fault_plan: 'read 4 silent'"});
  EXPECT_THAT(service_->End(Load(kLoadA1)),
              Refused("UNAVAILABLE", "CHANGER_FAILURE", {{"outcome", "still_at_source"}}));
  EXPECT_EQ(PlaceOf("A1"), "slots/slot1");
  EXPECT_THAT(service_->End(Load(kLoadA1)), Succeeds()) << "repeated";
}

TEST_F(MovesTest, LeaveTheDiscInADriveThatDoesNotLetItGo) {
  service_ = std::make_unique<Service>(
      Service::Options{.drive0 = "fault_plan: 'from 1 START-STOP-UNIT sense 5/53/02'"});
  service_->AddDisc("A1", "DVD+R", 1, {"iso:192@0"});
  service_->LayIntoDrive("A1", 1);
  ASSERT_OK(service_->Start());
  EXPECT_THAT(service_->End(Unload(kUnload0)),
              Refused("INTERNAL", "E_FAIL", {{"drive", "drives/drive0"}}));
  EXPECT_EQ(PlaceOf("A1"), "drives/drive0");
  EXPECT_EQ(Drive("drive0").operation(), "") << "the drive is free again";
}

TEST_F(MovesTest, DoNotPutADiscIntoAHomeThatIsTaken) {
  StartWith({});
  service_->Load("A1", "drive0");
  service_->AddDisc("A3", "DVD+R", 1);
  EXPECT_THAT(service_->End(Unload(kUnload0)),
              Refused("FAILED_PRECONDITION", "CHANGER_FAILURE", {{"outcome", "still_at_source"}}))
      << "found when the arm looks";
  EXPECT_THAT(Unload(kUnload0), Refused("FAILED_PRECONDITION", "CHANGER_FAILURE",
                                        {{"slot", "slots/slot1"}, {"disc", "discs/A3"}}))
      << "known from then on";
}

TEST_F(MovesTest, MoveNothingWhenAPersonHasMovedTheDiscMeanwhile) {
  StartWith({});
  service_->LayIntoSlot("A1", 4);
  EXPECT_THAT(service_->End(Load(kLoadA1)), Refused("FAILED_PRECONDITION", "CHANGER_FAILURE"));
  EXPECT_EQ(PlaceOf("A1"), "slots/slot4") << "the inventory is new";
  EXPECT_THAT(service_->End(Load(kLoadA1)), Succeeds());
}

TEST_F(MovesTest, EndWhenTheDriveDoesNotBecomeReadyWithTheDisc) {
  StartWith({.time_scale = 500,
             .limits = "load_ready_time { seconds: 5 }",
             .drives = Service::Options::Drives{.ready_seconds = 100'000}});
  EXPECT_THAT(service_->End(Load(kLoadA1)),
              Refused("UNAVAILABLE", "E_IMAPI_RECORDER_MEDIA_BECOMING_READY"));
  EXPECT_EQ(PlaceOf("A1"), "drives/drive0");
}

TEST_F(MovesTest, DoNotGuessWhereADiscThatAPersonLaidIntoADriveBelongs) {
  service_ = std::make_unique<Service>();
  service_->AddDisc("A1", "DVD+R", 0, {"iso:192@0"});
  service_->LayIntoDrive("A1", 1);
  ASSERT_OK(service_->Start());
  EXPECT_THAT(Unload(kUnload0), Refused("FAILED_PRECONDITION", "CHANGER_FAILURE",
                                        {{"drive", "drives/drive0"}, {"disc", "discs/A1"}}));
}

}  // namespace
}  // namespace carousel::component
