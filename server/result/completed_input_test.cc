#include "server/result/completed_input.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/image/file_tree.h"
#include "server/imapi/error.h"
#include "server/mastering/content.h"
#include "server/mastering/manifest.h"

namespace carousel {
namespace {

using mastering::ContentHandle;
using mastering::DiscManifest;
using mastering::KnownContents;
using mastering::Manifest;
using testing::ElementsAre;
using testing::MatchesRegex;

Sha256Digest Digest(uint8_t number) {
  Sha256Digest digest{};
  digest.fill(number);
  return digest;
}

// An image that continues a disc: /old is imported, and the disc's manifest knows it.
class CompletedInputTest : public testing::Test {
 protected:
  FileTree::Id Add(FileTree::Id parent, const std::string& name, const EntryData& data) {
    const auto id = input_.tree.Add(parent, name, data);
    EXPECT_OK(id);
    return id.value_or(FileTree::kRoot);
  }
  void AddOld(const std::string& name, int64_t start, int64_t bytes) {
    Add(FileTree::kRoot, name, EntryData{.bytes = bytes, .extents = {Extent{Lba(start), bytes}}});
  }
  FileTree::Id AddNew(const std::string& name, uint8_t digest, int64_t bytes) {
    const FileTree::Id id = Add(FileTree::kRoot, name, EntryData{.bytes = bytes});
    input_.new_files.push_back({.file = id, .content = ContentHandle{contents_.size()}});
    contents_.push_back(Digest(digest));
    return id;
  }
  // Makes the disc one whose manifest says this of the files in the tree, which is finished.
  void KnowDisc(const std::vector<Manifest::File>& files) {
    input_.tree.Finish();
    disc_.contents = std::make_shared<KnownContents>(Manifest{.files = files}, input_.tree);
  }
  absl::StatusOr<CompletedInput> Complete() {
    input_.tree.Finish();
    return CompleteInput({.input = &input_,
                          .contents = contents_,
                          .disc = has_disc_ ? &disc_ : nullptr,
                          .refer = refer_,
                          .start = Lba(1000),
                          .creation_time = absl::FromUnixSeconds(1'700'000'000),
                          .job = "job 7",
                          .program = "carousel 1",
                          .identity = identity_});
  }
  imapi::Hresult Refusal() {
    const auto detail = imapi::GetDetail(Complete().status());
    return detail.has_value() ? detail->hresult : imapi::Hresult::E_FAIL;
  }

  MasteringInput input_;
  std::vector<Sha256Digest> contents_;
  DiscManifest disc_;
  bool has_disc_ = true;
  bool refer_ = true;
  std::string identity_ = "disc 1";
};

EntryData DataAt(const FileTree& tree, const std::string& path) {
  const auto id = tree.Find(path);
  EXPECT_OK(id);
  return tree.data(id.value_or(FileTree::kRoot));
}

TEST_F(CompletedInputTest, NamesEveryFileInTheManifestOldOnesByTheManifestOfTheDisc) {
  const FileTree::Id folder = Add(FileTree::kRoot, "folder", {.type = EntryType::kDirectory});
  Add(folder, "empty", {});
  Add(folder, "link", {.type = EntryType::kSymlink, .symlink_target = "empty"});
  AddOld("old", 100, 5000);
  AddNew("zz", 2, 10);
  KnowDisc({{"/old", Digest(1)}});
  ASSERT_OK_AND_ASSIGN(const CompletedInput done, Complete());
  ASSERT_OK_AND_ASSIGN(const Manifest manifest, mastering::ParseManifest(done.manifest));
  EXPECT_EQ(manifest.job, "job 7");
  EXPECT_EQ(manifest.program, "carousel 1");
  EXPECT_EQ(manifest.session, done.session_id);
  EXPECT_THAT(manifest.files,
              ElementsAre(Manifest::File{"/folder/empty", Sha256({})},
                          Manifest::File{"/old", Digest(1)}, Manifest::File{"/zz", Digest(2)}));
  EXPECT_EQ(done.unknown_files, 0);
}

TEST_F(CompletedInputTest, AddsTheManifestAsANewFileOfTheLastHandle) {
  AddNew("zz", 2, 10);
  ASSERT_OK_AND_ASSIGN(const CompletedInput done, Complete());
  const EntryData data = DataAt(done.input.tree, "/MANIFEST");
  EXPECT_EQ(data.bytes, static_cast<int64_t>(done.manifest.size()));
  EXPECT_EQ(data.modify_time, absl::FromUnixSeconds(1'700'000'000));
  ASSERT_EQ(done.input.new_files.size(), 2);
  EXPECT_EQ(done.input.new_files.back().content, ContentHandle{1});
}

TEST_F(CompletedInputTest, KeepsAllElseAsItIs) {
  const FileTree::Id folder = Add(FileTree::kRoot, "folder", {.type = EntryType::kDirectory});
  const EntryData link = {
      .type = EntryType::kSymlink,
      .modify_time = absl::FromUnixSeconds(1'600'000'000),
      .posix = PosixAttributes{.mode = 0755, .uid = 7, .gid = 8, .links = 2, .inode = 9},
      .symlink_target = "../x"};
  Add(folder, "link", link);
  AddOld("old", 100, 5000);
  ASSERT_OK_AND_ASSIGN(const CompletedInput done, Complete());
  const EntryData copy = DataAt(done.input.tree, "/folder/link");
  EXPECT_EQ(copy.type, link.type);
  EXPECT_EQ(copy.modify_time, link.modify_time);
  EXPECT_EQ(copy.posix, link.posix);
  EXPECT_EQ(copy.symlink_target, link.symlink_target);
  EXPECT_THAT(DataAt(done.input.tree, "/old").extents, ElementsAre(Extent{Lba(100), 5000}));
  EXPECT_EQ(done.input.tree.entry_count(), 4);
}

TEST_F(CompletedInputTest, ReplacesTheManifestOfTheSessionBefore) {
  AddOld("MANIFEST", 200, 300);
  AddOld("old", 100, 5000);
  KnowDisc({{"/old", Digest(1)}});
  ASSERT_OK_AND_ASSIGN(const CompletedInput done, Complete());
  EXPECT_EQ(done.input.tree.entry_count(), 2);
  EXPECT_THAT(DataAt(done.input.tree, "/MANIFEST").extents, testing::IsEmpty());
  EXPECT_THAT(done.manifest, testing::Not(testing::HasSubstr("./MANIFEST")));
}

TEST_F(CompletedInputTest, ReplacesNothingElseOfThatName) {
  AddOld("MANIFEST", 200, 300);
  has_disc_ = false;
  EXPECT_EQ(Refusal(), imapi::Hresult::IMAPI_E_DUP_NAME) << "imported, but no manifest";
  has_disc_ = true;
  for (const EntryType type : {EntryType::kDirectory, EntryType::kSymlink}) {
    input_ = MasteringInput();
    Add(FileTree::kRoot, "MANIFEST", {.type = type, .symlink_target = "x"});
    EXPECT_EQ(Refusal(), imapi::Hresult::IMAPI_E_DUP_NAME);
  }
  input_ = MasteringInput();
  AddNew("MANIFEST", 1, 10);
  EXPECT_EQ(Refusal(), imapi::Hresult::IMAPI_E_DUP_NAME) << "the client's own";
}

TEST_F(CompletedInputTest, RefersToEqualContentsOnTheDisc) {
  AddOld("old", 100, 5000);
  AddNew("same", 1, 5000);
  const FileTree::Id again = Add(FileTree::kRoot, "same again", EntryData{.bytes = 5000});
  input_.new_files.push_back({.file = again, .content = ContentHandle{0}});
  AddNew("shorter", 1, 4999);
  AddNew("other", 2, 5000);
  KnowDisc({{"/old", Digest(1)}});
  ASSERT_OK_AND_ASSIGN(const CompletedInput done, Complete());
  EXPECT_THAT(DataAt(done.input.tree, "/same").extents, ElementsAre(Extent{Lba(100), 5000}));
  EXPECT_THAT(DataAt(done.input.tree, "/same again").extents, ElementsAre(Extent{Lba(100), 5000}));
  EXPECT_EQ(done.referring_files, 2);
  EXPECT_EQ(done.bytes_not_written, 5000) << "once";
  EXPECT_EQ(done.input.new_files.size(), 3) << "shorter, other and the manifest";
  refer_ = false;
  ASSERT_OK_AND_ASSIGN(const CompletedInput all, Complete());
  EXPECT_EQ(all.referring_files, 0);
  EXPECT_EQ(all.bytes_not_written, 0);
  EXPECT_EQ(all.input.new_files.size(), 5);
}

TEST_F(CompletedInputTest, RefersToNothingBehindTheSessionsStartNorByAnEarlierManifest) {
  AddOld("behind", 999, 5000);
  AddNew("same", 1, 5000);
  KnowDisc({{"/behind", Digest(1)}});
  ASSERT_OK_AND_ASSIGN(const CompletedInput behind, Complete());
  EXPECT_EQ(behind.referring_files, 0);
  disc_.contents = nullptr;
  ASSERT_OK_AND_ASSIGN(const CompletedInput earlier, Complete());
  EXPECT_EQ(earlier.referring_files, 0);
  EXPECT_EQ(earlier.unknown_files, 1);
}

TEST_F(CompletedInputTest, CountsTheFilesWhoseDigestsNobodyKnows) {
  AddOld("a", 100, 10);
  AddOld("b", 101, 10);
  KnowDisc({{"/a", Digest(1)}});
  ASSERT_OK_AND_ASSIGN(const CompletedInput done, Complete());
  EXPECT_EQ(done.unknown_files, 1);
  EXPECT_THAT(done.manifest, testing::Not(testing::HasSubstr("./b")));
}

TEST_F(CompletedInputTest, HasTheSameSessionForTheSameRequestAndAnotherForAnotherDisc) {
  AddNew("a", 1, 10);
  ASSERT_OK_AND_ASSIGN(const CompletedInput first, Complete());
  ASSERT_OK_AND_ASSIGN(const CompletedInput again, Complete());
  EXPECT_EQ(first.manifest, again.manifest);
  EXPECT_THAT(first.session_id,
              MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  identity_ = "disc 2";
  ASSERT_OK_AND_ASSIGN(const CompletedInput other, Complete());
  EXPECT_NE(first.session_id, other.session_id);
}

TEST_F(CompletedInputTest, RefusesAFileWithoutAContent) {
  AddNew("a", 1, 10);
  contents_.clear();
  EXPECT_EQ(Refusal(), imapi::Hresult::IMAPI_E_DATA_STREAM_INCONSISTENCY);
}

}  // namespace
}  // namespace carousel
