#include "server/image/content_table.h"

#include "gtest/gtest.h"
#include "server/digest/sha256.h"
#include "server/mastering/content.h"

namespace carousel {
namespace {

constexpr Sha256Digest kOne = {1};
constexpr Sha256Digest kTwo = {2};

TEST(ContentTableTest, GivesEqualContentsOneHandle) {
  ContentTable table;
  const mastering::ContentHandle one = table.Add(kOne);
  EXPECT_NE(table.Add(kTwo), one);
  EXPECT_EQ(table.Add(kOne), one);
  ASSERT_EQ(table.size(), 2u);
  EXPECT_EQ(table.digests()[static_cast<size_t>(one)], kOne);
}

TEST(ContentTableTest, ForgetsWhatWasAddedLast) {
  ContentTable table;
  table.Add(kOne);
  table.Add(kTwo);
  table.Truncate(1);
  ASSERT_EQ(table.size(), 1u);
  EXPECT_EQ(table.digests()[0], kOne);
  EXPECT_EQ(table.Add(kTwo), mastering::ContentHandle{1});
  table.Truncate(5);
  EXPECT_EQ(table.size(), 2u);
}

}  // namespace
}  // namespace carousel
