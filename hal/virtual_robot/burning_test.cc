// Every medium of the virtual robot, written through MmcDrive as the burn table says: what the
// drive refuses, or shows otherwise afterwards, is a fault of the table, of MmcDiscWriter or of the
// virtual drive.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"
#include "hal/drive/burn_status.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/media_state.h"
#include "hal/drive/mmc_drive.h"
#include "hal/mmc/format_unit.h"
#include "hal/mmc/mode_sense.h"
#include "hal/virtual_robot/testing_robot.h"

namespace carousel {
namespace {

struct Case {
  std::string name;
  std::vector<std::string> disc;  // words of carousel-disc create
  std::string row;                // of the burn table
  // Where the second session may begin; absent: the disc takes none.
  std::optional<Lba> next;
};

class BurningTest : public testing::TestWithParam<Case> {
 protected:
  BurningTest() {
    robot_.MakeDisc("A", GetParam().disc);
    robot_.Start();
    drive_ = std::make_unique<MmcDrive>(robot_.robot().OpenDrive(0), &robot_.clock);
    const MoveResult moved = robot_.robot().changer().Move(robot_.robot().slot_element(1),
                                                           robot_.robot().drive_element(0));
    EXPECT_TRUE(moved.status.ok()) << moved.status;
  }

  // Before the first block. Returns whether the medium was formatted.
  bool Prepare(const BurnRow& row, const MediaState& state, Lba end) {
    DiscWriter& writer = *drive_->writer();
    const std::optional<mmc::FormatParameters> format = FormatNeeded(state, end);
    if (format.has_value()) {
      const BurnStatus formatted = writer.Format(*format);
      EXPECT_TRUE(formatted.ok()) << formatted;
    }
    EXPECT_OK(writer.SetWriteSpeed({.command = row.speed, .end = end}));
    if (const auto page = WriteParametersFor(row, WriteChoice()); page.has_value()) {
      EXPECT_OK(writer.SetWriteParameters(*page));
    }
    if (row.calibrate) {
      EXPECT_OK(writer.CalibratePower());
    }
    return format.has_value();
  }

  // After the last block.
  void Close(const BurnRow& row, TrackNumber track, bool formatted) {
    DiscWriter& writer = *drive_->writer();
    const BurnStatus synchronized = writer.Synchronize();
    ASSERT_TRUE(synchronized.ok()) << synchronized;
    if (row.close_track == CloseTrackNeed::kAlways) {
      const BurnStatus closed = writer.CloseTrack(track);
      ASSERT_TRUE(closed.ok()) << closed;
    }
    if (row.close_session == CloseSessionNeed::kAlways ||
        (row.close_session == CloseSessionNeed::kAfterFormat && formatted)) {
      const BurnStatus closed = writer.CloseSession(row.keep_appendable);
      ASSERT_TRUE(closed.ok()) << closed;
    }
  }

  // A session where the row has it, of 320 sectors that begin with `byte`. Returns its start.
  void Burn(uint8_t byte, Lba* start) {
    ASSERT_OK_AND_ASSIGN(const MediaState state, drive_->ReadMediaState());
    const BurnRow* row = FindBurnRow(state);
    ASSERT_NE(row, nullptr);
    ASSERT_EQ(row->medium, GetParam().row);
    TrackNumber track(1);
    *start = Lba(row->start == BurnStart::kLogical ? 32 : 0);
    if (row->start == BurnStart::kNextWritable) {
      ASSERT_NE(state.AppendTrack(), nullptr);
      *start = *state.AppendTrack()->next_writable;
      track = state.AppendTrack()->number;
    }
    const bool formatted = Prepare(*row, state, *start + kSize);
    if (row->reserve) {
      const BurnStatus reserved = drive_->writer()->ReserveTrack(kSize);
      ASSERT_TRUE(reserved.ok()) << reserved;
    }
    std::vector<uint8_t> bytes(kSize.bytes());
    for (int64_t at = 0; at < kSize.bytes(); at += kSectorSize) bytes[at] = byte;
    const BurnStatus written = drive_->writer()->Write(*start, bytes);
    ASSERT_TRUE(written.ok()) << written;
    Close(*row, track, formatted);
  }

  void ExpectWritten(Lba start, uint8_t byte) {
    ASSERT_THAT(drive_->CheckReady(), IsOkAndHolds(true));
    std::vector<uint8_t> bytes(kSize.bytes());
    ASSERT_OK(drive_->Read(start, absl::MakeSpan(bytes)));
    for (int64_t at = 0; at < kSize.bytes(); at += kSectorSize) ASSERT_EQ(bytes[at], byte);
  }

  static constexpr Sectors kSize{320};
  TestingRobot robot_;
  std::unique_ptr<MmcDrive> drive_;
};

TEST_P(BurningTest, ASessionIsWrittenAndTheNextOneWhereTheMediumTakesIt) {
  Lba first;
  ASSERT_NO_FATAL_FAILURE(Burn(1, &first));
  ASSERT_NO_FATAL_FAILURE(ExpectWritten(first, 1));
  ASSERT_OK_AND_ASSIGN(const MediaState state, drive_->ReadMediaState());
  if (!GetParam().next.has_value()) {
    EXPECT_EQ(state.disc_status, DiscStatus::kComplete);
    EXPECT_EQ(FindBurnRow(state), nullptr);
    return;
  }
  Lba second;
  ASSERT_NO_FATAL_FAILURE(Burn(2, &second));
  EXPECT_EQ(second, *GetParam().next);
  ASSERT_NO_FATAL_FAILURE(ExpectWritten(second, 2));
  if (second != first) {
    ASSERT_NO_FATAL_FAILURE(ExpectWritten(first, 1));
  }
}

TEST_P(BurningTest, AfterAnEjectTheDiscIsTheSame) {
  Lba first;
  ASSERT_NO_FATAL_FAILURE(Burn(1, &first));
  ASSERT_OK_AND_ASSIGN(const MediaState before, drive_->ReadMediaState());
  ASSERT_OK(drive_->Eject());
  ASSERT_OK(drive_->Load());
  ASSERT_OK_AND_ASSIGN(const MediaState after, drive_->ReadMediaState());
  EXPECT_EQ(after.disc_status, before.disc_status);
  EXPECT_EQ(after.sessions, before.sessions);
  EXPECT_EQ(after.ReadableEnd(), before.ReadableEnd());
  EXPECT_EQ(after.current_features, before.current_features);
  ExpectWritten(first, 1);
}

// A drive that is ready all the time is waited for by the other question.
TEST(BurningQuirkTest, AClosedSessionIsAwaitedAlsoWhereTestUnitReadyIsAlwaysGood) {
  TestingRobot robot;
  robot.options.drives[0].quirks = {"ready-while-closing"};
  robot.MakeDisc("A", {"--media=DVD+R"});
  robot.Start();
  MmcDrive drive(robot.robot().OpenDrive(0), &robot.clock);
  ASSERT_OK(robot.robot()
                .changer()
                .Move(robot.robot().slot_element(1), robot.robot().drive_element(0))
                .status);
  ASSERT_THAT(drive.CheckReady(), IsOkAndHolds(true));
  ASSERT_TRUE(drive.writer()->Write(Lba(0), std::vector<uint8_t>(32 * kSectorSize)).ok());
  ASSERT_TRUE(drive.writer()->Synchronize().ok());
  ASSERT_TRUE(drive.writer()->CloseTrack(TrackNumber(1)).ok());
  const absl::Time start = robot.clock.Now();
  ASSERT_TRUE(drive.writer()->CloseSession(SessionClose::kSession).ok());
  EXPECT_GT(robot.clock.Now() - start, absl::Seconds(5));
  ASSERT_OK_AND_ASSIGN(const MediaState state, drive.ReadMediaState());
  EXPECT_EQ(state.sessions, 2);
  ASSERT_NE(state.AppendTrack(), nullptr);
}

INSTANTIATE_TEST_SUITE_P(
    Media, BurningTest,
    testing::Values(
        // 320 and two run-out blocks, then 11,400 sectors.
        Case{"CdR", {"--media=CD-R"}, "CD-R, CD-RW track at once", Lba(11'722)},
        Case{"CdRw", {"--media=CD-RW"}, "CD-R, CD-RW track at once", Lba(11'722)},
        Case{"DvdR", {"--media=DVD-R"}, "DVD-R, DVD-RW incremental", Lba(29'008)},
        Case{"DvdRw", {"--media=DVD-RW"}, "DVD-R, DVD-RW incremental", Lba(29'008)},
        Case{"DvdRwMinimallyBlanked",
             {"--media=DVD-RW", "--minimally-blanked"},
             "DVD-R, DVD-RW at once",
             std::nullopt},
        Case{"DvdRDl", {"--media=DVD-R-DL"}, "DVD-R DL", std::nullopt},
        Case{"DvdPlusR", {"--media=DVD+R"}, "DVD+R", Lba(2'368)},
        Case{"DvdPlusRDl", {"--media=DVD+R-DL"}, "DVD+R DL", Lba(2'368)},
        Case{"BdR", {"--media=BD-R"}, "BD-R", Lba(320)},
        Case{"BdRDl", {"--media=BD-R-DL"}, "BD-R", Lba(320)},
        Case{"DvdPlusRw", {"--media=DVD+RW"}, "DVD+RW", Lba(32)},
        Case{"DvdPlusRwNew", {"--media=DVD+RW", "--state=unformatted"}, "DVD+RW", Lba(32)},
        Case{"DvdRwRestricted", {"--media=DVD-RW-RO"}, "DVD-RW restricted overwrite", Lba(32)},
        Case{"DvdRam", {"--media=DVD-RAM"}, "DVD-RAM", Lba(32)},
        Case{"BdRe", {"--media=BD-RE"}, "BD-RE", Lba(32)},
        Case{"BdReNew", {"--media=BD-RE", "--state=unformatted"}, "BD-RE", Lba(32)}),
    [](const testing::TestParamInfo<Case>& info) { return info.param.name; });

}  // namespace
}  // namespace carousel
