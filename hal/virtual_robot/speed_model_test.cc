#include "hal/virtual_robot/speed_model.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/virtual_robot/drive_type.h"
#include "hal/virtual_robot/medium.h"

namespace carousel::virtual_robot {
namespace {

constexpr absl::Time kStart = absl::UnixEpoch();
constexpr Sectors kRequest(64);  // 128 KiB

// The built-in drive at a fixed speed; without a buffer if `buffer` is false.
DriveType Drive(const std::string& speed, bool buffer = true) {
  std::string text = absl::StrReplaceAll(BuiltInDriveType("BD-16x"),
                                         {{"bd CAV 5 12", absl::StrCat("bd CLV ", speed)},
                                          {"dvd CAV 6.6 16", absl::StrCat("dvd CLV ", speed)}});
  if (!buffer) absl::StrReplaceAll({{"read-ahead 2048", "read-ahead 0"}}, &text);
  return *FindDriveType(text);
}

// Reads `count` sectors from `from` on in requests of 128 KiB.
absl::Time Sweep(SpeedModel& model, absl::Time now, Lba from, Sectors count) {
  for (Lba at = from; at < from + count; at += kRequest) {
    now = model.Read(now, at, std::min(kRequest, from + count - at));
  }
  return now;
}

struct Row {
  const char* name;
  const char* medium;
  const char* speed;
  int64_t blocks;     // of the directory area
  double sweep;       // seconds
  int64_t reads;      // single blocks in a reader's own order
  int64_t backwards;  // of them after a jump backwards over a few blocks
  double own_order;   // seconds
};

class PublishedTimes : public testing::TestWithParam<Row> {};

// Import of a tree from a modelled drive: the directory area of an image, read in one sweep after
// one random access.
TEST_P(PublishedTimes, SweepOfTheDirectoryAreaIsWithinTenPerCent) {
  const Row& row = GetParam();
  const DriveType type = Drive(row.speed);
  const Medium& medium = *FindMedium(row.medium);
  SpeedModel model(type, medium, medium.capacity, kStart);
  const absl::Time done = Sweep(model, kStart, Lba(200'000), Sectors(row.blocks));
  EXPECT_NEAR(absl::ToDoubleSeconds(done - kStart) / row.sweep, 1, 0.1);
}

// The same import block by block, directories in reverse order: short jumps backwards. Stated for a
// drive without a buffer.
TEST_P(PublishedTimes, SingleBlocksInReverseOrderAreWithinTenPerCent) {
  const Row& row = GetParam();
  const DriveType type = Drive(row.speed, /*buffer=*/false);
  const Medium& medium = *FindMedium(row.medium);
  SpeedModel model(type, medium, medium.capacity, kStart);
  absl::Time now = kStart;
  Lba at(600'000);
  const int64_t run = row.reads / row.backwards;
  for (int64_t i = 0; i < row.reads; ++i) {
    if (i > 0 && i % run == 0 && i / run <= row.backwards) at += Sectors(-2 * run - 7);
    now = model.Read(now, at, Sectors(1));
    at += Sectors(1);
  }
  EXPECT_NEAR(absl::ToDoubleSeconds(now - kStart) / row.own_order, 1, 0.1);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, PublishedTimes,
    testing::Values(Row{"Files10kDvd1x", "DVD-R", "1", 866, 1.41, 1'143, 234, 15.2},
                    Row{"Files10kBd4x", "BD-R", "4", 866, 0.23, 1'143, 234, 12.7},
                    Row{"Files100kDvd1x", "DVD-R", "1", 8'532, 12.8, 11'356, 2'541, 161},
                    Row{"Files100kDvd8x", "DVD-R", "8", 8'532, 1.77, 11'356, 2'541, 137},
                    Row{"Files100kBd1x", "BD-R", "1", 8'532, 4.08, 11'356, 2'541, 142},
                    Row{"Files100kBd4x", "BD-R", "4", 8'532, 1.16, 11'356, 2'541, 136},
                    Row{"Files1mBd1x", "BD-R", "1", 84'912, 39.4, 112'616, 25'070, 1'401},
                    Row{"Files1mBd4x", "BD-R", "4", 84'912, 10.5, 112'616, 25'070, 1'338},
                    Row{"LongNamesBd1x", "BD-R", "1", 1'844, 0.98, 11'864, 1'402, 78}),
    [](const testing::TestParamInfo<Row>& info) { return info.param.name; });

TEST(SpeedModel, SequentialReadsStreamAtTheDiscsSpeed) {
  const DriveType type = Drive("4");
  SpeedModel model(type, *FindMedium("BD-R"), Sectors(12'219'392), kStart);
  const absl::Time first = Sweep(model, kStart, Lba(0), Sectors(64));
  const absl::Time done = Sweep(model, first, Lba(64), Sectors(64'000));
  const double seconds = absl::ToDoubleSeconds(done - first);
  EXPECT_NEAR(Sectors(64'000).bytes() / seconds, 4 * 4.5e6, 0.01 * 4 * 4.5e6);
}

TEST(SpeedModel, WhatWasReadAheadComesAtOnce) {
  const DriveType type = Drive("1");
  SpeedModel model(type, *FindMedium("BD-R"), Sectors(12'219'392), kStart);
  absl::Time now = model.Read(kStart, Lba(0), kRequest) + absl::Seconds(10);
  EXPECT_EQ(model.Read(now, Lba(64), kRequest) - now, type.command_time);
  now = model.Read(now, Lba(64 + 64), Sectors(4'096));
  EXPECT_GT(now - kStart, absl::Seconds(10) + absl::Milliseconds(800)) << "beyond the buffer";
}

TEST(SpeedModel, SeeksCostByDistanceAndShortJumpsAheadOnlyTheirTime) {
  const DriveType type = Drive("4", /*buffer=*/false);
  const auto jump = [&type](int64_t distance) {
    SpeedModel model(type, *FindMedium("BD-R"), Sectors(12'219'392), kStart);
    const absl::Time now = model.Read(kStart, Lba(5'000'000), Sectors(1));
    return model.Read(now, Lba(5'000'001 + distance), Sectors(1)) - now;
  };
  EXPECT_LT(jump(0), absl::Milliseconds(1));
  EXPECT_LT(jump(100), absl::Milliseconds(13));
  EXPECT_NEAR(absl::ToDoubleMilliseconds(jump(1'000)), 50.6, 0.5);
  EXPECT_NEAR(absl::ToDoubleMilliseconds(jump(-100)), 50.6, 0.5);
  EXPECT_NEAR(absl::ToDoubleMilliseconds(jump(2'000)), 125.6, 0.5);
  EXPECT_NEAR(absl::ToDoubleMilliseconds(jump(-4'000'000)), 125.6, 0.5);
}

TEST(SpeedModel, ADiscThatStoppedHasToSpinUp) {
  const DriveType type = Drive("4");
  SpeedModel model(type, *FindMedium("BD-R"), Sectors(12'219'392), kStart);
  absl::Time now = model.Read(kStart, Lba(0), Sectors(1));
  now += absl::Minutes(10);
  EXPECT_GE(model.Read(now, Lba(1), Sectors(1)) - now, type.spin_up_time);
}

TEST(SpeedModel, OuterSectorsAreFasterAndASecondLayerRunsBack) {
  ASSERT_OK_AND_ASSIGN(const DriveType type, FindDriveType("BD-16x"));
  const auto time = [&type](const char* name, double part) {
    const Medium& medium = *FindMedium(name);
    SpeedModel model(type, medium, medium.capacity, kStart);
    const Lba at(static_cast<int64_t>(part * static_cast<double>(medium.capacity.value())));
    const absl::Time first = model.Read(kStart, at, kRequest);
    return model.Read(first, at + kRequest, Sectors(10'000)) - first;
  };
  EXPECT_GT(time("BD-R", 0.01), 2 * time("BD-R", 0.95));
  EXPECT_LT(absl::AbsDuration(time("BD-R-DL", 0.01) - time("BD-R-DL", 0.98)),
            absl::Milliseconds(100));
  EXPECT_GT(time("BD-R-DL", 0.98), 2 * time("BD-R-DL", 0.49));
}

}  // namespace
}  // namespace carousel::virtual_robot
