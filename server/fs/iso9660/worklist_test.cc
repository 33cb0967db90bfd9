#include "server/fs/iso9660/worklist.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace carousel::iso9660 {
namespace {

using testing::ElementsAre;

TEST(Worklist, GoesUpAndStartsAgainFromTheLowest) {
  Worklist list;
  list.Push(50, 1);
  EXPECT_EQ(list.Pop(), 1u);
  list.Push(10, 2);
  list.Push(70, 3);
  list.Push(60, 4);
  EXPECT_EQ(list.Pop(), 4u);
  list.Push(55, 5);  // behind: its turn comes with the next sweep
  std::vector<uint32_t> order;
  while (const auto item = list.Pop()) order.push_back(*item);
  EXPECT_THAT(order, ElementsAre(3, 2, 5));
  EXPECT_EQ(list.Pop(), std::nullopt);
}

}  // namespace
}  // namespace carousel::iso9660
