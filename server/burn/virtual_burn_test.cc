// Burns on the drives of the virtual robot, which refuse what drives refuse: a planned session is
// written in a task of the drive's station and imported back.
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_macros.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/drive.h"
#include "hal/drive/media_state.h"
#include "hal/drive/mmc_drive.h"
#include "hal/mmc/profile.h"
#include "hal/robot/drive_station.h"
#include "hal/virtual_robot/testing_robot.h"
#include "server/burn/burn_fixture.h"
#include "server/disc_format/drive_block_reader.h"
#include "server/disc_format/media_facts.h"
#include "server/disc_format/media_facts_reader.h"
#include "server/fs/iso9660/reader.h"
#include "server/image/file_tree.h"

namespace carousel {
namespace {

class VirtualBurn : public BurnTest {
 protected:
  // With a disc made of `words` of carousel-disc in the drive, ready.
  void Start(std::vector<std::string> words, const std::string& faults = "") {
    robot_.options.drives[0].fault_plan = faults;
    robot_.MakeDisc("A", std::move(words));
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
    PlanInStation();
  }

  // The next session: a file of its own, and those of the sessions before where they lie.
  void PlanInStation() {
    plan_.reset();
    tree_ = FileTree();
    for (const auto& [name, data] : old_files_) {
      ASSERT_OK(tree_.Add(FileTree::kRoot, name, data));
    }
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

  // The bytes of each file of the newest session, as our reader finds them.
  std::map<std::string, std::string> Import() {
    std::map<std::string, std::string> found;
    EXPECT_OK(station_->Run([&](Drive& drive) -> absl::Status {
      ASSIGN_OR_RETURN(const MediaFacts facts, ReadMediaFacts(drive));
      EXPECT_EQ(facts.newest_session(), plan_->start());
      ASSIGN_OR_RETURN(const MediaState state, drive.ReadMediaState());
      DriveBlockReader disc(&drive, state.ReadableEnd());
      ASSIGN_OR_RETURN(const auto identified, iso9660::Identify(disc, plan_->start()));
      ASSIGN_OR_RETURN(
          const iso9660::ReadResult read,
          iso9660::ReadTree(disc, identified, iso9660::Tree::kPrimary, iso9660::Limits(), nullptr));
      old_files_.clear();
      for (const FileTree::Id file : read.tree.Children(FileTree::kRoot, 0, 100)) {
        const std::string name(read.tree.name(file));
        old_files_.emplace_back(name, read.tree.data(file));
        ASSIGN_OR_RETURN(found[name], Contents(disc, read.tree.data(file)));
      }
      return absl::OkStatus();
    }));
    return found;
  }

  static absl::StatusOr<std::string> Contents(DriveBlockReader& disc, const EntryData& data) {
    std::string text;
    for (const Extent& extent : data.extents) {
      std::vector<uint8_t> sectors(Sectors::Holding(extent.bytes).bytes());
      RETURN_IF_ERROR(disc.Read(extent.start, absl::MakeSpan(sectors)));
      text.append(sectors.begin(), sectors.begin() + extent.bytes);
    }
    return text;
  }

  // The disc's data as they lie in the store.
  std::string DataFile() const {
    std::ifstream file(absl::StrCat(robot_.options.store, "/discs/A/data"), std::ios::binary);
    file.seekg(0, std::ios::end);
    std::string bytes(static_cast<size_t>(file.tellg()), '\0');
    file.seekg(0);
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return bytes;
  }

  TestingRobot robot_;
  std::unique_ptr<DriveStation> station_;
  std::vector<std::pair<std::string, EntryData>> old_files_;
};

struct Medium {
  std::string name;
  std::vector<std::string> words;  // of carousel-disc
  int sessions = 3;                // that it takes
};

class VirtualBurnTest : public VirtualBurn, public testing::WithParamInterface<Medium> {};

TEST_P(VirtualBurnTest, SessionsAreBurntOneBehindTheOtherAndEachIsImportedBack) {
  ASSERT_NO_FATAL_FAILURE(Start(GetParam().words));
  std::map<std::string, std::string> files;
  for (int session = 1; session <= GetParam().sessions; ++session) {
    SCOPED_TRACE(session);
    const Lba earlier_end = plan_->start();
    if (session > 1) {
      ASSERT_NO_FATAL_FAILURE(PlanInStation());
    }
    EXPECT_TRUE(session == 1 || plan_->start() > earlier_end);
    const bool write_once = !mmc::IsOverwritable(request_.disc.profile);
    const std::string before = write_once ? DataFile() : "";
    const BurnReport report = BurnInStation();
    ASSERT_OK(report.status);
    EXPECT_OK(report.removal);
    EXPECT_EQ(report.effect, DiscEffect::kDone);
    EXPECT_EQ(report.written, plan_->sectors());
    ASSERT_TRUE(report.after.has_value());
    EXPECT_EQ(FindBurnRow(*report.after) != nullptr, GetParam().sessions > 1) << "the next session";
    files[file_name_] = text_;
    EXPECT_TRUE(Import() == files);
    if (write_once) {
      EXPECT_EQ(DataFile().compare(0, before.size(), before), 0) << "what was written has changed";
    }
    text_ += absl::StrCat("session ", session);
    file_name_ = absl::StrCat("file", session, ".bin");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Media, VirtualBurnTest,
    testing::Values(
        Medium{"CdR", {"--media=CD-R"}}, Medium{"CdRw", {"--media=CD-RW"}},
        Medium{"DvdR", {"--media=DVD-R"}}, Medium{"DvdRDl", {"--media=DVD-R-DL"}, 1},
        Medium{"DvdRw", {"--media=DVD-RW"}},
        Medium{"DvdRwBlankedMinimally", {"--media=DVD-RW", "--minimally-blanked"}, 1},
        Medium{"DvdRwRestricted", {"--media=DVD-RW-RO"}},
        Medium{"DvdRwQuicklyFormatted", {"--media=DVD-RW-RO", "--intermediate"}},
        Medium{"DvdRwFormattedInPart", {"--media=DVD-RW-RO", "--formatted=320"}},
        Medium{"DvdPlusR", {"--media=DVD+R"}}, Medium{"DvdPlusRDl", {"--media=DVD+R-DL"}},
        Medium{"DvdPlusRw", {"--media=DVD+RW"}},
        Medium{"DvdPlusRwNew", {"--media=DVD+RW", "--state=unformatted"}},
        Medium{"DvdPlusRwFormattedInPart",
               {"--media=DVD+RW", "--formatted=320", "--background-format=suspended"}},
        Medium{"DvdPlusRwDl", {"--media=DVD+RW-DL"}}, Medium{"DvdRam", {"--media=DVD-RAM"}},
        Medium{"BdR", {"--media=BD-R"}}, Medium{"BdRDl", {"--media=BD-R-DL"}},
        Medium{"BdRWithSpares", {"--media=BD-R", "--spares"}}, Medium{"BdRe", {"--media=BD-RE"}},
        Medium{"BdReNew", {"--media=BD-RE", "--state=unformatted"}},
        Medium{"BdReDl", {"--media=BD-RE-DL"}}),
    [](const testing::TestParamInfo<Medium>& info) { return info.param.name; });

class SimulationTest : public VirtualBurn, public testing::WithParamInterface<Medium> {};

TEST_P(SimulationTest, ATestWriteLeavesTheDiscAsItWasAndTheNextBurnIsReal) {
  ASSERT_NO_FATAL_FAILURE(Start(GetParam().words));
  const std::string before = DataFile();
  request_.simulate = true;
  const BurnReport report = BurnInStation();
  ASSERT_OK(report.status);
  EXPECT_TRUE(report.simulated);
  EXPECT_EQ(report.effect, DiscEffect::kNone);
  EXPECT_EQ(report.written, plan_->sectors());
  EXPECT_TRUE(journal_.lines.empty());
  ASSERT_TRUE(report.after.has_value());
  EXPECT_EQ(report.after->disc_status, DiscStatus::kBlank);
  EXPECT_EQ(DataFile(), before);
  request_.simulate = false;
  ASSERT_NO_FATAL_FAILURE(PlanInStation());
  ASSERT_OK(BurnInStation().status);
  EXPECT_EQ(Import()[file_name_], text_);
}

INSTANTIATE_TEST_SUITE_P(
    Media, SimulationTest,
    testing::Values(Medium{"CdR", {"--media=CD-R"}}, Medium{"CdRw", {"--media=CD-RW"}},
                    Medium{"DvdR", {"--media=DVD-R"}}, Medium{"DvdRDl", {"--media=DVD-R-DL"}},
                    Medium{"DvdRw", {"--media=DVD-RW"}},
                    Medium{"DvdRwBlankedMinimally", {"--media=DVD-RW", "--minimally-blanked"}}),
    [](const testing::TestParamInfo<Medium>& info) { return info.param.name; });

class VirtualBurnChoiceTest : public VirtualBurn {};

TEST_F(VirtualBurnChoiceTest, ADiscThatWasFormattedAndIsNotWrittenThenIsNoLongerAsItWas) {
  ASSERT_NO_FATAL_FAILURE(
      Start({"--media=DVD+RW", "--state=unformatted"}, "at 1 WRITE(10) sense 5/24/00"));
  const BurnReport report = BurnInStation();
  EXPECT_FALSE(report.status.ok());
  EXPECT_EQ(report.effect, DiscEffect::kPartly);
  EXPECT_EQ(report.written, Sectors(0));
  EXPECT_EQ(journal_.lines,
            (std::vector<std::string>{"format from 32", "done", "write from 32", "failed"}));
}

TEST_F(VirtualBurnChoiceTest, AFormatThatFailsEndsTheBurn) {
  ASSERT_NO_FATAL_FAILURE(
      Start({"--media=BD-RE", "--state=unformatted"}, "at 1 FORMAT-UNIT sense 3/31/01"));
  const BurnReport report = BurnInStation();
  EXPECT_FALSE(report.status.ok());
  EXPECT_EQ(report.effect, DiscEffect::kUnknown);
  EXPECT_EQ(journal_.lines, (std::vector<std::string>{"format from 32", "failed"}));
}

TEST_F(VirtualBurnChoiceTest, ATrackOfACdEndsWithTwoBlocksThatNobodyReads) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=CD-R"}));
  const BurnReport report = BurnInStation();
  ASSERT_OK(report.status);
  const TrackState* session = report.after->LastCompleteSessionStart();
  ASSERT_NE(session, nullptr);
  EXPECT_EQ(session->size, plan_->sectors() + Sectors(2));
  EXPECT_EQ(report.after->ReadableEnd(), plan_->end());
}

TEST_F(VirtualBurnChoiceTest, ADiscWrittenAtOnceThatIsCancelledHalfWayIsNotClosed) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=DVD-R-DL"}));
  request_.buffer = Sectors(0);
  contents_.before = [this](int read) {
    if (read == kPieces) control_.Cancel();
  };
  const BurnReport report = BurnInStation();
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(report.effect, DiscEffect::kPartly);
  EXPECT_EQ(report.after->LastCompleteSessionStart(), nullptr);
}

// By medium, and which WRITE of the seven that the transport makes of the session.
class VirtualBurnFaultTest : public VirtualBurn,
                             public testing::WithParamInterface<std::tuple<std::string, int>> {
 protected:
  void ExpectFailure(const std::string& fault) {
    const auto [medium, at] = GetParam();
    ASSERT_NO_FATAL_FAILURE(
        Start({absl::StrCat("--media=", medium)}, absl::StrCat("at ", at, " WRITE(10) ", fault)));
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
  ASSERT_NO_FATAL_FAILURE(Start({"--media=DVD-RAM"}, "at 8 WRITE(10) sense 3/0C/00"));
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
                           std::string name = std::get<0>(info.param);
                           absl::StrReplaceAll({{"+", "Plus"}, {"-", ""}}, &name);
                           return absl::StrCat(name, "At", std::get<1>(info.param));
                         });

}  // namespace
}  // namespace carousel
