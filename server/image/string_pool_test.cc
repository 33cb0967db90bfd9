#include "server/image/string_pool.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace carousel {
namespace {

TEST(StringPool, GivesBackEveryStringWhereverChunksEnd) {
  StringPool pool;
  std::vector<std::pair<uint32_t, std::string>> kept;
  for (const size_t size : {size_t{0}, size_t{1}, StringPool::kMaxBytes, size_t{0},
                            StringPool::kMaxBytes - 1, size_t{1}, size_t{0}, size_t{2}}) {
    const std::string text(size, static_cast<char>('a' + kept.size()));
    const std::optional<uint32_t> handle = pool.Add(text);
    ASSERT_TRUE(handle.has_value());
    kept.emplace_back(*handle, text);
  }
  for (const auto& [handle, text] : kept)
    EXPECT_EQ(absl::string_view(pool.Get(handle), text.size()), text);
  EXPECT_GE(pool.MemoryUse(), 3 * StringPool::kMaxBytes);
}

}  // namespace
}  // namespace carousel
