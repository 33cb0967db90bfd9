#include "server/uploads/staged_tree.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/image/file_tree.h"
#include "server/image/tree_editor.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/mastering/content.h"
#include "server/uploads/staging_folder.h"

namespace carousel {
namespace {

using imapi::Hresult;
using mastering::ContentHandle;

StagedEntry Directory(const std::string& path) {
  return {.path = path, .type = EntryType::kDirectory};
}
StagedEntry File(const std::string& path, int64_t bytes = 1) {
  return {.path = path, .identity = {.bytes = bytes}};
}
StagedEntry Link(const std::string& path, const std::string& target) {
  return {.path = path, .type = EntryType::kSymlink, .target = target};
}

class StagedTreeTest : public testing::Test {
 protected:
  absl::Status Add(const std::vector<StagedEntry>& entries,
                   const TreeDestination& destination = {}) {
    return AddEntries(
        entries, destination, [](size_t index) { return ContentHandle{index}; }, editor_);
  }
  EntryData At(const std::string& path) {
    const auto id = editor_.FindItem(path);
    EXPECT_OK(id) << path;
    return id.ok() ? editor_.data(*id) : EntryData();
  }

  TreeEditor editor_{nullptr};
};

TEST_F(StagedTreeTest, GoesBelowTheDirectoryThatIsNamed) {
  ASSERT_OK(editor_.AddDirectory("/in", {}));
  ASSERT_OK(
      Add({Directory("d"), File("f", 5), Link("l", "../x"), File("d/g", 7)}, {.directory = "/in"}));
  EXPECT_EQ(At("/in/f").bytes, 5);
  EXPECT_EQ(At("/in/d/g").bytes, 7);
  EXPECT_EQ(At("/in/l").symlink_target, "../x");
  EXPECT_EQ(editor_.content(*editor_.FindItem("/in/d/g")), ContentHandle{3});
  EXPECT_EQ(editor_.file_count(), 3);
}

TEST_F(StagedTreeTest, GoesIntoADirectoryOfItsOwnName) {
  const absl::Time time = absl::FromUnixSeconds(86'400);
  ASSERT_OK(Add({File("f")}, {.base = "tree", .base_attributes = {.modify_time = time}}));
  EXPECT_EQ(At("/tree").modify_time, time);
  EXPECT_EQ(At("/tree/f").type, EntryType::kFile);
  ASSERT_OK(Add({File("g")}, {.directory = "/", .base = "tree"}));
  EXPECT_EQ(At("/tree").modify_time, time) << "it was there";
  EXPECT_EQ(editor_.file_count(), 2);
}

TEST_F(StagedTreeTest, WinsOverWhatIsThere) {
  ASSERT_OK(Add({Directory("a"), Directory("b"), File("a/old", 1), File("a/kept", 1),
                 File("b/gone", 1), File("c", 1)}));
  ASSERT_OK(
      Add({Directory("a"), Directory("c"), File("b", 2), File("a/old", 2), File("c/new", 2)}));
  EXPECT_EQ(At("/a/old").bytes, 2);
  EXPECT_EQ(At("/a/kept").bytes, 1) << "directories become one";
  EXPECT_EQ(At("/b").type, EntryType::kFile);
  EXPECT_EQ(At("/c/new").bytes, 2);
  EXPECT_EQ(editor_.file_count(), 4);
}

TEST_F(StagedTreeTest, NeedsADirectoryToGoInto) {
  ASSERT_OK(Add({File("f")}));
  const auto code = [&](const std::string& directory) {
    return imapi::GetDetail(Add({}, {.directory = directory}))->hresult;
  };
  EXPECT_EQ(code("/none"), Hresult::IMAPI_E_DIR_NOT_FOUND);
  EXPECT_EQ(code("/f"), Hresult::IMAPI_E_NOT_DIR);
  EXPECT_EQ(code("f"), Hresult::IMAPI_E_INVALID_PATH);
}

}  // namespace
}  // namespace carousel
