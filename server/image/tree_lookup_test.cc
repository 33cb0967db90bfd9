#include "server/image/tree_lookup.h"

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
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(directory_, tree_.AddDirectory("/d", {}));
    ASSERT_OK(tree_.AddSymlink("/d/f", "target", {}).status());
  }

  TreeEditor tree_{nullptr};
  TreeEditor::Id directory_{};
};

TEST_F(TreeLookupTest, FindsDirectories) {
  EXPECT_THAT(FindDirectory(tree_, "/d"), IsOkAndHolds(directory_));
  EXPECT_THAT(FindDirectory(tree_, ""), IsOkAndHolds(tree_.root()));
  EXPECT_THAT(FindDirectory(tree_, "/"), IsOkAndHolds(tree_.root()));
}

TEST_F(TreeLookupTest, TellsWhatIsWrongWithAPath) {
  EXPECT_EQ(HresultOf(FindDirectory(tree_, "/none").status()), Hresult::IMAPI_E_DIR_NOT_FOUND);
  EXPECT_EQ(HresultOf(FindDirectory(tree_, "/d/f").status()), Hresult::IMAPI_E_NOT_DIR);
  for (const char* path : {"d", "/d/../d", "/d//f", "/./d"})
    EXPECT_EQ(HresultOf(FindDirectory(tree_, path).status()), Hresult::IMAPI_E_INVALID_PATH)
        << path;
}

}  // namespace
}  // namespace carousel
