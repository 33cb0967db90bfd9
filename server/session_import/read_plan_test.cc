#include "server/session_import/read_plan.h"

#include <cstdint>
#include <limits>
#include <ostream>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace carousel::session_import {

void PrintTo(const SectorRange& range, std::ostream* out) {
  *out << "[" << range.start << ", " << range.end << ")";
}

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Extent Directory(int64_t start, int64_t sectors) { return {Lba(start), sectors * kSectorSize}; }

TEST(PlanPieces, CutsARunIntoPiecesThatOneCommandReads) {
  EXPECT_THAT(PlanPieces({Directory(20, 150)}, Lba(1000), {}),
              ElementsAre(SectorRange{20, 84}, SectorRange{84, 148}, SectorRange{148, 170}));
}

TEST(PlanPieces, CountsAPartOfASectorAsOne) {
  EXPECT_THAT(PlanPieces({Extent{Lba(20), 2049}}, Lba(1000), {}), ElementsAre(SectorRange{20, 22}));
}

TEST(PlanPieces, ReadsThroughSmallHolesOnly) {
  EXPECT_THAT(PlanPieces({Directory(0, 1), Directory(64, 1)}, Lba(1000), {}),
              ElementsAre(SectorRange{0, 64}, SectorRange{64, 65}));
  EXPECT_THAT(PlanPieces({Directory(0, 1), Directory(65, 1)}, Lba(1000), {}),
              ElementsAre(SectorRange{0, 1}, SectorRange{65, 66}));
}

TEST(PlanPieces, AscendsWhateverTheOrderOfTheHint) {
  EXPECT_THAT(PlanPieces({Directory(500, 2), Directory(100, 1), Directory(500, 1)}, Lba(1000), {}),
              ElementsAre(SectorRange{100, 101}, SectorRange{500, 502}));
}

TEST(PlanPieces, StaysInsideTheReadableArea) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  EXPECT_THAT(PlanPieces({Directory(90, 50), Directory(100, 1), Extent{Lba(5'000'000'000), 1},
                          Extent{Lba(95), kMost}, Extent{Lba(kMost), kMost}},
                         Lba(100), {}),
              ElementsAre(SectorRange{90, 100}));
  EXPECT_THAT(
      PlanPieces({Directory(-5, 7), Extent{Lba(-kMost), kMost}, Extent{Lba(3), -1}}, Lba(4), {}),
      IsEmpty());
  EXPECT_THAT(PlanPieces({}, Lba(100), {}), IsEmpty());
}

TEST(PlanPieces, LeavesOutWhatIsHeldAlready) {
  EXPECT_THAT(PlanPieces({Directory(10, 40)}, Lba(1000),
                         {SectorRange{0, 12}, SectorRange{20, 30}, SectorRange{45, 80}}),
              ElementsAre(SectorRange{12, 20}, SectorRange{30, 45}));
  EXPECT_THAT(PlanPieces({Directory(10, 4)}, Lba(1000), {SectorRange{0, 64}}), IsEmpty());
  EXPECT_THAT(PlanPieces({Directory(10, 4), Directory(200, 4)}, Lba(1000), {SectorRange{8, 202}}),
              ElementsAre(SectorRange{202, 204}));
}

}  // namespace
}  // namespace carousel::session_import
