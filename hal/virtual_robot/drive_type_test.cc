#include "hal/virtual_robot/drive_type.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel::virtual_robot {
namespace {

TEST(DriveType, EachBuiltInOneIsUnderstoodAndNamedAsAsked) {
  for (const char* name : {"BD-16x", "DVD-16x", "BD-ROM-8x"}) {
    ASSERT_OK_AND_ASSIGN(const DriveType type, FindDriveType(name));
    EXPECT_EQ(type.name, name);
    EXPECT_TRUE(type.family(Family::kDvd).reads);
  }
  EXPECT_THAT(FindDriveType("LP-33"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(DriveType, TheFastestSpeedsAreThoseOfRealDrives) {
  ASSERT_OK_AND_ASSIGN(const DriveType type, FindDriveType("BD-16x"));
  const auto megabytes = [&type](Family family) {
    return type.family(family).write_speeds.front() * BaseRate(family) / 1e6;
  };
  EXPECT_NEAR(megabytes(Family::kBd), 72, 1);
  EXPECT_NEAR(megabytes(Family::kDvd), 22, 1);
}

TEST(ReadSpeed, GrowsWithTheRadiusAtConstantAngularVelocity) {
  const ReadSpeed speed{.mode = ReadSpeed::Mode::kConstantAngular, .zones = {{0, 5}, {0, 12}}};
  EXPECT_DOUBLE_EQ(speed.At(0), 5);
  EXPECT_DOUBLE_EQ(speed.At(1), 12);
  // Half of the sectors lie inside 44.4 mm, not inside 41 mm.
  EXPECT_NEAR(speed.At(0.5), 5 + 7 * (44.4 - 24) / 34, 0.01);
}

TEST(ReadSpeed, StepsAtTheZones) {
  const ReadSpeed speed{.mode = ReadSpeed::Mode::kZoned, .zones = {{0, 4}, {0.25, 6}, {0.6, 8}}};
  EXPECT_EQ(speed.At(0.24), 4);
  EXPECT_EQ(speed.At(0.25), 6);
  EXPECT_EQ(speed.At(1), 8);
}

TEST(DriveType, RefusesHostileText) {
  const std::string good(BuiltInDriveType("BD-16x"));
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"drive-type 1", "drive-type 2"},
           {"command-ms 0.5", "command-ms -1"},
           {"command-ms 0.5", "command-ms nan"},
           {"command-ms 0.5", "command-ms 1e300"},
           {"command-ms 0.5", ""},
           {"seek far 125", ""},
           {"seek 2000 50", "seek 2000 50\nseek 1000 40"},
           {"read-speed bd CAV 5 12", "read-speed bd CAV 5"},
           {"read-speed bd CAV 5 12", "read-speed bd CLV 0"},
           {"read-speed bd CAV 5 12", "read-speed bd ZCLV 10:4"},
           {"read-speed bd CAV 5 12", "read-speed bd ZCLV 0:4 0:5"},
           {"read-speed bd CAV 5 12", ""},
           {"write-speed bd 16 12", "write-speed bd 12 16"},
           {"reads cd dvd bd", "reads cd dvd"},
           {"reads cd dvd bd", "reads lp"},
           {"vendor CAROUSEL", "vendor CAROUSEL-WORKS"},
           {"tray-seconds 2", "tray-seconds 2\ntray-seconds 3"},
           {"tray-seconds 2", "tray-seconds 2\ncolour black"}}) {
    const std::string text = absl::StrReplaceAll(good, {{from, to}});
    ASSERT_NE(text, good) << from;
    EXPECT_THAT(FindDriveType(text), StatusIs(absl::StatusCode::kInvalidArgument)) << to;
  }
}

}  // namespace
}  // namespace carousel::virtual_robot
