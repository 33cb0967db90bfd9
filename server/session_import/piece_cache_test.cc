#include "server/session_import/piece_cache.h"

#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/types.h"

namespace carousel::session_import {
namespace {

using testing::ElementsAre;

// Each sector holds its number in every byte.
PieceCache::Data Contents(SectorRange range) {
  auto data = std::make_unique<uint8_t[]>(range.size() * kSectorSize);
  for (int64_t i = 0; i < range.size(); ++i) {
    std::memset(data.get() + i * kSectorSize, static_cast<int>(range.start + i), kSectorSize);
  }
  return data;
}

PieceCache Holding(const std::vector<SectorRange>& ranges) {
  PieceCache cache;
  for (const SectorRange& range : ranges) cache.Insert(range, Contents(range));
  return cache;
}

// Uses `count` sectors from `sector` on and returns the first byte of each that was held.
std::vector<int> Use(PieceCache& cache, int64_t sector, int64_t count) {
  std::vector<uint8_t> out(count * kSectorSize);
  const int64_t held = cache.Copy(sector, absl::MakeSpan(out));
  std::vector<int> bytes;
  for (int64_t i = 0; i < held; ++i) bytes.push_back(out[i * kSectorSize]);
  return bytes;
}

TEST(PieceCache, CopiesWhatLiesInOnePiece) {
  PieceCache cache = Holding({{10, 14}, {14, 16}});
  EXPECT_THAT(Use(cache, 12, 8), ElementsAre(12, 13));
  EXPECT_THAT(Use(cache, 14, 1), ElementsAre(14));
  EXPECT_THAT(Use(cache, 9, 1), ElementsAre());
  EXPECT_THAT(Use(cache, 16, 1), ElementsAre());
}

TEST(PieceCache, CountsItsBytes) {
  PieceCache cache = Holding({{0, 64}, {70, 71}});
  EXPECT_EQ(cache.bytes(), 65 * kSectorSize);
  cache.EvictOne(70, /*any=*/true);
  EXPECT_EQ(cache.bytes(), kSectorSize);
  EXPECT_THAT(cache.Ranges(), ElementsAre(SectorRange{70, 71}));
}

TEST(PieceCache, DropsWhatWasUsedFirstThenWhatLiesBehind) {
  PieceCache cache = Holding({{0, 2}, {10, 74}, {80, 82}, {90, 92}});
  Use(cache, 10, 64);
  Use(cache, 80, 1);
  EXPECT_EQ(cache.EvictOne(81, /*any=*/false), (SectorRange{10, 74}));
  EXPECT_EQ(cache.EvictOne(81, /*any=*/false), (SectorRange{0, 2}));
  EXPECT_TRUE(cache.EvictOne(81, /*any=*/false).empty());
  EXPECT_EQ(cache.EvictOne(81, /*any=*/true), (SectorRange{90, 92}));
  EXPECT_TRUE(cache.EvictOne(81, /*any=*/true).empty()) << "the reader is there";
}

TEST(PieceCache, TellsWhereTheNextPieceBegins) {
  const PieceCache cache = Holding({{10, 12}});
  EXPECT_EQ(cache.NextStart(5, 99), 10);
  EXPECT_EQ(cache.NextStart(11, 99), 99);
}

}  // namespace
}  // namespace carousel::session_import
