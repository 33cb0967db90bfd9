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

// The table of import times that the model is stated for: seconds, by image and speed, of three
// ways to read the same directories. Far jumps cost 125 ms, jumps of less than 2,000 sectors 50 ms,
// up to 512 sectors ahead are waited for; in the column "far" every jump is a far one.
struct Row {
  const char* name;
  const char* medium;
  const char* speed;
  int64_t blocks;  // of the directory area
  // One sweep.
  double sweep;
  // Single blocks in a reader's own order: so many reads with so many jumps, of which so many go
  // back.
  int64_t reads, jumps, backwards;
  // Not in the table, which has no distances: how many of those that go back go far, and how many
  // sectors the others go ahead.
  int64_t far_backwards, ahead;
  double own_order_far, own_order;
  // The same order through a cache of 64 KiB tiles: so many of the tiles are jumped to.
  int64_t tile_jumps;
  double tiles_far, tiles;
};

class PublishedTimes : public testing::TestWithParam<Row> {
 protected:
  // Seconds that `read` takes on the row's medium.
  template <typename ReadAll>
  static double Measure(const DriveType& type, ReadAll read) {
    const Medium& medium = *FindMedium(GetParam().medium);
    SpeedModel model(type, medium, medium.capacity, kStart);
    return absl::ToDoubleSeconds(read(model) - kStart);
  }
  // No buffer: the table has none. `far`: no short jumps.
  static DriveType TableDrive(bool far) {
    DriveType type = Drive(GetParam().speed, /*buffer=*/false);
    if (far) {
      type.seeks.clear();
      type.pass_over = Sectors(0);
    }
    return type;
  }
};

#define EXPECT_WITHIN_TEN_PER_CENT(seconds, published) EXPECT_NEAR((seconds) / (published), 1, 0.1)

// The directory area of an image, read in one sweep after one random access. What the drive reads
// ahead spares the command times between the requests.
TEST_P(PublishedTimes, OfASweepOverTheDirectoryArea) {
  const Row& row = GetParam();
  const double seconds = Measure(Drive(row.speed), [&row](SpeedModel& model) {
    return Sweep(model, kStart, Lba(200'000), Sectors(row.blocks));
  });
  EXPECT_WITHIN_TEN_PER_CENT(seconds, row.sweep);
}

// True `part` times in `whole` values of `i`, evenly spread.
bool Falls(int64_t i, int64_t part, int64_t whole) {
  return (i + 1) * part / whole > i * part / whole;
}

constexpr Sectors kBack(12), kFarBack(3'000);

absl::Time ReadInOwnOrder(SpeedModel& model, const Row& row) {
  absl::Time now = kStart;
  Lba at(2'000'000);
  int64_t jumps = 0, back = 0;
  for (int64_t i = 0; i < row.reads; ++i) {
    if (Falls(i, row.jumps, row.reads)) {
      if (!Falls(jumps++, row.backwards, row.jumps)) {
        at += Sectors(row.ahead);
      } else {
        at = at - (Falls(back++, row.far_backwards, row.backwards) ? kFarBack : kBack);
      }
    }
    now = model.Read(now, at, Sectors(1));
    at += Sectors(1);
  }
  return now;
}

TEST_P(PublishedTimes, OfSingleBlocksInAReadersOwnOrder) {
  const Row& row = GetParam();
  const auto read = [&row](SpeedModel& model) { return ReadInOwnOrder(model, row); };
  EXPECT_WITHIN_TEN_PER_CENT(Measure(TableDrive(false), read), row.own_order);
  EXPECT_WITHIN_TEN_PER_CENT(Measure(TableDrive(true), read), row.own_order_far);
}

absl::Time ReadTiles(SpeedModel& model, const Row& row) {
  constexpr Sectors kTile(32);
  const int64_t tiles = row.blocks / kTile.value();
  absl::Time now = kStart;
  Lba at(2'000'000);
  int64_t jumps = 0;
  for (int64_t i = 0; i < tiles; ++i) {
    if (Falls(i, row.tile_jumps, tiles)) {
      at = at - (Falls(jumps++, row.far_backwards, row.tile_jumps) ? kFarBack : kBack);
    }
    now = model.Read(now, at, kTile);
    at += kTile;
  }
  return now;
}

TEST_P(PublishedTimes, OfTilesInAReadersOwnOrder) {
  const Row& row = GetParam();
  const auto read = [&row](SpeedModel& model) { return ReadTiles(model, row); };
  EXPECT_WITHIN_TEN_PER_CENT(Measure(TableDrive(false), read), row.tiles);
  EXPECT_WITHIN_TEN_PER_CENT(Measure(TableDrive(true), read), row.tiles_far);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, PublishedTimes,
    testing::Values(Row{"Files10kDvd1x", "DVD-R", "1", 866, 1.41, 1'143, 259, 234, 0, 2, 34.8, 15.2,
                        23, 4.2, 2.6},
                    Row{"Files10kBd4x", "BD-R", "4", 866, 0.23, 1'143, 259, 234, 0, 2, 33.2, 12.7,
                        23, 3.0, 1.3},
                    Row{"Files100kDvd1x", "DVD-R", "1", 8'532, 12.8, 11'356, 2'807, 2'541, 0, 2,
                        373, 161, 238, 42, 25},
                    Row{"Files100kDvd8x", "DVD-R", "8", 8'532, 1.77, 11'356, 2'807, 2'541, 0, 2,
                        359, 137, 238, 31, 14},
                    Row{"Files100kBd1x", "BD-R", "1", 8'532, 4.08, 11'356, 2'807, 2'541, 0, 2, 362,
                        142, 238, 34, 16},
                    Row{"Files100kBd4x", "BD-R", "4", 8'532, 1.16, 11'356, 2'807, 2'541, 0, 2, 358,
                        136, 238, 31, 13},
                    Row{"Files1mBd1x", "BD-R", "1", 84'912, 39.4, 112'616, 27'688, 25'070, 0, 2,
                        3'569, 1'401, 2'390, 338, 161},
                    Row{"Files1mBd4x", "BD-R", "4", 84'912, 10.5, 112'616, 27'688, 25'070, 0, 2,
                        3'530, 1'338, 2'390, 309, 131},
                    // Another writer's order: few jumps, many of them across the directory area.
                    Row{"OtherWriterBd1x", "BD-R", "1", 8'546, 4.27, 11'357, 269, 128, 100, 128, 42,
                        33, 176, 26, 20},
                    Row{"LongNamesBd1x", "BD-R", "1", 1'844, 0.98, 11'864, 2'705, 1'402, 0, 2, 341,
                        78, 57, 8.3, 3.9}),
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
