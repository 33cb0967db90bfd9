// Entries that change their place.
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "server/image/file_tree.h"
#include "server/image/mastering_input.h"
#include "server/image/tree_editor.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/mastering/content.h"

namespace carousel {
namespace {

using imapi::Hresult;
using mastering::ContentHandle;
using testing::ElementsAre;
using testing::IsEmpty;

std::optional<Hresult> CodeOf(const absl::Status& status) {
  const auto detail = imapi::GetDetail(status);
  return detail.has_value() ? std::optional(detail->hresult) : std::nullopt;
}

// An image that has imported /d, /d/f at sector 300, and /z.
class TreeEditorMovesTest : public testing::Test {
 protected:
  static std::shared_ptr<const FileTree> Imported() {
    auto tree = std::make_shared<FileTree>();
    const FileTree::Id d = *tree->Add(FileTree::kRoot, "d", {.type = EntryType::kDirectory});
    EXPECT_OK(tree->Add(d, "f", {.bytes = 5, .extents = {{Lba(300), 5}}}));
    EXPECT_OK(tree->Add(FileTree::kRoot, "z", {.bytes = 7}));
    tree->Finish();
    return tree;
  }

  // Every path of the tree, parents first.
  std::vector<std::string> Paths() const {
    std::vector<std::string> paths;
    std::vector<TreeEditor::Id> left = {editor_.root()};
    for (size_t i = 0; i < left.size(); ++i) {
      for (const TreeEditor::Id id : editor_.Children(left[i], 0, 100)) {
        paths.push_back(editor_.tree().Path(id));
        if (editor_.type(id) == EntryType::kDirectory) left.push_back(id);
      }
    }
    return paths;
  }

  TreeEditor editor_{Imported()};
};

TEST_F(TreeEditorMovesTest, MovesADirectoryWithAllThatIsInIt) {
  ASSERT_OK(editor_.AddFile("/d/new", ContentHandle{4}, 3, {}));
  ASSERT_OK(editor_.AddDirectory("/e", {}));
  ASSERT_OK(editor_.MoveItem("/d", "/e/moved"));
  EXPECT_THAT(Paths(), ElementsAre("/e", "/z", "/e/moved", "/e/moved/f", "/e/moved/new"));
  EXPECT_EQ(editor_.file_count(), 3);
  EXPECT_EQ(editor_.directory_count(), 2);
  EXPECT_EQ(editor_.change_point(), 3);
}

TEST_F(TreeEditorMovesTest, ImportedFilesKeepTheirExtents) {
  ASSERT_OK(editor_.MoveItem("/d/f", "/renamed"));
  ASSERT_OK_AND_ASSIGN(const MasteringInput input, MakeMasteringInput(editor_));
  EXPECT_TRUE(input.new_files.empty());
  ASSERT_OK_AND_ASSIGN(const FileTree::Id id, input.tree.Find("/renamed"));
  EXPECT_THAT(input.tree.data(id).extents, ElementsAre(Extent{Lba(300), 5}));
}

TEST_F(TreeEditorMovesTest, MakesRoomForAnotherOfTheName) {
  ASSERT_OK(editor_.MoveItem("/d", "/e"));
  ASSERT_OK(editor_.AddDirectory("/d", {}));
  EXPECT_THAT(Paths(), ElementsAre("/d", "/e", "/z", "/e/f"));
  ASSERT_OK(editor_.RemoveItem("/d"));
  ASSERT_OK(editor_.MoveItem("/e", "/d"));
  EXPECT_THAT(Paths(), ElementsAre("/d", "/z", "/d/f"));
}

TEST_F(TreeEditorMovesTest, IsTakenBackAsOneChange) {
  const std::vector<std::string> before = Paths();
  ASSERT_OK(editor_.RemoveItem("/z"));
  ASSERT_OK(editor_.MoveItem("/d", "/z"));
  ASSERT_OK(editor_.MoveItem("/z/f", "/z/g"));
  EXPECT_THAT(Paths(), ElementsAre("/z", "/z/g"));
  ASSERT_OK(editor_.RollbackToChangePoint(1));
  EXPECT_THAT(Paths(), ElementsAre("/d", "/d/f"));
  ASSERT_OK(editor_.RollbackToChangePoint(0));
  EXPECT_EQ(Paths(), before);
  EXPECT_EQ(editor_.records(), 0u);
}

TEST_F(TreeEditorMovesTest, LeavesNothingBehindOnceItIsRemovedForGood) {
  ASSERT_OK(editor_.MoveItem("/d/f", "/f"));
  ASSERT_OK(editor_.MoveItem("/f", "/g"));
  ASSERT_OK(editor_.RemoveItem("/g"));
  ASSERT_OK(editor_.RemoveTree("/d"));
  editor_.LockInChangePoint();
  EXPECT_EQ(editor_.records(), 1u) << "that /d is removed";
  EXPECT_THAT(Paths(), ElementsAre("/z"));
}

TEST_F(TreeEditorMovesTest, StaysAfterALock) {
  ASSERT_OK(editor_.MoveItem("/d/f", "/f"));
  editor_.LockInChangePoint();
  ASSERT_OK(editor_.RemoveItem("/d"));
  editor_.LockInChangePoint();
  EXPECT_THAT(Paths(), ElementsAre("/f", "/z"));
  ASSERT_OK_AND_ASSIGN(const TreeEditor::Id id, editor_.FindItem("/f"));
  EXPECT_EQ(editor_.data(id).bytes, 5);
}

TEST_F(TreeEditorMovesTest, RefusesWhatIsNotThereAndWhereItCannotBe) {
  const std::vector<std::string> before = Paths();
  for (const auto& [path, destination, code] :
       std::vector<std::tuple<const char*, const char*, Hresult>>{
           {"/none", "/x", Hresult::IMAPI_E_ITEM_NOT_FOUND},
           {"x", "/x", Hresult::IMAPI_E_INVALID_PATH},
           {"/d", "x", Hresult::IMAPI_E_INVALID_PATH},
           {"/", "/x", Hresult::IMAPI_E_INVALID_PARAM},
           {"/d", "/d/x", Hresult::IMAPI_E_INVALID_PARAM},
           {"/d", "/z", Hresult::IMAPI_E_DUP_NAME},
           {"/d", "/d", Hresult::IMAPI_E_DUP_NAME},
           {"/d", "/", Hresult::IMAPI_E_DUP_NAME},
           {"/d", "/none/x", Hresult::IMAPI_E_DIR_NOT_FOUND},
           {"/d", "/z/x", Hresult::IMAPI_E_NOT_DIR}}) {
    EXPECT_EQ(CodeOf(editor_.MoveItem(path, destination)), code) << path << " " << destination;
  }
  EXPECT_EQ(imapi::GetDetail(editor_.MoveItem("/d", "/z"))->metadata.at("field"), "destination");
  EXPECT_EQ(Paths(), before);
  EXPECT_EQ(editor_.change_point(), 0);
}

TEST_F(TreeEditorMovesTest, RemovesWhatWasMovedIntoARemovedDirectory) {
  ASSERT_OK(editor_.AddDirectory("/n", {}));
  ASSERT_OK(editor_.MoveItem("/d", "/n/d"));
  ASSERT_OK(editor_.RemoveTree("/n"));
  EXPECT_THAT(Paths(), ElementsAre("/z"));
  EXPECT_EQ(editor_.file_count(), 1);
  editor_.LockInChangePoint();
  ASSERT_OK(editor_.AddDirectory("/d", {}));
  EXPECT_THAT(editor_.Children(*editor_.FindItem("/d"), 0, 9), IsEmpty());
}

}  // namespace
}  // namespace carousel
