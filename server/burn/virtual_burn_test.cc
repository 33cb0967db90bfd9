// Burns on the drives of the virtual robot, which refuse what drives refuse: a planned session is
// written in a task of the drive's station and imported back.
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "hal/base/status_macros.h"
#include "hal/base/status_matchers.h"
#include "hal/changer/changer.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/mmc_drive.h"
#include "hal/robot/drive_station.h"
#include "hal/virtual_robot/testing_robot.h"
#include "server/burn/burn_fixture.h"
#include "server/disc_format/drive_block_reader.h"
#include "server/fs/iso9660/reader.h"

namespace carousel {
namespace {

class VirtualBurn : public BurnTest {
 protected:
  // With a disc of `medium` in the drive, ready.
  void Start(const std::string& medium, const std::string& faults = "") {
    robot_.options.drives[0].fault_plan = faults;
    robot_.MakeDisc("A", {absl::StrCat("--media=", medium)});
    robot_.Start();
    ASSERT_OK(robot_.robot()
                  .changer()
                  .Move(robot_.robot().slot_element(1), robot_.robot().drive_element(0))
                  .status);
    station_ = std::make_unique<DriveStation>(
        "drive0",
        [this]() -> absl::StatusOr<std::unique_ptr<Drive>> {
          return std::make_unique<MmcDrive>(robot_.robot().OpenDrive(0), &robot_.clock);
        },
        DriveStation::Options());
    ASSERT_OK(station_->Run([this](Drive& drive) {
      EXPECT_THAT(drive.CheckReady(), IsOkAndHolds(true));
      PlanFor(drive);
      return absl::OkStatus();
    }));
    ASSERT_NE(plan_, nullptr);
  }

  BurnReport BurnInStation() {
    BurnReport report;
    EXPECT_OK(station_->Run([&](Drive& drive) {
      report = Burn(drive);
      return absl::OkStatus();
    }));
    return report;
  }

  // The bytes of the file in the session, as our reader finds them.
  std::string Import() {
    std::string found;
    EXPECT_OK(station_->Run([&](Drive& drive) -> absl::Status {
      ASSIGN_OR_RETURN(const MediaState state, drive.ReadMediaState());
      DriveBlockReader disc(&drive, state.ReadableEnd());
      ASSIGN_OR_RETURN(const auto identified, iso9660::Identify(disc, plan_->start()));
      ASSIGN_OR_RETURN(
          const iso9660::ReadResult read,
          iso9660::ReadTree(disc, identified, iso9660::Tree::kPrimary, iso9660::Limits(), nullptr));
      ASSIGN_OR_RETURN(const FileTree::Id file, read.tree.Find("/file.bin"));
      for (const Extent& extent : read.tree.data(file).extents) {
        std::vector<uint8_t> sectors(Sectors::Holding(extent.bytes).bytes());
        RETURN_IF_ERROR(disc.Read(extent.start, absl::MakeSpan(sectors)));
        found.append(sectors.begin(), sectors.begin() + extent.bytes);
      }
      return absl::OkStatus();
    }));
    return found;
  }

  TestingRobot robot_;
  std::unique_ptr<DriveStation> station_;
};

class VirtualBurnTest : public VirtualBurn, public testing::WithParamInterface<std::string> {};

TEST_P(VirtualBurnTest, APlannedSessionIsBurntAndImportedBack) {
  ASSERT_NO_FATAL_FAILURE(Start(GetParam()));
  const BurnReport report = BurnInStation();
  ASSERT_OK(report.status);
  EXPECT_EQ(report.effect, DiscEffect::kDone);
  ASSERT_TRUE(report.after.has_value());
  EXPECT_NE(FindBurnRow(*report.after), nullptr) << "the next session";
  EXPECT_TRUE(Import() == text_);
}

TEST_P(VirtualBurnTest, ASecondSessionIsBurntBehindTheFirst) {
  ASSERT_NO_FATAL_FAILURE(Start(GetParam()));
  ASSERT_OK(BurnInStation().status);
  const Lba first_end = plan_->volume_end();
  plan_.reset();
  tree_ = FileTree();
  ASSERT_OK(station_->Run([this](Drive& drive) {
    PlanFor(drive);
    return absl::OkStatus();
  }));
  ASSERT_NE(plan_, nullptr);
  EXPECT_GE(plan_->start(), first_end);
  ASSERT_OK(BurnInStation().status);
  EXPECT_TRUE(Import() == text_);
}

std::string NameOf(std::string medium) {
  for (char& c : medium) {
    if (c == '+') c = 'P';
    if (c == '-') c = 'M';
  }
  return medium;
}

INSTANTIATE_TEST_SUITE_P(Media, VirtualBurnTest,
                         testing::Values("CD-R", "DVD-R", "DVD+R", "BD-R", "DVD+RW", "DVD-RAM",
                                         "BD-RE"),
                         [](const testing::TestParamInfo<std::string>& info) {
                           return NameOf(info.param);
                         });

// By medium, and which WRITE of the seven that the transport makes of the session.
class VirtualBurnFaultTest : public VirtualBurn,
                             public testing::WithParamInterface<std::tuple<std::string, int>> {
 protected:
  void ExpectFailure(const std::string& fault) {
    const auto [medium, at] = GetParam();
    ASSERT_NO_FATAL_FAILURE(Start(medium, absl::StrCat("at ", at, " WRITE(10) ", fault)));
    const BurnReport report = BurnInStation();
    EXPECT_FALSE(report.status.ok());
    EXPECT_NE(report.status.code(), absl::StatusCode::kUnavailable);
    EXPECT_NE(report.status.code(), absl::StatusCode::kCancelled);
    EXPECT_EQ(report.effect, DiscEffect::kUnknown);
    EXPECT_EQ(report.written, Sectors(256 * (at - 1)));
    EXPECT_FALSE(report.sha256.has_value());
    EXPECT_EQ(journal_.lines.back(), "failed");
    ASSERT_TRUE(report.after.has_value());
    EXPECT_EQ(report.after->LastCompleteSessionStart(), nullptr);
    EXPECT_OK(report.removal);
  }
};

TEST_P(VirtualBurnFaultTest, AMediumErrorEndsTheBurnWithTheSessionOpen) {
  ExpectFailure("sense 3/0C/00");
}

TEST_P(VirtualBurnFaultTest, AResetEndsTheBurnWithTheSessionOpen) { ExpectFailure("power-cut"); }

class VirtualBurnSuperblockTest : public VirtualBurn {};

TEST_F(VirtualBurnSuperblockTest, ASuperblockThatTheDriveFailsToWriteLeavesTheDiscInDoubt) {
  ASSERT_NO_FATAL_FAILURE(Start("DVD-RAM", "at 8 WRITE(10) sense 3/0C/00"));
  const BurnReport report = BurnInStation();
  EXPECT_FALSE(report.status.ok());
  EXPECT_NE(report.status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(report.effect, DiscEffect::kUnknown);
  EXPECT_EQ(report.written, plan_->sectors());
  EXPECT_TRUE(report.sha256.has_value()) << "the session itself is there";
  EXPECT_EQ(journal_.lines.back(), "failed");
}

INSTANTIATE_TEST_SUITE_P(Writes, VirtualBurnFaultTest,
                         testing::Combine(testing::Values("CD-R", "DVD+R", "BD-R"),
                                          testing::Values(1, 4, 7)),
                         [](const testing::TestParamInfo<std::tuple<std::string, int>>& info) {
                           return absl::StrCat(NameOf(std::get<0>(info.param)), "At",
                                               std::get<1>(info.param));
                         });

}  // namespace
}  // namespace carousel
