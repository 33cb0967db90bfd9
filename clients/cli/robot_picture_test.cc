#include "clients/cli/robot_picture.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace carousel::cli {
namespace {

v1::WatchRobotResponse Change(const std::string& text) {
  v1::WatchRobotResponse change;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &change)) << text;
  return change;
}

constexpr char kFirst[] = R"(
  robot { robot_id: "reading-room" version: "0.1.0+abc" }
  drives { name: "drives/drive0" state: READY disc: "discs/A0001" profile: "DVD+R" }
  drives { name: "drives/drive1" state: FAILED state_reason: "no answer" }
  slots { name: "slots/slot1" }
  slots { name: "slots/slot2" full: true disc: "discs/A0002" }
  slots { name: "slots/slot10" full: true disc: "discs/B7" }
  import_export_slots { name: "importExportSlots/port1" accessible: true })";

TEST(RobotPicture, ShowsTheArmTheDrivesAndTheWallOfSlots) {
  RobotPicture picture;
  picture.Apply(Change(kFirst));
  EXPECT_EQ(picture.Draw(40), R"(reading-room  0.1.0+abc

arm     EMPTY   -
drive0  READY   A0001  DVD+R
drive1  FAILED  -      -      no answer
port1   EMPTY   -

slot1  [     ]  slot2  [A0002]
slot10 [B7   ]
)");
}

TEST(RobotPicture, ChangesWhatIsToldAnew) {
  RobotPicture picture;
  picture.Apply(Change(kFirst));
  picture.Apply(Change(R"(
    robot { robot_id: "reading-room" arm_disc: "discs/B7" }
    slots { name: "slots/slot10" })"));
  EXPECT_THAT(picture.Draw(80), testing::HasSubstr("arm     HOLDS   B7"));
  EXPECT_THAT(picture.Draw(80), testing::HasSubstr("slot10 [     ]"));
}

TEST(RobotPicture, KeepsToItsWidth) {
  RobotPicture picture;
  picture.Apply(Change(kFirst));
  picture.Apply(Change(absl::StrCat("drives { name: 'drives/drive1' state: FAILED state_reason: '",
                                    std::string(200, 'x'), "' }")));
  const std::string text = picture.Draw(30);
  size_t start = 0;
  for (size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    EXPECT_LE(end - start, 30u) << text.substr(start, end - start);
    start = end + 1;
  }
}

TEST(RobotPicture, LetsNoDeviceMoveTheCursor) {
  RobotPicture picture;
  picture.Apply(Change("drives { name: 'drives/d' state: FAILED state_reason: '\\033[2J' }"));
  EXPECT_THAT(picture.Draw(80), testing::Not(testing::HasSubstr("\033")));
}

}  // namespace
}  // namespace carousel::cli
