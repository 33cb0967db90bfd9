#include "server/image/tree_lookup.h"

#include <memory>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

using imapi::Hresult;

Hresult HresultOf(const absl::Status& status) {
  const auto detail = imapi::GetDetail(status);
  return detail.has_value() ? detail->hresult : Hresult::E_FAIL;
}

class TreeLookupTest : public testing::Test {
 protected:
  TreeLookupTest() {
    auto session = std::make_shared<ImportedSession>();
    directory_ = *session->tree.Add(FileTree::kRoot, "d", {.type = EntryType::kDirectory});
    file_ = *session->tree.Add(directory_, "f", {});
    session->tree.Finish();
    session_ = std::move(session);
  }

  std::shared_ptr<const ImportedSession> session_;
  FileTree::Id directory_;
  FileTree::Id file_;
};

TEST_F(TreeLookupTest, FindsItemsAndDirectories) {
  const FileTree& tree = TreeOf(session_);
  EXPECT_THAT(FindItem(tree, "/d/f"), IsOkAndHolds(file_));
  EXPECT_THAT(FindDirectory(tree, "/d"), IsOkAndHolds(directory_));
  EXPECT_THAT(FindDirectory(tree, ""), IsOkAndHolds(FileTree::kRoot));
  EXPECT_THAT(FindDirectory(tree, "/"), IsOkAndHolds(FileTree::kRoot));
}

TEST_F(TreeLookupTest, TellsWhatIsWrongWithAPath) {
  const FileTree& tree = TreeOf(session_);
  EXPECT_EQ(HresultOf(FindItem(tree, "/none").status()), Hresult::IMAPI_E_ITEM_NOT_FOUND);
  EXPECT_EQ(HresultOf(FindDirectory(tree, "/none").status()), Hresult::IMAPI_E_DIR_NOT_FOUND);
  EXPECT_EQ(HresultOf(FindDirectory(tree, "/d/f").status()), Hresult::IMAPI_E_NOT_DIR);
  for (const char* path : {"d", "/d/../d", "/d//f", "/./d"})
    EXPECT_EQ(HresultOf(FindItem(tree, path).status()), Hresult::IMAPI_E_INVALID_PATH) << path;
}

TEST_F(TreeLookupTest, SeesAnEmptyRootBeforeAnImport) {
  EXPECT_EQ(TreeOf(nullptr).entry_count(), 0);
  EXPECT_THAT(FindDirectory(TreeOf(nullptr), "/"), IsOkAndHolds(FileTree::kRoot));
  EXPECT_EQ(HresultOf(FindItem(TreeOf(nullptr), "/d").status()), Hresult::IMAPI_E_ITEM_NOT_FOUND);
}

}  // namespace
}  // namespace carousel
