#include "server/session_import/sweep.h"

#include <optional>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace carousel::session_import {
namespace {

using testing::ElementsAre;

// `count` pieces of ten sectors, a hundred apart.
Sweep Pieces(int count) {
  std::vector<SectorRange> pieces;
  for (int i = 0; i < count; ++i) pieces.push_back({i * 100, i * 100 + 10});
  return Sweep(pieces);
}

// The starts of the next `count` pieces.
std::vector<int64_t> TakeStarts(Sweep& sweep, int count) {
  std::vector<int64_t> starts;
  for (int i = 0; i < count && sweep.Next().has_value(); ++i) {
    starts.push_back(sweep.Next()->start);
    sweep.Take();
  }
  return starts;
}

TEST(Sweep, AscendsAndTakesEveryPieceOnce) {
  Sweep sweep = Pieces(4);
  EXPECT_THAT(TakeStarts(sweep, 99), ElementsAre(0, 100, 200, 300));
  EXPECT_EQ(sweep.Next(), std::nullopt);
}

TEST(Sweep, PassesOverWhatIsNearInsteadOfJumping) {
  Sweep sweep = Pieces(4);
  EXPECT_TRUE(sweep.Await(205));
  EXPECT_THAT(TakeStarts(sweep, 99), ElementsAre(0, 100, 200, 300));
}

TEST(Sweep, GoesOnFromAFarPieceThatTheReaderWaitsForAndComesBackForTheRest) {
  Sweep sweep = Pieces(12);
  EXPECT_TRUE(sweep.Await(1000));
  EXPECT_THAT(TakeStarts(sweep, 4), ElementsAre(1000, 1100, 0, 100));
}

TEST(Sweep, BringsADroppedPieceAgain) {
  Sweep sweep = Pieces(3);
  TakeStarts(sweep, 3);
  EXPECT_TRUE(sweep.Await(109));
  EXPECT_THAT(TakeStarts(sweep, 99), ElementsAre(100));
  EXPECT_FALSE(sweep.Next().has_value());
}

TEST(Sweep, LeavesToOthersWhatIsNotPlannedOrHasFailed) {
  Sweep sweep = Pieces(3);
  EXPECT_FALSE(sweep.Await(50));
  EXPECT_FALSE(sweep.Await(210));
  TakeStarts(sweep, 3);
  sweep.Fail({100, 110});
  EXPECT_FALSE(sweep.Await(105));
  EXPECT_TRUE(sweep.Await(205));
}

TEST(Sweep, TellsWhereThePlanGoesOn) {
  const Sweep sweep = Pieces(2);
  EXPECT_EQ(sweep.NextStart(0, 999), 0);
  EXPECT_EQ(sweep.NextStart(1, 999), 100);
  EXPECT_EQ(sweep.NextStart(101, 999), 999);
  EXPECT_FALSE(Sweep().Await(0));
}

}  // namespace
}  // namespace carousel::session_import
