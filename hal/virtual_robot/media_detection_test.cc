// What MmcDrive makes of every kind of medium in every state, over the virtual drive:
// media_detection.txt has the discs and what is expected of each.

#include <fstream>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/drive/media_state.h"
#include "hal/drive/mmc_drive.h"
#include "hal/virtual_robot/medium.h"
#include "hal/virtual_robot/testing_robot.h"

namespace carousel {
namespace {

constexpr char kTable[] = "hal/virtual_robot/media_detection.txt";

struct Row {
  std::string name;
  std::vector<std::string> disc;
  std::string status, contents, room, remarks, contradictions = "0";
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

std::vector<Row> ReadTable() {
  std::vector<Row> rows;
  std::ifstream table(kTable);
  for (std::string line; std::getline(table, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> cells;
    for (absl::string_view cell : absl::StrSplit(line, '|')) {
      cells.emplace_back(absl::StripAsciiWhitespace(cell));
    }
    cells.resize(7);
    rows.push_back({.name = cells[0],
                    .disc = absl::StrSplit(cells[1], ' '),
                    .status = cells[2],
                    .contents = cells[3],
                    .room = cells[4],
                    .remarks = cells[5],
                    .contradictions = cells[6].empty() ? "0" : cells[6]});
  }
  return rows;
}

// "41 0/0/0": the profile; disc status, state of the last session, erasable.
std::string StatusOf(const MediaState& state) {
  return absl::StrCat(absl::Hex(static_cast<int>(state.profile), absl::kZeroPad2), " ",
                      static_cast<int>(state.disc_status), "/",
                      static_cast<int>(state.last_session), "/", int{state.erasable});
}

std::string ContentsOf(const MediaState& state) {
  const TrackState* start = state.LastCompleteSessionStart();
  return absl::StrCat(state.sessions, " ", state.tracks.size(), " ",
                      start == nullptr ? "none" : absl::StrCat(start->start.value()), " ",
                      state.ReadableEnd().value());
}

std::string RoomOf(const MediaState& state) {
  const TrackState* append = state.AppendTrack();
  return absl::StrCat(append == nullptr
                          ? std::string("none")
                          : absl::StrCat(append->next_writable->value(), "+", append->free.value()),
                      " of ", state.total.value());
}

std::string RemarksOf(const MediaState& state) {
  std::string text;
  if (state.write_protected) text += "protected ";
  if (state.IsPseudoOverwrite()) text += "pseudo-overwrite ";
  for (const TrackState& track : state.tracks) {
    if (track.damaged) absl::StrAppend(&text, "damaged in track ", track.number.value(), " ");
  }
  if (state.background_format != BackgroundFormat::kNone) {
    absl::StrAppend(&text, "background format ", static_cast<int>(state.background_format), " ");
  }
  if (state.format == FormatDescriptor::kUnformatted) text += "unformatted ";
  if (state.format == FormatDescriptor::kNoMedia) text += "intermediate ";
  if (!text.empty()) text.pop_back();
  return text;
}

absl::StatusOr<MediaState> Read(const Row& row, const std::vector<std::string>& quirks) {
  TestingRobot robot;
  robot.options.drives[0].quirks = quirks;
  robot.MakeDisc("D1", row.disc);
  robot.LoadFirstDisc();
  return MmcDrive(robot.robot().OpenDrive(0), &robot.clock).ReadMediaState();
}

class MediaDetection : public testing::TestWithParam<Row> {};

TEST_P(MediaDetection, TellsWhatTheDiscIs) {
  const Row& row = GetParam();
  ASSERT_OK_AND_ASSIGN(const MediaState state, Read(row, {}));
  EXPECT_TRUE(state.present);
  EXPECT_EQ(StatusOf(state), row.status);
  EXPECT_EQ(ContentsOf(state), row.contents);
  EXPECT_EQ(RoomOf(state), row.room);
  EXPECT_EQ(RemarksOf(state), row.remarks);
  EXPECT_EQ(absl::StrCat(state.contradictions.size()), row.contradictions)
      << testing::PrintToString(state.contradictions);
}

// Every deviation that drives are known for, at once. What is left of it is the way in which a
// drive says "damaged".
TEST_P(MediaDetection, IsNotMisledByTheWaysOfRealDrives) {
  const Row& row = GetParam();
  ASSERT_OK_AND_ASSIGN(
      MediaState state,
      Read(row, {"stale-profile", "capacity-refused-on-blank", "toc-header-on-blank",
                 "pow-feature-on-blank", "nwa-minus-150", "absurd-lead-out", "damage-bit-only",
                 "short-toc", "short-track-information", "ram-track-information-refused",
                 "no-performance", "blank-check-on-unwritten", "medium-error-on-run-out",
                 "open-track-unreadable"}));
  if (!state.tracks.empty() && state.tracks.back().damaged) {
    EXPECT_EQ(state.last_session, LastSessionState::kIncomplete);
    state.last_session = LastSessionState::kDamaged;
  }
  EXPECT_EQ(StatusOf(state), row.status);
  EXPECT_EQ(ContentsOf(state), row.contents);
  EXPECT_EQ(RoomOf(state), row.room);
  EXPECT_EQ(RemarksOf(state), row.remarks);
}

INSTANTIATE_TEST_SUITE_P(Table, MediaDetection, testing::ValuesIn(ReadTable()),
                         [](const testing::TestParamInfo<Row>& info) { return info.param.name; });

TEST(MediaDetectionTable, HasEveryMedium) {
  std::set<std::string> tried;
  for (const Row& row : ReadTable()) {
    absl::string_view name = row.disc.front();
    ASSERT_TRUE(absl::ConsumePrefix(&name, "--media=")) << row.name;
    const virtual_robot::Medium* medium = virtual_robot::FindMedium(name);
    ASSERT_NE(medium, nullptr) << row.name;
    tried.emplace(medium->name);
  }
  for (const virtual_robot::Medium& medium : virtual_robot::Media()) {
    EXPECT_EQ(tried.count(std::string(medium.name)), 1u) << medium.name;
  }
}

// A drive that only reads shows a written disc as a pressed one, and may know no other command than
// READ TOC.
TEST(MediaDetectionInAReader, FindsTheLastSessionByTheTableAlone) {
  for (const int sessions : {2, 99, 100, 153}) {
    TestingRobot robot;
    robot.options.drives[0].type = "BD-ROM-8x";
    robot.options.drives[0].fault_plan = "from 1 51 sense 5/20/00; from 1 52 sense 5/20/00";
    std::vector<std::string> words = {"--media=DVD+R"};
    words.insert(words.end(), sessions, "--session=zeros:16");
    robot.MakeDisc("D1", words);
    robot.LoadFirstDisc();
    MmcDrive drive(robot.robot().OpenDrive(0), &robot.clock);
    ASSERT_OK_AND_ASSIGN(const MediaState state, drive.ReadMediaState());
    const int64_t last = (sessions - 1) * 2'064;
    EXPECT_EQ(StatusOf(state), "10 2/3/0");
    EXPECT_EQ(state.sessions, sessions);
    ASSERT_NE(state.LastCompleteSessionStart(), nullptr) << sessions;
    EXPECT_EQ(state.LastCompleteSessionStart()->start, Lba(last));
    EXPECT_EQ(state.ReadableEnd(), Lba(last + 16));
  }
}

}  // namespace
}  // namespace carousel
