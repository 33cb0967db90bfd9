#include "server/mastering/serial_numbers.h"

#include <set>
#include <string>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel::mastering {
namespace {

class SerialNumbersTest : public testing::Test {
 protected:
  FileTree::Id Add(const std::string& name, uint64_t inode) {
    const auto id =
        tree_.Add(FileTree::kRoot, name, EntryData{.posix = PosixAttributes{.inode = inode}});
    EXPECT_OK(id);
    return id.value_or(FileTree::kRoot);
  }

  FileTree tree_;
};

TEST_F(SerialNumbersTest, KeepsInodesAndNumbersTheRestApart) {
  const FileTree::Id a = Add("a", 7);
  const FileTree::Id b = Add("b", 0);
  const FileTree::Id c = Add("c", 7);
  const FileTree::Id d = Add("d", 0);
  tree_.Finish();
  const SerialNumbers serials(tree_);
  EXPECT_EQ(serials.Of(a, 7), 7u);
  EXPECT_EQ(serials.Of(c, 7), 7u);
  EXPECT_EQ(
      std::set<uint32_t>({7, serials.Of(b, 0), serials.Of(d, 0), serials.Of(FileTree::kRoot, 0)})
          .size(),
      4u);
}

TEST_F(SerialNumbersTest, LinksOfOneFileStayTogetherWhateverTheirInode) {
  constexpr uint64_t kLarge = uint64_t{1} << 40;
  const FileTree::Id a = Add("a", kLarge);
  const FileTree::Id b = Add("b", kLarge);
  const FileTree::Id c = Add("c", kLarge + 1);
  tree_.Finish();
  const SerialNumbers serials(tree_);
  EXPECT_EQ(serials.Of(a, kLarge), serials.Of(b, kLarge));
  EXPECT_NE(serials.Of(a, kLarge), serials.Of(c, kLarge + 1));
}

TEST_F(SerialNumbersTest, NumbersAllAnewWhereInodesLeaveNoRoom) {
  constexpr uint64_t kLast = 0xFFFFFFFF;
  const FileTree::Id a = Add("a", kLast);
  const FileTree::Id b = Add("b", kLast);
  const FileTree::Id c = Add("c", 1);
  const FileTree::Id d = Add("d", 0);
  tree_.Finish();
  const SerialNumbers serials(tree_);
  EXPECT_EQ(serials.Of(a, kLast), serials.Of(b, kLast));
  EXPECT_EQ(std::set<uint32_t>({serials.Of(a, kLast), serials.Of(c, 1), serials.Of(d, 0),
                                serials.Of(FileTree::kRoot, 0)})
                .size(),
            4u);
}

}  // namespace
}  // namespace carousel::mastering
