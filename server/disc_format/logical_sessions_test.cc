#include "server/disc_format/logical_sessions.h"

#include <cstdint>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/sense.h"
#include "server/disc_format/test_descriptor.h"
#include "server/fs/memory_block_reader.h"

namespace carousel {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int kSectors = 4096;

class LogicalSessionsTest : public testing::Test {
 protected:
  // Puts a descriptor at `at`: root directory, volume space, path table one before the root.
  void Put(int at, int root, int space) {
    const std::vector<uint8_t> sector = TestDescriptor(Lba(root), Sectors(space), Lba(root - 1));
    std::copy(sector.begin(), sector.end(), disc_.image().begin() + at * kSectorSize);
  }

  MemoryBlockReader disc_{std::vector<uint8_t>(kSectors * kSectorSize, 0)};
};

TEST_F(LogicalSessionsTest, AreNoneOnADiscOfZeros) {
  ASSERT_OK_AND_ASSIGN(const LogicalSessions found, FindLogicalSessions(disc_));
  EXPECT_EQ(found.layout, LogicalLayout::kNone);
  EXPECT_THAT(found.starts, IsEmpty());
}

TEST_F(LogicalSessionsTest, FollowAChainToTheVolumesEnd) {
  // As xorriso lays them: 32 + 205, then 256 + 174.
  Put(16, 276, 430);
  Put(48, 51, 205);
  Put(256 + 16, 276, 174);
  ASSERT_OK_AND_ASSIGN(const LogicalSessions found, FindLogicalSessions(disc_));
  EXPECT_EQ(found.layout, LogicalLayout::kChain);
  EXPECT_THAT(found.starts, ElementsAre(Lba(32), Lba(256)));
  EXPECT_EQ(found.end, Lba(430));
  EXPECT_THAT(found.contradictions, IsEmpty());
}

TEST_F(LogicalSessionsTest, BeginAtZeroOnADiscWithOneImage) {
  Put(16, 20, 300);
  ASSERT_OK_AND_ASSIGN(const LogicalSessions found, FindLogicalSessions(disc_));
  EXPECT_EQ(found.layout, LogicalLayout::kRewritten);
  EXPECT_THAT(found.starts, ElementsAre(Lba(0)));
  EXPECT_EQ(found.end, Lba(300));
}

TEST_F(LogicalSessionsTest, AreFoundBackwardsFromTheRootWhenSector16WasRewritten) {
  // As growisofs lays them: the second session at 304, its descriptors copied to 16.
  Put(16, 332, 480);
  Put(304 + 16, 332, 176);
  ASSERT_OK_AND_ASSIGN(const LogicalSessions found, FindLogicalSessions(disc_));
  EXPECT_EQ(found.layout, LogicalLayout::kRewritten);
  EXPECT_THAT(found.starts, ElementsAre(Lba(0), Lba(304)));
  EXPECT_EQ(found.end, Lba(480));
}

TEST_F(LogicalSessionsTest, DoNotFollowAChainThatPassesTheVolumesEnd) {
  Put(16, 51, 100);
  Put(48, 51, 205);
  ASSERT_OK_AND_ASSIGN(const LogicalSessions found, FindLogicalSessions(disc_));
  EXPECT_EQ(found.layout, LogicalLayout::kRewritten);
  EXPECT_THAT(found.contradictions, SizeIs(1));
}

TEST_F(LogicalSessionsTest, DoNotFollowAChainThatStandsStill) {
  Put(16, 51, 500);
  Put(48, 51, 0);
  ASSERT_OK_AND_ASSIGN(const LogicalSessions found, FindLogicalSessions(disc_));
  EXPECT_EQ(found.layout, LogicalLayout::kRewritten);
  EXPECT_THAT(disc_.reads(), SizeIs(testing::Le(70)));
}

TEST_F(LogicalSessionsTest, TakeABoundedNumberOfReadsToLookBackwards) {
  Put(16, 4000, 4050);
  ASSERT_OK_AND_ASSIGN(const LogicalSessions found, FindLogicalSessions(disc_));
  EXPECT_THAT(found.starts, ElementsAre(Lba(0)));
  EXPECT_THAT(disc_.reads(), SizeIs(testing::Le(70)));
}

TEST_F(LogicalSessionsTest, SkipASectorThatCannotBeReadOnTheWay) {
  Put(16, 332, 480);
  Put(304 + 16, 332, 176);
  disc_.FailAt(Lba(48),
               scsi::SenseStatus({.key = scsi::SenseKey::kMediumError, .asc = 0x11}, 0x28, "disc"));
  ASSERT_OK_AND_ASSIGN(const LogicalSessions found, FindLogicalSessions(disc_));
  EXPECT_THAT(found.starts, ElementsAre(Lba(0), Lba(304)));
}

TEST_F(LogicalSessionsTest, AreAnErrorWhenTheDriveStopsAnswering) {
  Put(16, 332, 480);
  disc_.FailAt(Lba(48), absl::UnavailableError("gone"));
  EXPECT_THAT(FindLogicalSessions(disc_), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(LogicalSessionsTest, AreAnErrorWhenSector16CannotBeRead) {
  disc_.FailAt(Lba(16), absl::DataLossError("scratched"));
  EXPECT_THAT(FindLogicalSessions(disc_), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(LogicalSessionsTest, AreNoneWhenTheDescriptorPointsOutsideTheDisc) {
  Put(16, kSectors + 1, 480);
  ASSERT_OK_AND_ASSIGN(const LogicalSessions found, FindLogicalSessions(disc_));
  EXPECT_EQ(found.layout, LogicalLayout::kNone);
  EXPECT_THAT(found.contradictions, SizeIs(1));
}

}  // namespace
}  // namespace carousel
