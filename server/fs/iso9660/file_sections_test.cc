#include "server/fs/iso9660/file_sections.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel::iso9660 {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Lba kAt{20};
constexpr Lba kEnd{1000};

DirectoryRecord Record(uint32_t extent, uint32_t bytes) {
  DirectoryRecord record;
  record.extent = extent;
  record.bytes = bytes;
  return record;
}

TEST(AppendExtents, TakesAPlainSection) {
  std::vector<Extent> extents;
  ASSERT_OK(AppendExtents(Record(998, 4096), kAt, kEnd, extents));
  EXPECT_THAT(extents, ElementsAre(Extent{Lba(998), 4096}));
  EXPECT_THAT(AppendExtents(Record(998, 4097), kAt, kEnd, extents),
              StatusIs(StatusCode::kDataLoss));
  EXPECT_THAT(AppendExtents(Record(0xFFFFFFFF, 0xFFFFFFFF), kAt, kEnd, extents),
              StatusIs(StatusCode::kDataLoss));
}

TEST(AppendExtents, IgnoresWhereAnEmptySectionPoints) {
  std::vector<Extent> extents;
  ASSERT_OK(AppendExtents(Record(0xFFFFFFFF, 0), kAt, kEnd, extents));
  EXPECT_THAT(extents, IsEmpty());
}

TEST(AppendExtents, SkipsTheAttributeRecord) {
  DirectoryRecord record = Record(100, 10);
  record.attribute_sectors = 3;
  std::vector<Extent> extents;
  ASSERT_OK(AppendExtents(record, kAt, kEnd, extents));
  EXPECT_THAT(extents, ElementsAre(Extent{Lba(103), 10}));
}

TEST(AppendExtents, LaysInterleavedPartsOut) {
  DirectoryRecord record = Record(100, 5 * 2048 - 1);
  record.unit = 2;
  record.gap = 3;
  std::vector<Extent> extents;
  ASSERT_OK(AppendExtents(record, kAt, kEnd, extents));
  EXPECT_THAT(extents,
              ElementsAre(Extent{Lba(100), 4096}, Extent{Lba(105), 4096}, Extent{Lba(110), 2047}));
  // The attribute record has the first unit to itself.
  record.attribute_sectors = 1;
  extents.clear();
  ASSERT_OK(AppendExtents(record, kAt, kEnd, extents));
  EXPECT_EQ(extents[0], (Extent{Lba(105), 4096}));
  EXPECT_THAT(AppendExtents(record, kAt, Lba(115), extents), StatusIs(StatusCode::kDataLoss));
}

TEST(AppendExtents, RefusesTooManyParts) {
  DirectoryRecord record = Record(0, 0x7FFFFFFF);
  record.unit = 1;
  std::vector<Extent> extents;
  EXPECT_THAT(AppendExtents(record, kAt, Lba(5'000'000), extents), StatusIs(StatusCode::kDataLoss));
}

}  // namespace
}  // namespace carousel::iso9660
