#include "server/image/mastering_input.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/image/file_tree.h"
#include "server/image/tree_editor.h"
#include "server/mastering/options.h"
#include "server/mastering/plan.h"
#include "server/mastering/serial_numbers.h"

namespace carousel {
namespace {

using mastering::ContentHandle;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kOldBytes = 3000;

EntryData OldFile(int64_t sector, uint64_t inode) {
  return {.bytes = kOldBytes,
          .posix = PosixAttributes{.mode = 0444, .inode = inode},
          .extents = {{Lba(sector), kOldBytes}}};
}

// Two names of one file, and another file.
std::shared_ptr<const FileTree> Imported() {
  auto tree = std::make_shared<FileTree>();
  tree->SetRoot(
      {.type = EntryType::kDirectory, .posix = PosixAttributes{.mode = 0750, .inode = 1}});
  EXPECT_OK(tree->Add(FileTree::kRoot, "a", OldFile(100, 4)));
  EXPECT_OK(tree->Add(FileTree::kRoot, "b", OldFile(100, 4)));
  EXPECT_OK(tree->Add(FileTree::kRoot, "c", OldFile(200, 5)));
  tree->Finish();
  return tree;
}

class MasteringInputTest : public testing::Test {
 protected:
  void AddFile(const std::string& path, uint64_t content) {
    EXPECT_OK(editor_.AddFile(path, ContentHandle{content}, 4096,
                              {.posix = PosixAttributes{.mode = 0644, .inode = 4}}));
  }

  std::shared_ptr<const FileTree> imported_ = Imported();
  TreeEditor editor_{imported_};
};

TEST_F(MasteringInputTest, IsTheImportedTreeWhereNothingWasEdited) {
  ASSERT_OK_AND_ASSIGN(const MasteringInput input, MakeMasteringInput(editor_));
  EXPECT_THAT(input.new_files, IsEmpty());
  EXPECT_EQ(input.tree.data(FileTree::kRoot).posix, imported_->data(FileTree::kRoot).posix);
  for (const char* path : {"/a", "/b", "/c"}) {
    const EntryData data = input.tree.data(*input.tree.Find(path));
    const EntryData old = imported_->data(*imported_->Find(path));
    EXPECT_EQ(data.bytes, old.bytes) << path;
    EXPECT_EQ(data.posix, old.posix) << path;
    EXPECT_EQ(data.extents, old.extents) << path;
  }
}

TEST_F(MasteringInputTest, NewFilesShareASerialNumberWithNoOther) {
  AddFile("/new", 7);
  AddFile("/twin", 7);
  ASSERT_OK(editor_.AddDirectory("/dir", {}));
  ASSERT_OK_AND_ASSIGN(const MasteringInput input, MakeMasteringInput(editor_));
  const mastering::SerialNumbers serials(input.tree);
  const auto serial = [&](const char* path) {
    const FileTree::Id id = *input.tree.Find(path);
    const EntryData data = input.tree.data(id);
    return serials.Of(id, data.posix.has_value() ? data.posix->inode : 0);
  };
  EXPECT_EQ(serial("/a"), serial("/b"));
  const std::set<uint32_t> different = {serial("/a"),    serial("/c"),   serial("/new"),
                                        serial("/twin"), serial("/dir"), serial("/")};
  EXPECT_EQ(different.size(), 6u);
}

TEST_F(MasteringInputTest, IsWhatAPlanTakes) {
  ASSERT_OK(editor_.RemoveItem("/a"));
  AddFile("/a", 7);
  AddFile("/z", 8);
  ASSERT_OK_AND_ASSIGN(const MasteringInput input, MakeMasteringInput(editor_));
  mastering::Options options;
  options.session_start = Lba(1000);
  ASSERT_OK_AND_ASSIGN(const auto plan,
                       mastering::Plan::Make(input.tree, input.new_files, options));
  std::vector<ContentHandle> handles;
  for (const auto& content : plan->contents().contents()) handles.push_back(content.handle);
  EXPECT_THAT(handles, ElementsAre(ContentHandle{7}, ContentHandle{8}));
}

TEST_F(MasteringInputTest, LeavesTheImportedTreeAsItIs) {
  ASSERT_OK(editor_.RemoveTree("/"));
  AddFile("/a", 7);
  ASSERT_OK_AND_ASSIGN(const MasteringInput input, MakeMasteringInput(editor_));
  EXPECT_EQ(input.tree.entry_count(), 1);
  EXPECT_EQ(input.tree.data(FileTree::kRoot).posix, imported_->data(FileTree::kRoot).posix);
  EXPECT_EQ(imported_->entry_count(), 3);
  EXPECT_EQ(imported_->data(*imported_->Find("/a")).bytes, kOldBytes);
}

}  // namespace
}  // namespace carousel
