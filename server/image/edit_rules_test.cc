#include "server/image/edit_rules.h"

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/errors/errors.h"
#include "server/image/tree_editor.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/mastering/content.h"

namespace carousel {
namespace {

using imapi::Hresult;
using mastering::ContentHandle;

std::optional<Hresult> CodeOf(const absl::Status& status) {
  const auto detail = imapi::GetDetail(status);
  return detail.has_value() ? std::optional(detail->hresult) : std::nullopt;
}

class EditRulesTest : public testing::Test {
 protected:
  absl::Status AddFile(const std::string& path, uint64_t content, int64_t bytes) {
    return editor_.AddFile(path, ContentHandle{content}, bytes, {}).status();
  }

  TreeEditor editor_{nullptr};
};

TEST_F(EditRulesTest, RestrictedNamesHaveNoOtherCharacters) {
  ASSERT_OK(editor_.AddDirectory("/\xC3\xA9", {}));
  editor_.set_rules({.properties = {.restricted_characters = true}});
  for (const char* path : {"/\xC3\xA9\xC3\xA9", "/a\x1F", "/\xFF"}) {
    EXPECT_EQ(CodeOf(editor_.AddDirectory(path, {}).status()),
              Hresult::IMAPI_E_RESTRICTED_NAME_VIOLATION);
    EXPECT_EQ(CodeOf(editor_.AddSymlink(path, "x", {}).status()),
              Hresult::IMAPI_E_RESTRICTED_NAME_VIOLATION);
    EXPECT_EQ(CodeOf(editor_.MoveItem("/\xC3\xA9", path)),
              Hresult::IMAPI_E_RESTRICTED_NAME_VIOLATION);
  }
  EXPECT_OK(AddFile("/\xC3\xA9/~ a", 1, 1)) << "what is above was there";
}

TEST_F(EditRulesTest, StrictTreesHaveEightLevels) {
  std::string path;
  for (int level = 2; level <= 9; ++level) {
    absl::StrAppend(&path, "/d");
    ASSERT_OK(editor_.AddDirectory(path, {}));
  }
  EXPECT_EQ(editor_.directory_levels(), 9u);
  ASSERT_OK(editor_.RemoveItem(path));
  EXPECT_EQ(editor_.directory_levels(), kMaxDirectoryLevels);
  editor_.set_rules({.properties = {.strict_compliance = true}});
  EXPECT_EQ(CodeOf(editor_.AddDirectory(path, {}).status()), Hresult::IMAPI_E_ISO9660_LEVELS);
  EXPECT_OK(AddFile(path, 1, 1)) << "a file's directory is on level 8";
  ASSERT_OK(editor_.AddDirectory("/e", {}));
  EXPECT_EQ(CodeOf(editor_.MoveItem("/d", "/e/d")), Hresult::IMAPI_E_ISO9660_LEVELS);
  EXPECT_OK(editor_.MoveItem("/d/d", "/e/d"));
}

TEST_F(EditRulesTest, FilesOfSeveralSectionsNeedLevelThree) {
  constexpr int64_t kFourGib = int64_t{1} << 32;
  ASSERT_OK(AddFile("/a", 1, kFourGib));
  editor_.set_rules({.properties = {.interchange_level = 2}});
  EXPECT_OK(AddFile("/b", 2, kFourGib - 1));
  EXPECT_EQ(CodeOf(AddFile("/c", 3, kFourGib)), Hresult::IMAPI_E_DATA_TOO_BIG);
}

TEST_F(EditRulesTest, NoFileIsLargerThanAnyDisc) {
  EXPECT_EQ(CodeOf(AddFile("/a", 1, INT64_MAX)), Hresult::IMAPI_E_DATA_TOO_BIG);
}

TEST_F(EditRulesTest, NewContentsFitIntoTheFreeBlocks) {
  editor_.set_rules({.free_blocks = 3});
  ASSERT_OK(AddFile("/a", 1, 2049));
  EXPECT_EQ(editor_.new_blocks(), 2);
  EXPECT_EQ(CodeOf(AddFile("/b", 2, 2049)), Hresult::IMAPI_E_IMAGE_SIZE_LIMIT);
  EXPECT_OK(AddFile("/same", 1, 2049)) << "shares the extent";
  EXPECT_EQ(editor_.new_blocks(), 2);
  ASSERT_OK(editor_.RemoveItem("/a"));
  EXPECT_EQ(editor_.new_blocks(), 2);
  ASSERT_OK(editor_.RemoveItem("/same"));
  EXPECT_EQ(editor_.new_blocks(), 0);
  EXPECT_OK(AddFile("/b", 2, 2049));
}

TEST_F(EditRulesTest, EditsStopAtTheirLimitUntilTheyAreTakenBack) {
  editor_.set_rules({.max_records = 9});
  ASSERT_OK(editor_.AddDirectory("/a", {}));
  absl::Status status;
  for (int i = 0; status.ok() && i < 100; ++i) status = AddFile(absl::StrCat("/a/", i), 1, 1);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(GetReason(status)->reason, "LIMIT_REACHED");
  EXPECT_EQ(GetReason(editor_.RemoveTree("/a"))->reason, "LIMIT_REACHED");
  EXPECT_EQ(GetReason(editor_.MoveItem("/a", "/b"))->reason, "LIMIT_REACHED");
  ASSERT_OK(editor_.RollbackToChangePoint(1));
  EXPECT_OK(editor_.RemoveTree("/a"));
}

TEST_F(EditRulesTest, LongTargetsCountForMore) {
  ASSERT_OK(editor_.AddSymlink("/short", "x", {}));
  const size_t records = editor_.records();
  ASSERT_OK(editor_.AddSymlink("/long", std::string(50'000, 't'), {}));
  EXPECT_GT(editor_.records() - records, records + 40);
}

}  // namespace
}  // namespace carousel
