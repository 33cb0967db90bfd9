#include "server/image/tree_editor.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

using imapi::Hresult;
using mastering::ContentHandle;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

Hresult CodeOf(const absl::Status& status) {
  const auto detail = imapi::GetDetail(status);
  return detail.has_value() ? detail->hresult : Hresult::E_FAIL;
}

template <typename T>
Hresult CodeOf(const absl::StatusOr<T>& status_or) {
  return CodeOf(status_or.status());
}

// An image that has imported /d, /d/f, /d/g and /z.
class TreeEditorTest : public testing::Test {
 protected:
  TreeEditorTest() : editor_(Imported()) {}

  static std::shared_ptr<const FileTree> Imported() {
    auto tree = std::make_shared<FileTree>();
    const FileTree::Id d =
        *tree->Add(FileTree::kRoot, "d", EntryData{.type = EntryType::kDirectory});
    EXPECT_OK(tree->Add(d, "f", EntryData{.bytes = 5, .extents = {{Lba(300), 5}}}));
    EXPECT_OK(tree->Add(d, "g", EntryData{}));
    EXPECT_OK(tree->Add(FileTree::kRoot, "z", EntryData{.bytes = 7}));
    tree->Finish();
    return tree;
  }

  std::vector<std::string> Names(const std::string& path, size_t first = 0,
                                 size_t limit = 100) const {
    std::vector<std::string> names;
    const auto directory = editor_.FindItem(path);
    EXPECT_OK(directory);
    if (!directory.ok()) return names;
    for (const TreeEditor::Id id : editor_.Children(*directory, first, limit))
      names.emplace_back(editor_.name(id));
    return names;
  }

  absl::StatusOr<TreeEditor::Id> AddFile(const std::string& path, uint64_t content = 1) {
    return editor_.AddFile(path, ContentHandle{content}, 3, {});
  }

  TreeEditor editor_;
};

TEST_F(TreeEditorTest, ListsImportedAndNewEntriesInOneOrder) {
  ASSERT_OK(AddFile("/a"));
  ASSERT_OK(editor_.AddDirectory("/m", {}));
  ASSERT_OK(editor_.AddSymlink("/zz", "../x", {}));
  ASSERT_OK(AddFile("/m/inner"));
  EXPECT_THAT(Names("/"), ElementsAre("a", "d", "m", "z", "zz"));
  EXPECT_THAT(Names("/", 1, 3), ElementsAre("d", "m", "z"));
  EXPECT_THAT(Names("/", 4, 3), ElementsAre("zz"));
  EXPECT_THAT(Names("/", 5, 3), IsEmpty());
  EXPECT_THAT(Names("/m"), ElementsAre("inner"));
  EXPECT_EQ(editor_.file_count(), 6);
  EXPECT_EQ(editor_.directory_count(), 2);
}

TEST_F(TreeEditorTest, SaysOfANewEntryWhatWasGiven) {
  const absl::Time time = absl::FromUnixSeconds(1'700'000'000);
  const PosixAttributes posix = {.mode = 0640, .uid = 3, .gid = 4};
  ASSERT_OK_AND_ASSIGN(const TreeEditor::Id file,
                       editor_.AddFile("/d/new", ContentHandle{9}, 1234, {time, posix}));
  EXPECT_THAT(editor_.FindItem("/d/new"), IsOkAndHolds(file));
  EXPECT_EQ(editor_.name(file), "new");
  EXPECT_EQ(editor_.type(file), EntryType::kFile);
  EXPECT_EQ(editor_.data(file).bytes, 1234);
  EXPECT_EQ(editor_.data(file).modify_time, time);
  EXPECT_THAT(editor_.data(file).posix, Optional(posix));
  EXPECT_THAT(editor_.content(file), Optional(ContentHandle{9}));
  ASSERT_OK_AND_ASSIGN(const TreeEditor::Id link, editor_.AddSymlink("/l", "d/new", {}));
  EXPECT_EQ(editor_.data(link).symlink_target, "d/new");
  EXPECT_EQ(editor_.content(link), std::nullopt);
}

TEST_F(TreeEditorTest, TakesNoInodeNumberOrLinkCountFromAClient) {
  ASSERT_OK_AND_ASSIGN(
      const TreeEditor::Id file,
      editor_.AddFile("/x", ContentHandle{1}, 3,
                      {.posix = PosixAttributes{.mode = 0600, .links = 9, .inode = 77}}));
  EXPECT_THAT(editor_.data(file).posix, Optional(PosixAttributes{.mode = 0600, .links = 1}));
}

TEST_F(TreeEditorTest, RefusesANameThatIsThere) {
  for (const char* path : {"/d", "/z", "/d/f", "/"}) {
    EXPECT_EQ(CodeOf(AddFile(path)), Hresult::IMAPI_E_DUP_NAME) << path;
    EXPECT_EQ(CodeOf(editor_.AddDirectory(path, {})), Hresult::IMAPI_E_DUP_NAME) << path;
  }
  ASSERT_OK(AddFile("/new"));
  EXPECT_EQ(CodeOf(editor_.AddSymlink("/new", "x", {})), Hresult::IMAPI_E_DUP_NAME);
}

TEST_F(TreeEditorTest, RefusesAPlaceThatIsNone) {
  EXPECT_EQ(CodeOf(AddFile("/none/x")), Hresult::IMAPI_E_DIR_NOT_FOUND);
  EXPECT_EQ(CodeOf(AddFile("/z/x")), Hresult::IMAPI_E_NOT_DIR);
  EXPECT_EQ(CodeOf(AddFile("/z/x/y")), Hresult::IMAPI_E_NOT_DIR);
  const std::string too_long = "/" + std::string(FileTree::kMaxNameBytes + 1, 'n');
  for (const std::string& path :
       {std::string(), std::string("x"), std::string("/d/"), std::string("//x"),
        std::string("/d/../x"), std::string("/."), std::string("/x\0y", 4), too_long}) {
    EXPECT_EQ(CodeOf(AddFile(path)), Hresult::IMAPI_E_INVALID_PATH) << path;
    EXPECT_EQ(CodeOf(editor_.RemoveTree(path)), Hresult::IMAPI_E_INVALID_PATH) << path;
  }
}

TEST_F(TreeEditorTest, RefusesWhatNoFileOrLinkIs) {
  EXPECT_EQ(CodeOf(editor_.AddFile("/x", ContentHandle{1}, -1, {})),
            Hresult::IMAPI_E_INVALID_PARAM);
  const std::string too_long(FileTree::kMaxTargetBytes + 1, 't');
  for (const std::string& target : {std::string(), std::string("a\0b", 3), too_long})
    EXPECT_EQ(CodeOf(editor_.AddSymlink("/x", target, {})), Hresult::IMAPI_E_INVALID_PARAM);
}

TEST_F(TreeEditorTest, RemovesOnlyWhatIsThereAndEmpty) {
  EXPECT_EQ(CodeOf(editor_.RemoveItem("/none")), Hresult::IMAPI_E_ITEM_NOT_FOUND);
  EXPECT_EQ(CodeOf(editor_.RemoveTree("/z/none")), Hresult::IMAPI_E_ITEM_NOT_FOUND);
  EXPECT_EQ(CodeOf(editor_.RemoveItem("/d")), Hresult::IMAPI_E_DIR_NOT_EMPTY);
  EXPECT_EQ(CodeOf(editor_.RemoveItem("/")), Hresult::IMAPI_E_INVALID_PARAM);
  EXPECT_OK(editor_.RemoveItem("/d/f"));
  EXPECT_OK(editor_.RemoveItem("/d/g"));
  EXPECT_OK(editor_.RemoveItem("/d"));
  EXPECT_THAT(Names("/"), ElementsAre("z"));
}

TEST_F(TreeEditorTest, ARefusedEditChangesNothing) {
  ASSERT_OK(AddFile("/new"));
  EXPECT_EQ(CodeOf(AddFile("/new")), Hresult::IMAPI_E_DUP_NAME);
  EXPECT_EQ(CodeOf(editor_.RemoveItem("/d")), Hresult::IMAPI_E_DIR_NOT_EMPTY);
  EXPECT_EQ(editor_.change_point(), 1);
  EXPECT_THAT(Names("/"), ElementsAre("d", "new", "z"));
  EXPECT_EQ(editor_.file_count(), 4);
}

TEST_F(TreeEditorTest, ADirectoryThatReplacesAnImportedOneIsEmpty) {
  ASSERT_OK(editor_.RemoveTree("/d"));
  ASSERT_OK(editor_.AddDirectory("/d", {}));
  EXPECT_THAT(Names("/d"), IsEmpty());
  ASSERT_OK(editor_.RemoveItem("/d"));
  EXPECT_EQ(CodeOf(editor_.FindItem("/d")), Hresult::IMAPI_E_ITEM_NOT_FOUND);
  EXPECT_EQ(editor_.file_count(), 1);
}

TEST_F(TreeEditorTest, RemovingTheRootsTreeLeavesAnEmptyRoot) {
  ASSERT_OK(AddFile("/d/new"));
  ASSERT_OK(editor_.RemoveTree("/"));
  EXPECT_THAT(Names("/"), IsEmpty());
  EXPECT_EQ(editor_.file_count() + editor_.directory_count(), 0);
  ASSERT_OK(AddFile("/z"));
  ASSERT_OK(editor_.RollbackToChangePoint(1));
  EXPECT_THAT(Names("/d"), ElementsAre("f", "g", "new"));
}

TEST_F(TreeEditorTest, RollsBackNoFurtherThanTheLock) {
  ASSERT_OK(AddFile("/a"));
  editor_.LockInChangePoint();
  EXPECT_EQ(editor_.change_point(), 1);
  ASSERT_OK(AddFile("/b"));
  EXPECT_EQ(CodeOf(editor_.RollbackToChangePoint(0)), Hresult::IMAPI_E_INVALID_PARAM);
  EXPECT_EQ(CodeOf(editor_.RollbackToChangePoint(3)), Hresult::IMAPI_E_INVALID_PARAM);
  EXPECT_EQ(CodeOf(editor_.RollbackToChangePoint(-1)), Hresult::IMAPI_E_INVALID_PARAM);
  EXPECT_THAT(Names("/"), ElementsAre("a", "b", "d", "z"));
  EXPECT_OK(editor_.RollbackToChangePoint(1));
  EXPECT_THAT(Names("/"), ElementsAre("a", "d", "z"));
  EXPECT_EQ(editor_.change_point(), 1);
}

TEST_F(TreeEditorTest, ALockForgetsWhatWasRemoved) {
  for (int i = 0; i < 10; ++i) {
    ASSERT_OK(editor_.AddDirectory("/n", {}));
    ASSERT_OK(AddFile("/n/x"));
    ASSERT_OK(editor_.RemoveTree("/n"));
    ASSERT_OK(AddFile("/d/x"));
    ASSERT_OK(editor_.RemoveItem("/d/x"));
    editor_.LockInChangePoint();
    EXPECT_EQ(editor_.records(), 0u);
  }
  EXPECT_EQ(editor_.change_point(), 50);
}

TEST_F(TreeEditorTest, ARollbackForgetsWhatItTookBack) {
  ASSERT_OK(editor_.AddDirectory("/n", {}));
  ASSERT_OK(AddFile("/n/x"));
  ASSERT_OK(editor_.RemoveTree("/"));
  ASSERT_OK(AddFile("/d"));
  EXPECT_GT(editor_.records(), 0u);
  ASSERT_OK(editor_.RollbackToChangePoint(0));
  EXPECT_EQ(editor_.records(), 0u);
}

TEST_F(TreeEditorTest, RefusesEveryEditOfAReadOnlyImage) {
  ASSERT_OK(AddFile("/a"));
  editor_.set_read_only(true);
  EXPECT_EQ(CodeOf(AddFile("/b")), Hresult::IMAPI_E_READONLY);
  EXPECT_EQ(CodeOf(editor_.AddDirectory("/b", {})), Hresult::IMAPI_E_READONLY);
  EXPECT_EQ(CodeOf(editor_.AddSymlink("/b", "a", {})), Hresult::IMAPI_E_READONLY);
  EXPECT_EQ(CodeOf(editor_.RemoveItem("/a")), Hresult::IMAPI_E_READONLY);
  EXPECT_EQ(CodeOf(editor_.RemoveTree("/")), Hresult::IMAPI_E_READONLY);
  EXPECT_EQ(CodeOf(editor_.MoveItem("/a", "/b")), Hresult::IMAPI_E_READONLY);
  EXPECT_EQ(CodeOf(editor_.RollbackToChangePoint(0)), Hresult::IMAPI_E_READONLY);
  editor_.set_read_only(false);
  EXPECT_OK(editor_.RemoveItem("/a"));
}

TEST(EmptyTreeEditor, BeginsWithAnEmptyRoot) {
  TreeEditor editor(nullptr);
  EXPECT_EQ(editor.child_count(editor.root()), 0u);
  EXPECT_OK(editor.AddFile("/a", ContentHandle{1}, 0, {}));
  EXPECT_EQ(editor.child_count(editor.root()), 1u);
}

}  // namespace
}  // namespace carousel
