#include "hal/virtual_robot/locations.h"

#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel::virtual_robot {
namespace {

TEST(ParseLocations, ReadsSlotsDrivesAndThePicker) {
  ASSERT_OK_AND_ASSIGN(const Locations locations, ParseLocations("locations-format 1\n"
                                                                 "disc A slot 1\n"
                                                                 "disc B drive 2 home 3\n"
                                                                 "# held since the last power cut\n"
                                                                 "disc C picker home 4\n"));
  EXPECT_EQ(locations.In({Place::Kind::kSlot, 1}), "A");
  EXPECT_EQ(locations.In({Place::Kind::kDrive, 2}), "B");
  EXPECT_EQ(locations.Find("C")->home_slot, 4);
  EXPECT_EQ(locations.FreeSlot(), 2);
  EXPECT_THAT(ParseLocations(FormatLocations(locations)), IsOkAndHolds(locations));
}

TEST(ParseLocations, RefusesTwoDiscsInOnePlaceAndOneDiscInTwo) {
  EXPECT_THAT(ParseLocations("locations-format 1\ndisc A slot 1\ndisc B slot 1\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, "line 3: slot 1 already holds disc A"));
  EXPECT_THAT(ParseLocations("locations-format 1\ndisc A slot 1\ndisc A slot 2\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, "line 3: disc A is in two places"));
}

TEST(ParseLocations, RefusesWhatItDoesNotUnderstand) {
  for (const char* line :
       {"disc A", "disc A slot", "disc A slot 0", "disc A slot 65536", "disc A slot 1 home 2",
        "disc A drive 1 home", "disc A drive 1 from 2", "disc ../A slot 1", "disc A shelf 1",
        "disk A slot 1", "disc A picker 1"}) {
    EXPECT_THAT(ParseLocations(std::string("locations-format 1\n") + line),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << line;
  }
  EXPECT_THAT(ParseLocations(""), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseLocations("locations-format 2\n"), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace carousel::virtual_robot
