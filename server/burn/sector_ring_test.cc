#include "server/burn/sector_ring.h"

#include <cstdint>
#include <optional>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"

namespace carousel {
namespace {

constexpr Sectors kPiece{2};
constexpr int64_t kBytes = kPiece.bytes();

class SectorRingTest : public testing::Test {
 protected:
  // A piece whose first byte is the next number.
  void Make(bool last = false) {
    const absl::Span<uint8_t> place = ring_.Reserve();
    ASSERT_FALSE(place.empty());
    place[0] = ++made_;
    ring_.Commit(kPiece, last);
  }
  // The first byte of the oldest piece, which is taken out; nothing at the end.
  std::optional<uint8_t> Take() {
    const absl::StatusOr<absl::Span<const uint8_t>> piece = ring_.Front();
    EXPECT_OK(piece);
    if (!piece.ok() || piece->empty()) return std::nullopt;
    const uint8_t first = piece->front();
    ring_.Pop();
    return first;
  }

  SectorRing ring_{kPiece, 3};
  uint8_t made_ = 0;
};

TEST_F(SectorRingTest, PiecesComeInTheirOrderAndEndWithNone) {
  for (int i = 0; i < 3; ++i) Make();
  EXPECT_EQ(Take(), 1);
  EXPECT_EQ(Take(), 2);
  Make();
  Make(/*last=*/true);
  EXPECT_EQ(Take(), 3);
  EXPECT_EQ(Take(), 4);
  EXPECT_EQ(Take(), 5);
  EXPECT_EQ(Take(), std::nullopt);
}

TEST_F(SectorRingTest, EveryPieceBeginsAtAPage) {
  SectorRing ring(kPiece, 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(reinterpret_cast<uintptr_t>(ring.Reserve().data()) % 4096, 0u);
    ring.Commit(kPiece, false);
  }
}

TEST_F(SectorRingTest, AShortPieceIsAsLongAsWasCommitted) {
  ring_.Reserve();
  ring_.Commit(Sectors(1), /*last=*/true);
  ASSERT_OK_AND_ASSIGN(const absl::Span<const uint8_t> piece, ring_.Front());
  EXPECT_EQ(piece.size(), static_cast<size_t>(kSectorSize));
}

TEST_F(SectorRingTest, NothingIsGivenOutUntilTheRingIsFull) {
  std::thread producer([this] {
    for (int i = 0; i < 3; ++i) Make();
  });
  EXPECT_OK(ring_.Front());
  EXPECT_EQ(ring_.level().filled, 3 * kBytes);
  producer.join();
}

TEST_F(SectorRingTest, ARingThatRanDryIsFilledBeforeItGivesMore) {
  for (int i = 0; i < 3; ++i) Make();
  for (int i = 0; i < 3; ++i) Take();
  std::thread consumer([this] { EXPECT_EQ(Take(), 4); });
  // It has come to an empty ring.
  while (ring_.level().times_dry == 0) std::this_thread::yield();
  for (int i = 0; i < 3; ++i) Make();
  consumer.join();
  EXPECT_EQ(ring_.level().filled, 2 * kBytes);
  EXPECT_EQ(ring_.level().times_dry, 1);
  EXPECT_EQ(ring_.level().lowest, 0);
}

TEST_F(SectorRingTest, TheEndOfTheSessionIsNoLowMark) {
  for (int i = 0; i < 3; ++i) Make();
  Take();
  Make(/*last=*/true);
  while (Take().has_value()) continue;
  EXPECT_EQ(ring_.level(), (RingLevel{.size = 3 * kBytes,
                                      .filled = 0,
                                      .lowest = 2 * kBytes,
                                      .highest = 3 * kBytes,
                                      .times_dry = 0}));
}

TEST_F(SectorRingTest, AProducerThatFailsIsHeardBeforeWhatItHasMade) {
  for (int i = 0; i < 2; ++i) Make();
  ring_.Fail(absl::DataLossError("spool"));
  EXPECT_THAT(ring_.Front(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(SectorRingTest, AnInterruptEndsTheConsumersWait) {
  std::thread other([this] { ring_.Interrupt(); });
  EXPECT_THAT(ring_.Front(), StatusIs(absl::StatusCode::kCancelled));
  other.join();
}

TEST_F(SectorRingTest, AStopEndsTheProducersWait) {
  for (int i = 0; i < 3; ++i) Make();
  std::thread other([this] { ring_.Stop(); });
  EXPECT_TRUE(ring_.Reserve().empty());
  other.join();
}

TEST_F(SectorRingTest, TwoThreadsPassManyPieces) {
  std::thread producer([this] {
    for (int i = 1; i <= 200; ++i) Make(i == 200);
  });
  for (int i = 1; i <= 200; ++i) EXPECT_EQ(Take(), i);
  EXPECT_EQ(Take(), std::nullopt);
  producer.join();
}

}  // namespace
}  // namespace carousel
