#include "server/image/file_tree_builder.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(FileTreeBuilder, MakesTheTreeThatAddWouldMake) {
  FileTreeBuilder builder;
  const FileTreeBuilder::Attributes attributes = builder.Intern({.mode = 0644, .uid = 7});
  EXPECT_EQ(builder.Intern({.mode = 0644, .uid = 7, .inode = 9}), attributes);
  const Extent extent = {Lba(30), 5};
  const Extent parts[] = {{Lba(40), 2048}, {Lba(50), 1}};
  ASSERT_OK_AND_ASSIGN(const FileTree::Id directory,
                       builder.Append(FileTree::kRoot, "d", {.type = EntryType::kDirectory}));
  ASSERT_OK(builder.Append(FileTree::kRoot, "c",
                           {.bytes = 5,
                            .modify_ticks = FileTreeBuilder::Ticks(absl::FromUnixSeconds(9)),
                            .attributes = attributes,
                            .inode = 11,
                            .extents = absl::MakeConstSpan(&extent, 1)}));
  ASSERT_OK(builder.Append(FileTree::kRoot, "l",
                           {.type = EntryType::kSymlink, .symlink_target = "../x"}));
  EXPECT_THAT(builder.EndDirectory(FileTree::kRoot), IsEmpty());
  ASSERT_OK(builder.Append(directory, "big", {.bytes = 2049, .extents = parts}));
  EXPECT_THAT(builder.EndDirectory(directory), IsEmpty());
  EXPECT_EQ(builder.Path(directory, 100), "/d");
  const FileTree tree = std::move(builder).Build();

  ASSERT_OK_AND_ASSIGN(const FileTree::Id c, tree.Find("/c"));
  EXPECT_EQ(tree.data(c).modify_time, absl::FromUnixSeconds(9));
  EXPECT_EQ(tree.data(c).posix, (PosixAttributes{.mode = 0644, .uid = 7, .inode = 11}));
  EXPECT_THAT(tree.data(c).extents, ElementsAre(extent));
  ASSERT_OK_AND_ASSIGN(const FileTree::Id link, tree.Find("/l"));
  EXPECT_EQ(tree.data(link).symlink_target, "../x");
  ASSERT_OK_AND_ASSIGN(const FileTree::Id big, tree.Find("/d/big"));
  EXPECT_THAT(tree.data(big).extents, ElementsAre(parts[0], parts[1]));
  EXPECT_EQ(tree.file_count(), 3);
  EXPECT_EQ(tree.directory_count(), 1);
}

TEST(FileTreeBuilder, KeepsTheFirstOfSeveralEntriesOfOneName) {
  FileTreeBuilder builder;
  ASSERT_OK(builder.Append(FileTree::kRoot, "b", {.bytes = 1}));
  ASSERT_OK_AND_ASSIGN(const FileTree::Id second,
                       builder.Append(FileTree::kRoot, "b", {.type = EntryType::kDirectory}));
  ASSERT_OK(builder.Append(FileTree::kRoot, "a", {}));
  ASSERT_OK_AND_ASSIGN(const FileTree::Id third,
                       builder.Append(FileTree::kRoot, "b", {.bytes = 3}));
  EXPECT_THAT(builder.EndDirectory(FileTree::kRoot),
              ElementsAre(static_cast<uint32_t>(second), static_cast<uint32_t>(third)));
  FileTree tree = std::move(builder).Build();
  EXPECT_EQ(tree.entry_count(), 2);
  ASSERT_OK_AND_ASSIGN(const FileTree::Id b, tree.Find("/b"));
  EXPECT_EQ(tree.data(b).bytes, 1);
  // What was dropped stays so when the tree is changed later.
  EXPECT_THAT(tree.Add(FileTree::kRoot, "b", {}), StatusIs(absl::StatusCode::kAlreadyExists));
  ASSERT_OK(tree.Add(FileTree::kRoot, "c", {}));
  tree.Finish();
  EXPECT_EQ(tree.child_count(FileTree::kRoot), 3u);
}

TEST(FileTreeBuilder, ShowsNoMoreOfALongPathThanAskedFor) {
  FileTreeBuilder builder;
  FileTree::Id id = FileTree::kRoot;
  for (const char* name : {"aaaa", "bbbb", "cccc"}) {
    ASSERT_OK_AND_ASSIGN(const FileTree::Id child,
                         builder.Append(id, name, {.type = EntryType::kDirectory}));
    builder.EndDirectory(id);
    id = child;
  }
  EXPECT_EQ(builder.Path(id, 15), "/aaaa/bbbb/cccc");
  EXPECT_EQ(builder.Path(id, 7), "...bb/cccc");
}

TEST(FileTreeBuilder, TakesAnEmptyDirectoryOut) {
  FileTreeBuilder builder;
  std::vector<FileTree::Id> ids;
  for (const char* name : {"a", "b", "c"}) {
    ASSERT_OK_AND_ASSIGN(const FileTree::Id id,
                         builder.Append(FileTree::kRoot, name, {.type = EntryType::kDirectory}));
    ids.push_back(id);
  }
  builder.EndDirectory(FileTree::kRoot);
  builder.DropEmptyDirectory(ids[1]);
  const FileTree tree = std::move(builder).Build();
  EXPECT_THAT(tree.Children(FileTree::kRoot, 0, 9), ElementsAre(ids[0], ids[2]));
  EXPECT_EQ(tree.directory_count(), 2);
}

}  // namespace
}  // namespace carousel
