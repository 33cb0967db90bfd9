// RobotService: the robot, its drives, its slots, its discs. Moves are in moves_test.cc.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "tests/component/answer.h"
#include "tests/component/service.h"

namespace carousel::component {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;

// A1 lies in drive0 and belongs into slot1; A2 and A3 lie in slot2 and slot3; slot4 is empty.
class RobotServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    service_.AddDisc("A1", "DVD+R", 1, {"iso:192@0"});
    service_.AddDisc("A2", "CD-R", 2);
    service_.AddDisc("A3", "BD-RE", 3);
    service_.LayIntoDrive("A1", 1);
    ASSERT_OK(service_.Start());
  }

  Service service_;
};

TEST_F(RobotServiceTest, TellsWhichRobotItIsAndWhatRuns) {
  const auto robot = service_.Call(&Robots::GetRobot, "name: 'robot'");
  ASSERT_THAT(robot, Succeeds());
  EXPECT_EQ(robot->name(), "robot");
  EXPECT_EQ(robot->robot_id(), kRobotId);
  EXPECT_EQ(robot->config_digest(), service_.config().digest);
  EXPECT_EQ(robot->drive_count(), 2);
  EXPECT_EQ(robot->slot_count(), 4);
  EXPECT_FALSE(robot->draining());
  EXPECT_GT(robot->start_time().seconds(), 0);
  EXPECT_FALSE(robot->build().version().empty());
  EXPECT_FALSE(robot->build().revision().empty());
  EXPECT_EQ(robot->version(), robot->build().version() + "+" + robot->build().revision());
}

TEST_F(RobotServiceTest, KnowsNoRobotByAnotherName) {
  for (const char* name : {"", "robots/1", "robot/"}) {
    EXPECT_THAT(service_.Call(&Robots::GetRobot, std::string("name: '") + name + "'"),
                Refused("INVALID_ARGUMENT", "INVALID_NAME", {{"field", "name"}}))
        << name;
  }
}

TEST_F(RobotServiceTest, ListsDrivesInTheOrderOfConfiguration) {
  const auto drives = service_.Call(&Robots::ListDrives, "");
  ASSERT_THAT(drives, Succeeds());
  ASSERT_THAT(drives->drives(), SizeIs(2));
  const v1::Drive& full = drives->drives(0);
  EXPECT_EQ(full.name(), "drives/drive0");
  EXPECT_EQ(full.state(), v1::Drive::READY);
  EXPECT_EQ(full.state_reason(), "");
  EXPECT_EQ(full.vendor(), "CAROUSEL");
  EXPECT_EQ(full.serial_number(), "VIRTUAL-drive0");
  EXPECT_EQ(full.disc(), "discs/A1");
  EXPECT_EQ(full.home_slot(), "slots/slot1");
  EXPECT_EQ(full.profile(), "DVD+R");
  EXPECT_GT(full.media_generation(), 0u);
  EXPECT_EQ(full.operation(), "");
  const v1::Drive& empty = drives->drives(1);
  EXPECT_EQ(empty.name(), "drives/drive1");
  EXPECT_EQ(empty.state(), v1::Drive::EMPTY);
  EXPECT_EQ(empty.disc(), "");
  EXPECT_EQ(empty.profile(), "");
  EXPECT_EQ(drives->next_page_token(), "");
}

TEST(RobotOfSeveralKinds, HasADriveThatIsNotThereOutOfServiceAndWorksWithTheOthers) {
  Service service(
      {.time_scale = 1, .drives = Service::Options::Drives{.ready_seconds = 0.1}, .more = R"(
    drives { id: "sg" sg { device: "/dev/carousel-no-such-node" } }
    drives { id: "iscsi" iscsi { portal: "127.0.0.1:1" target: "iqn.2026-11.test:none" } })"});
  service.AddDisc("A1", "DVD+R", 1, {"iso:192@0"});
  service.LayIntoDrive("A1", 1);
  ASSERT_OK(service.Start());
  const auto drives = service.Call(&Robots::ListDrives, "");
  ASSERT_THAT(drives, Succeeds());
  ASSERT_THAT(drives->drives(), SizeIs(4));
  EXPECT_EQ(drives->drives(0).state(), v1::Drive::READY);
  for (const int real : {2, 3}) {
    EXPECT_EQ(drives->drives(real).state(), v1::Drive::FAILED);
    EXPECT_NE(drives->drives(real).state_reason(), "");
  }
  EXPECT_THAT(drives->drives(2).state_reason(), HasSubstr("carousel-no-such-node"));
  EXPECT_THAT(service.Call(&Robots::LoadDisc, "disc: 'discs/A1' drive: 'drives/sg'"),
              Refused("UNAVAILABLE", "ERROR_DEV_NOT_EXIST"));
}

TEST_F(RobotServiceTest, GetsADriveAsTheListHasIt) {
  const auto drives = service_.Call(&Robots::ListDrives, "");
  const auto drive = service_.Call(&Robots::GetDrive, "name: 'drives/drive0'");
  ASSERT_THAT(drive, Succeeds());
  EXPECT_EQ(drive->SerializeAsString(), drives->drives(0).SerializeAsString());
}

TEST_F(RobotServiceTest, SaysThatADriveDoesNotExist) {
  EXPECT_THAT(service_.Call(&Robots::GetDrive, "name: 'drives/drive9'"),
              Refused("NOT_FOUND", "NOT_FOUND",
                      {{"resource", "drives/drive9"}, {"resource_type", "carousel.dev/Drive"}}));
}

TEST_F(RobotServiceTest, ListsSlotsWithWhatLiesInThem) {
  const auto slots = service_.Call(&Robots::ListSlots, "");
  ASSERT_THAT(slots, Succeeds());
  std::vector<std::string> lines;
  for (const v1::Slot& slot : slots->slots()) {
    lines.push_back(slot.name() + " " + slot.disc() + (slot.full() ? " full" : " empty"));
  }
  EXPECT_THAT(lines, ElementsAre("slots/slot1  empty", "slots/slot2 discs/A2 full",
                                 "slots/slot3 discs/A3 full", "slots/slot4  empty"));
}

TEST_F(RobotServiceTest, ListsDiscsByNameWithTheirPlaces) {
  const auto discs = service_.Call(&Robots::ListDiscs, "");
  ASSERT_THAT(discs, Succeeds());
  std::vector<std::string> lines;
  for (const v1::Disc& disc : discs->discs()) {
    lines.push_back(disc.name() + " " + disc.barcode() + " " + disc.location());
  }
  EXPECT_THAT(lines, ElementsAre("discs/A1 A1 drives/drive0", "discs/A2 A2 slots/slot2",
                                 "discs/A3 A3 slots/slot3"));
}

TEST_F(RobotServiceTest, GivesListsPageByPage) {
  std::vector<std::string> names;
  v1::ListSlotsRequest request;
  request.set_page_size(3);
  do {
    const auto page = service_.Call(&Robots::ListSlots, request);
    ASSERT_THAT(page, Succeeds());
    EXPECT_THAT(page->slots(), SizeIs(testing::AllOf(testing::Ge(1), testing::Le(3))));
    for (const v1::Slot& slot : page->slots()) names.push_back(slot.name());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, ElementsAre("slots/slot1", "slots/slot2", "slots/slot3", "slots/slot4"));
}

TEST_F(RobotServiceTest, GivesNoTokenForAPageThatIsTheLast) {
  EXPECT_EQ(service_.Call(&Robots::ListDrives, "page_size: 2")->next_page_token(), "");
  EXPECT_EQ(service_.Call(&Robots::ListDiscs, "page_size: 2147483647")->next_page_token(), "");
}

TEST(RobotService, ListsADriveThatDoesNotAnswerWithItsReason) {
  Service service({.drive0 = "fault_plan: 'from 1 INQUIRY hang'"});
  service.AddDisc("A1", "DVD+R", 1);
  ASSERT_OK(service.Start());
  const auto drive = service.Call(&Robots::GetDrive, "name: 'drives/drive0'");
  ASSERT_THAT(drive, Succeeds());
  EXPECT_EQ(drive->state(), v1::Drive::FAILED);
  EXPECT_THAT(drive->state_reason(), HasSubstr("INQUIRY"));
  EXPECT_EQ(service.Call(&Robots::GetDrive, "name: 'drives/drive1'")->state(), v1::Drive::EMPTY);
  EXPECT_THAT(
      service.Call(&Robots::LoadDisc, "disc: 'discs/A1' drive: 'drives/drive0'"),
      Refused("UNAVAILABLE", "E_IMAPI_RECORDER_COMMAND_TIMEOUT", {{"drive", "drives/drive0"}}));
  const auto image = service.Call(&Images::CreateImage, "");
  EXPECT_THAT(
      service.Call(&Images::SetMultisessionInterfaces,
                   "image: '" + image->name() + "' multisession_interfaces { interfaces { " +
                       "import_recorder: 'drives/drive0' sequential {} } }"),
      Refused("UNAVAILABLE", "E_IMAPI_RECORDER_COMMAND_TIMEOUT", {{"rule", "R6"}}));
}

TEST(RobotService, ServesARobotWithoutDiscs) {
  Service service({.slots = 1});
  ASSERT_OK(service.Start());
  EXPECT_THAT(service.Call(&Robots::ListDiscs, "")->discs(), IsEmpty());
  EXPECT_THAT(service.Call(&Robots::ListSlots, "")->slots(), SizeIs(1));
}

}  // namespace
}  // namespace carousel::component
