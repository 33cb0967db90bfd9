#include "clients/cli/doctor.h"

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace carousel::cli {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Level = Finding::Level;

constexpr char kGood[] = R"(
  time { seconds: 1000 }
  robot { robot_id: "reading-room" version: "0.1.0" }
  drives { name: "drives/drive0" state: READY vendor: "V" product: "P" revision: "1.0" }
  drives { name: "drives/drive1" state: EMPTY vendor: "V" product: "P" revision: "1.0" })";

template <typename Message>
Message Parsed(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// `more` is merged over a robot that has nothing wrong.
std::vector<Finding> FindingsOf(const std::string& more, absl::Time now) {
  v1::WatchRobotResponse state = Parsed<v1::WatchRobotResponse>(kGood);
  state.MergeFrom(Parsed<v1::WatchRobotResponse>(more));
  return CheckRobot(state, now, now + absl::Milliseconds(10));
}
std::vector<Finding> FindingsOf(const std::string& more) {
  return FindingsOf(more, absl::FromUnixSeconds(1000));
}

auto Is(Level level, const std::string& what, const std::string& next) {
  return AllOf(Field(&Finding::level, level), Field(&Finding::what, HasSubstr(what)),
               Field(&Finding::next, HasSubstr(next)));
}

TEST(Doctor, FindsNothingWrongWithARobotThatWorks) {
  EXPECT_THAT(FindingsOf(""), Each(Field(&Finding::level, Level::kGood)));
}

TEST(Doctor, SaysWhyADriveIsOutOfServiceAndWhatToDo) {
  const struct {
    const char* reason;
    const char* next;
  } cases[] = {
      {"the changer knows no drive with serial number X", "sg_inq --page=0x80"},
      {"/dev/sg3: Permission denied", "docs/hardware.md, section 2"},
      {"/dev/sg3 is in use by another program", "fuser"},
      {"/dev/sg3: No such file or directory", "lsscsi"},
      {"nobody has heard of this", "section 5"},
  };
  for (const auto& [reason, next] : cases) {
    EXPECT_THAT(FindingsOf(std::string("drives { name: 'drives/d' state: FAILED state_reason: '") +
                           reason + "' }"),
                Contains(Is(Level::kProblem, reason, next)));
  }
}

TEST(Doctor, ComparesTheClocks) {
  EXPECT_THAT(FindingsOf("", absl::FromUnixSeconds(990)),
              Contains(Is(Level::kProblem, "9s apart", "synchronise")));
  EXPECT_THAT(FindingsOf("", absl::FromUnixSeconds(1090)),
              Contains(Is(Level::kProblem, "1m30s apart", "synchronise")));
  EXPECT_THAT(FindingsOf("", absl::FromUnixSeconds(1001)),
              Each(Field(&Finding::level, Level::kGood)));
}

TEST(Doctor, SaysThatTheChangerIsSilentOrHoldsADisc) {
  EXPECT_THAT(FindingsOf("robot { changer_reason: 'no answer' }"),
              Contains(Is(Level::kProblem, "the changer does not answer: no answer", "")));
  EXPECT_THAT(FindingsOf("robot { arm_disc: 'discs/A1' }"),
              Contains(Is(Level::kProblem, "the arm holds discs/A1", "a person")));
}

TEST(Doctor, WarnsOfDrivesOfOneModelWithDifferentFirmware) {
  EXPECT_THAT(FindingsOf("drives { name: 'drives/d' state: EMPTY vendor: 'V' product: 'P' "
                         "revision: '1.1' }"),
              Contains(Is(Level::kWarning, "V P have different firmware: 1.0, 1.1", "one")));
}

TEST(Doctor, WarnsOfDiscsThatNobodyCanName) {
  EXPECT_THAT(
      CheckDiscs({Parsed<v1::Disc>("name: 'discs/A1' barcode: 'A1' location: 'slots/slot1'"),
                  Parsed<v1::Disc>("name: 'discs/unlabelled-slot2' location: 'slots/slot2'"),
                  Parsed<v1::Disc>("name: 'discs/unlabelled-slot3' barcode: 'A9' "
                                   "location: 'slots/slot3'"),
                  Parsed<v1::Disc>("name: 'discs/A4' barcode: 'A4'")}),
      ElementsAre(
          Is(Level::kWarning, "in slots/slot2 has no bar code", "label"),
          Is(Level::kWarning, "slots/slot3, A9, is another disc's too", "label"),
          Is(Level::kWarning, "discs/A4 is in an element without a name", "name the slot")));
}

TEST(Doctor, LooksAtTheNodesOfThisMachine) {
  const LocalDevice good{
      .node = "/dev/sg1", .model = "V P", .serial = "S", .exists = true, .may_open = true};
  LocalDevice missing = good, foreign = good, nameless = good;
  missing.exists = missing.may_open = false;
  foreign.may_open = false;
  nameless.serial.clear();
  EXPECT_THAT(CheckLocalDevices({good, missing, foreign, nameless}),
              ElementsAre(Is(Level::kGood, "/dev/sg1 (drive V P) can be opened", ""),
                          Is(Level::kProblem, "has no node", "udev"),
                          Is(Level::kProblem, "may not be opened", "group"),
                          Is(Level::kWarning, "no serial number", "path")));
  EXPECT_THAT(CheckLocalDevices({}), ElementsAre(Is(Level::kGood, "no optical drives", "")));
}

TEST(Doctor, LetsNoDeviceMoveTheCursor) {
  for (const Finding& finding :
       FindingsOf("robot { changer_reason: '\\033[2J' }"
                  "drives { name: 'drives/d' state: FAILED state_reason: '\\033[2J' }")) {
    EXPECT_THAT(finding.what, Not(HasSubstr("\033")));
  }
}

}  // namespace
}  // namespace carousel::cli
