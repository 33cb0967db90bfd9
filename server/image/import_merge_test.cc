#include "server/image/import_merge.h"

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/image/file_tree.h"
#include "server/image/tree_editor.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/mastering/content.h"

namespace carousel {
namespace {

using imapi::Hresult;
using mastering::ContentHandle;

// /d, /d/f, /z.
std::shared_ptr<const FileTree> Imported() {
  auto tree = std::make_shared<FileTree>();
  const FileTree::Id d = *tree->Add(FileTree::kRoot, "d", {.type = EntryType::kDirectory});
  EXPECT_OK(tree->Add(d, "f", {.bytes = 5}));
  EXPECT_OK(tree->Add(FileTree::kRoot, "z", {.bytes = 7}));
  tree->Finish();
  return tree;
}

class ImportMergeTest : public testing::Test {
 protected:
  std::optional<Hresult> Refusal() {
    const auto detail = imapi::GetDetail(MergeImport(Imported(), edited_).status());
    return detail.has_value() ? std::optional(detail->hresult) : std::nullopt;
  }

  TreeEditor edited_{nullptr};
};

TEST_F(ImportMergeTest, WhatIsInTheImageWins) {
  ASSERT_OK(edited_.AddDirectory("/d", {}));
  ASSERT_OK(edited_.AddFile("/d/f", ContentHandle{3}, 9, {}));
  ASSERT_OK(edited_.AddSymlink("/d/new", "f", {}));
  ASSERT_OK_AND_ASSIGN(const auto merged, MergeImport(Imported(), edited_));
  EXPECT_EQ(merged->file_count(), 3);
  EXPECT_EQ(merged->directory_count(), 1);
  ASSERT_OK_AND_ASSIGN(const TreeEditor::Id file, merged->FindItem("/d/f"));
  EXPECT_EQ(merged->content(file), ContentHandle{3});
  ASSERT_OK_AND_ASSIGN(const TreeEditor::Id link, merged->FindItem("/d/new"));
  EXPECT_EQ(merged->data(link).symlink_target, "f");
  EXPECT_EQ(merged->new_blocks(), 1);
}

TEST_F(ImportMergeTest, CountsAsChangesThatAreLockedIn) {
  ASSERT_OK(edited_.AddDirectory("/new", {}));
  ASSERT_OK_AND_ASSIGN(const auto merged, MergeImport(Imported(), edited_));
  EXPECT_GT(merged->change_point(), edited_.change_point());
  EXPECT_FALSE(merged->RollbackToChangePoint(edited_.change_point()).ok());
  EXPECT_OK(merged->RollbackToChangePoint(merged->change_point()));
}

TEST_F(ImportMergeTest, ADirectoryIsNoFile) {
  ASSERT_OK(edited_.AddDirectory("/z", {}));
  EXPECT_EQ(Refusal(), Hresult::IMAPI_E_IMPORT_TYPE_COLLISION_FILE_EXISTS_AS_DIRECTORY);
}

TEST_F(ImportMergeTest, AFileIsNoDirectory) {
  ASSERT_OK(edited_.AddFile("/d", ContentHandle{3}, 9, {}));
  EXPECT_EQ(Refusal(), Hresult::IMAPI_E_IMPORT_TYPE_COLLISION_DIRECTORY_EXISTS_AS_FILE);
}

}  // namespace
}  // namespace carousel
