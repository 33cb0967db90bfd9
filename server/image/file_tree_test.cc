#include "server/image/file_tree.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Names(const FileTree& tree, FileTree::Id directory, size_t first = 0,
                               size_t limit = 1000) {
  std::vector<std::string> names;
  for (const FileTree::Id id : tree.Children(directory, first, limit))
    names.emplace_back(tree.name(id));
  return names;
}

TEST(FileTree, IsAnEmptyRootAtFirst) {
  FileTree tree;
  tree.Finish();
  EXPECT_EQ(tree.entry_count(), 0);
  EXPECT_EQ(tree.Path(FileTree::kRoot), "/");
  EXPECT_EQ(tree.type(FileTree::kRoot), EntryType::kDirectory);
  EXPECT_THAT(tree.Find("/"), IsOkAndHolds(FileTree::kRoot));
  EXPECT_THAT(tree.Children(FileTree::kRoot, 0, 10), IsEmpty());
}

TEST(FileTree, FindsEntriesByPathAndNamesThemBack) {
  FileTree tree;
  ASSERT_OK_AND_ASSIGN(const FileTree::Id a,
                       tree.Add(FileTree::kRoot, "a", {.type = EntryType::kDirectory}));
  ASSERT_OK_AND_ASSIGN(const FileTree::Id b, tree.Add(a, "b", {.type = EntryType::kDirectory}));
  ASSERT_OK_AND_ASSIGN(const FileTree::Id c, tree.Add(b, "c", {.bytes = 1}));
  tree.Finish();
  EXPECT_THAT(tree.Find("/a/b/c"), IsOkAndHolds(c));
  EXPECT_EQ(tree.Path(c), "/a/b/c");
  EXPECT_EQ(tree.parent(c), b);
  EXPECT_EQ(tree.file_count(), 1);
  EXPECT_EQ(tree.directory_count(), 2);
  EXPECT_THAT(tree.Find("/a/x"), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(tree.Find("/a/b/c/d"), StatusIs(StatusCode::kNotFound));
  for (const char* path : {"", "a", "/a/", "//a", "/a/./b", "/a/../a", "/a//b", "/."})
    EXPECT_THAT(tree.Find(path), StatusIs(StatusCode::kInvalidArgument)) << path;
}

TEST(FileTree, ListsChildrenInByteOrderAndInPages) {
  FileTree tree;
  for (const char* name : {"b", "a", "\xC3\xA4", "B", "ab", "aa", "a.b"})
    ASSERT_OK(tree.Add(FileTree::kRoot, name, {}));
  tree.Finish();
  EXPECT_THAT(Names(tree, FileTree::kRoot),
              ElementsAre("B", "a", "a.b", "aa", "ab", "b", "\xC3\xA4"));
  EXPECT_THAT(Names(tree, FileTree::kRoot, 2, 3), ElementsAre("a.b", "aa", "ab"));
  EXPECT_THAT(Names(tree, FileTree::kRoot, 7, 3), IsEmpty());
  EXPECT_EQ(tree.child_count(FileTree::kRoot), 7u);
}

TEST(FileTree, SortsNamesThatShareALongBeginning) {
  FileTree tree;
  std::map<std::string, FileTree::Id> expected;
  for (int i = 0; i < 500; ++i) {
    const std::string name =
        absl::StrCat(std::string(100, 'x'), i * 7919 % 500, "-", std::string(20, 'y'), i % 3);
    ASSERT_OK_AND_ASSIGN(expected[name], tree.Add(FileTree::kRoot, name, {}));
  }
  tree.Finish();
  size_t index = 0;
  for (const auto& [name, id] : expected) {
    EXPECT_THAT(tree.Children(FileTree::kRoot, index++, 1), ElementsAre(id));
    EXPECT_THAT(tree.Find("/" + name), IsOkAndHolds(id));
  }
}

TEST(FileTree, RefusesBadNamesDoublesAndParentsThatAreNoDirectories) {
  FileTree tree;
  ASSERT_OK_AND_ASSIGN(const FileTree::Id file, tree.Add(FileTree::kRoot, "f", {}));
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string("a/b"),
        std::string("a\0b", 3), std::string(766, 'n')}) {
    EXPECT_THAT(tree.Add(FileTree::kRoot, name, {}), StatusIs(StatusCode::kInvalidArgument));
  }
  EXPECT_OK(tree.Add(FileTree::kRoot, std::string(765, 'n'), {}));
  EXPECT_THAT(tree.Add(FileTree::kRoot, "f", {}), StatusIs(StatusCode::kAlreadyExists));
  EXPECT_THAT(tree.Add(file, "x", {}), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(tree.Add(FileTree::Id{99}, "x", {}), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(tree.Add(FileTree::kRoot, "l",
                       {.type = EntryType::kSymlink, .symlink_target = std::string(65'001, 't')}),
              StatusIs(StatusCode::kInvalidArgument));
  EXPECT_EQ(tree.entry_count(), 2);
}

TEST(FileTree, KeepsAllThatAnEntryHas) {
  const PosixAttributes posix = {
      .mode = 04755, .uid = 1000, .gid = 100, .links = 3, .inode = 0x123456789, .device = 0x801};
  const EntryData file = {.bytes = 5'000'000'001,
                          .modify_time = absl::FromUnixMicros(-1'234'567'800),
                          .posix = posix,
                          .extents = {{Lba(7), 4'294'965'248}, {Lba(9'000'000), 705'034'753}}};
  const EntryData small = {.bytes = 10, .extents = {{Lba(0xFFFFFFFF), 10}}};
  const EntryData far = {.bytes = 10, .extents = {{Lba(0x100000000), 10}}};
  const EntryData link = {.type = EntryType::kSymlink,
                          .symlink_target = std::string(3000, 't') + std::string("\0x", 2)};
  const EntryData node = {.type = EntryType::kBlockDevice, .posix = posix};
  FileTree tree;
  for (const auto& [name, data] : std::map<std::string, EntryData>{
           {"file", file}, {"small", small}, {"far", far}, {"link", link}, {"node", node}}) {
    ASSERT_OK_AND_ASSIGN(const FileTree::Id id, tree.Add(FileTree::kRoot, name, data));
    const EntryData kept = tree.data(id);
    EXPECT_EQ(kept.type, data.type) << name;
    EXPECT_EQ(kept.bytes, data.bytes) << name;
    EXPECT_EQ(kept.modify_time, data.modify_time) << name;
    EXPECT_EQ(kept.posix, data.posix) << name;
    EXPECT_EQ(kept.extents, data.extents) << name;
    EXPECT_EQ(kept.symlink_target, data.symlink_target) << name;
  }
}

TEST(FileTree, RoundsTimesDownToAHundredNanoseconds) {
  FileTree tree;
  ASSERT_OK_AND_ASSIGN(const FileTree::Id a,
                       tree.Add(FileTree::kRoot, "a", {.modify_time = absl::FromUnixNanos(-1)}));
  EXPECT_EQ(tree.data(a).modify_time, absl::FromUnixNanos(-100));
  tree.SetRoot({.bytes = 2048,
                .modify_time = absl::FromUnixSeconds(5),
                .posix = PosixAttributes{.mode = 0755}});
  EXPECT_EQ(tree.data(FileTree::kRoot).modify_time, absl::FromUnixSeconds(5));
  EXPECT_EQ(tree.data(FileTree::kRoot).posix->mode, 0755u);
}

TEST(FileTree, TakesMoreEntriesAfterFinish) {
  FileTree tree;
  ASSERT_OK(tree.Add(FileTree::kRoot, "b", {}));
  tree.Finish();
  EXPECT_THAT(tree.Add(FileTree::kRoot, "b", {}), StatusIs(StatusCode::kAlreadyExists));
  ASSERT_OK(tree.Add(FileTree::kRoot, "a", {}));
  tree.Finish();
  EXPECT_THAT(Names(tree, FileTree::kRoot), ElementsAre("a", "b"));
}

TEST(FileTree, MovesWithItsEntries) {
  FileTree tree;
  ASSERT_OK(tree.Add(FileTree::kRoot, "a", {}));
  FileTree moved = std::move(tree);
  EXPECT_THAT(moved.Add(FileTree::kRoot, "a", {}), StatusIs(StatusCode::kAlreadyExists));
  moved.Finish();
  EXPECT_THAT(Names(moved, FileTree::kRoot), ElementsAre("a"));
}

}  // namespace
}  // namespace carousel
