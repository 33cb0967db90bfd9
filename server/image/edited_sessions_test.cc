// Sessions of edited trees, written to a disc and imported again.
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "server/image/file_tree.h"
#include "server/image/mastering_input.h"
#include "server/image/tree_editor.h"
#include "server/mastering/memory_contents.h"
#include "server/mastering/options.h"
#include "server/mastering/plan.h"
#include "server/mastering/test_disc.h"

namespace carousel {
namespace {

using testing::ElementsAre;
using testing::Pair;

constexpr PosixAttributes kPosix = {.mode = 0644};

class EditedSessionsTest : public testing::Test {
 protected:
  void AddFile(TreeEditor& editor, const std::string& path, const std::string& bytes) {
    EXPECT_OK(editor.AddFile(path, contents_.Add(bytes), static_cast<int64_t>(bytes.size()),
                             {.posix = kPosix}));
  }

  // Writes what is in `editor` behind all that is on the disc, and imports it.
  void Write(const TreeEditor& editor) {
    ASSERT_OK_AND_ASSIGN(const MasteringInput input, MakeMasteringInput(editor));
    mastering::Options options;
    options.session_start = next_;
    ASSERT_OK_AND_ASSIGN(const auto plan,
                         mastering::Plan::Make(input.tree, input.new_files, options));
    ASSERT_OK(disc_.Write(*plan, contents_));
    ASSERT_OK_AND_ASSIGN(auto result, disc_.Import(next_));
    next_ = plan->end();
    imported_ = std::make_shared<const FileTree>(std::move(result.tree));
  }

  // The bytes of the files in the root, by name.
  std::map<std::string, std::string> Files() const {
    std::map<std::string, std::string> files;
    for (const FileTree::Id id :
         imported_->Children(FileTree::kRoot, 0, imported_->child_count(FileTree::kRoot)))
      files.emplace(imported_->name(id), disc_.BytesOf(imported_->data(id).extents));
    return files;
  }

  mastering::MemoryContents contents_;
  mastering::TestDisc disc_;
  Lba next_;
  std::shared_ptr<const FileTree> imported_;
};

TEST_F(EditedSessionsTest, HoldWhatWasKeptAndWhatWasAdded) {
  TreeEditor first(nullptr);
  AddFile(first, "/gone", "first gone");
  AddFile(first, "/kept", "first kept");
  AddFile(first, "/replaced", "first replaced");
  ASSERT_NO_FATAL_FAILURE(Write(first));
  const EntryData kept = imported_->data(*imported_->Find("/kept"));

  TreeEditor second(imported_);
  ASSERT_OK(second.RemoveItem("/gone"));
  ASSERT_OK(second.RemoveItem("/replaced"));
  AddFile(second, "/replaced", "second");
  AddFile(second, "/new", "second new");
  ASSERT_NO_FATAL_FAILURE(Write(second));
  EXPECT_THAT(Files(), ElementsAre(Pair("kept", "first kept"), Pair("new", "second new"),
                                   Pair("replaced", "second")));
  EXPECT_EQ(imported_->data(*imported_->Find("/kept")).extents, kept.extents);
  EXPECT_EQ(imported_->data(*imported_->Find("/kept")).posix, kept.posix);
}

TEST_F(EditedSessionsTest, GiveEachFileANumberOfItsOwn) {
  for (const char* name : {"/a", "/b", "/c", "/d"}) {
    TreeEditor editor(imported_);
    AddFile(editor, name, name);
    ASSERT_NO_FATAL_FAILURE(Write(editor));
  }
  std::set<uint64_t> numbers;
  for (const char* name : {"/a", "/b", "/c", "/d"}) {
    const EntryData data = imported_->data(*imported_->Find(name));
    ASSERT_TRUE(data.posix.has_value()) << name;
    numbers.insert(data.posix->inode);
  }
  EXPECT_EQ(numbers.size(), 4u);
  EXPECT_FALSE(numbers.contains(0));
}

}  // namespace
}  // namespace carousel
