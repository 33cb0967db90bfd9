// What a plan refuses, and how.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/mastering/plan.h"
#include "server/mastering/plan_fixture.h"

namespace carousel::mastering {
namespace {

using imapi::Hresult;

TEST_F(PlanTest, FilesOfOneHandleHaveOneSize) {
  AddFile(FileTree::kRoot, "a", "shared");
  ASSERT_OK_AND_ASSIGN(const FileTree::Id other,
                       tree_.Add(FileTree::kRoot, "b", EntryData{.bytes = 7}));
  new_files_.push_back(NewFile{other, new_files_[0].content});
  EXPECT_EQ(Refusal(), Hresult::IMAPI_E_DATA_STREAM_INCONSISTENCY);
}

TEST_F(PlanTest, NewFilesAreFilesOfTheTree) {
  new_files_.push_back(NewFile{FileTree::kRoot, ContentHandle{0}});
  EXPECT_THAT(Make(), StatusIs(absl::StatusCode::kInvalidArgument));
  new_files_.clear();
  AddFile(FileTree::kRoot, "a", "once");
  new_files_.push_back(new_files_[0]);
  EXPECT_THAT(Make(), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(PlanTest, OldFilesLieBeforeTheSessionAndHoldTheirBytes) {
  options_.session_start = Lba(1000);
  const std::vector<std::vector<Extent>> wrong = {
      {{Lba(999), 4096}}, {{Lba(1000), 4096}}, {{Lba(1), 4095}}, {{Lba(1), 1}, {Lba(5), 4095}}};
  for (const std::vector<Extent>& extents : wrong) {
    tree_ = FileTree();
    AddOldFile("old", 4096, extents);
    const absl::Status status = Make().status();
    EXPECT_EQ(CodeOf(status), Hresult::IMAPI_E_INCOMPATIBLE_PREVIOUS_SESSION);
    EXPECT_EQ(MetadataOf(status, "path"), "/old");
  }
}

TEST_F(PlanTest, AFileHasContentsOrAPlace) {
  AddOldFile("nowhere", 10, {});
  EXPECT_EQ(Refusal(), Hresult::IMAPI_E_DATA_STREAM_CREATE_FAILURE);
}

TEST_F(PlanTest, DirectoriesMayBeLimitedToEightLevels) {
  FileTree::Id id = FileTree::kRoot;
  for (int level = 2; level <= 8; ++level) id = AddDirectory(id, "d");
  options_.deep_directories = false;
  EXPECT_OK(Make());
  AddFile(id, "file", "at level 8");
  EXPECT_OK(Make());
  AddDirectory(id, "ninth");
  EXPECT_EQ(Refusal(), Hresult::IMAPI_E_ISO9660_LEVELS);
  options_.deep_directories = true;
  EXPECT_OK(Make());
}

TEST_F(PlanTest, ParentsHaveNumbersOfSixteenBits) {
  options_.joliet = false;
  options_.rock_ridge.reset();
  for (int i = 0; i < 65'534; ++i) AddDirectory(FileTree::kRoot, absl::StrCat("d", 100'000 + i));
  // The root is number 1, so the last of these is number 65,535.
  ASSERT_OK_AND_ASSIGN(const FileTree::Id last, [&]() -> absl::StatusOr<FileTree::Id> {
    tree_.Finish();
    return tree_.Find("/d165533");
  }());
  AddDirectory(last, "below");
  EXPECT_OK(Make());
  const FileTree::Id beyond = AddDirectory(FileTree::kRoot, "e");
  EXPECT_OK(Make());
  AddDirectory(beyond, "below");
  const absl::Status status = Make().status();
  EXPECT_EQ(CodeOf(status), Hresult::IMAPI_E_TOO_MANY_DIRS);
  EXPECT_EQ(MetadataOf(status, "path"), "/e");
}

TEST_F(PlanTest, TooFewFreeSectorsAreRefusedWithNumbers) {
  ASSERT_OK_AND_ASSIGN(const auto plan, Make());
  options_.free_sectors = plan->sectors();
  EXPECT_OK(Make());
  options_.free_sectors = plan->sectors() - Sectors(1);
  const absl::Status status = Make().status();
  EXPECT_EQ(CodeOf(status), Hresult::IMAPI_E_IMAGE_SIZE_LIMIT);
  EXPECT_EQ(MetadataOf(status, "needed_sectors"), absl::StrCat(plan->sectors().value()));
  EXPECT_EQ(MetadataOf(status, "free_sectors"), absl::StrCat(plan->sectors().value() - 1));
}

TEST_F(PlanTest, NothingLiesBeyondAddressesOf32Bits) {
  options_.session_start = Lba(0xFFFFFFFF - 10);
  EXPECT_EQ(Refusal(), Hresult::IMAPI_E_IMAGE_SIZE_LIMIT);
}

TEST_F(PlanTest, OptionsThatCannotBeAreRefusedByName) {
  const auto parameter = [&](auto change) {
    options_ = Options();
    change();
    const absl::Status status = Make().status();
    EXPECT_EQ(CodeOf(status), Hresult::IMAPI_E_INVALID_PARAM);
    return MetadataOf(status, "parameter");
  };
  EXPECT_EQ(parameter([&] { options_.session_start = Lba(-1); }), "session_start");
  EXPECT_EQ(parameter([&] { options_.interchange_level = 4; }), "interchange_level");
  EXPECT_EQ(parameter([&] { options_.joliet_characters = 104; }), "joliet_characters");
  EXPECT_EQ(parameter([&] { options_.tail = Sectors(-1); }), "tail");
  EXPECT_EQ(parameter([&] { options_.min_sectors = Sectors(-1); }), "min_sectors");
  EXPECT_EQ(parameter([&] { options_.write_unit = Sectors(0); }), "write_unit");
}

TEST_F(PlanTest, VolumeNamesHaveALength) {
  options_.volume_name = std::string(32, 'x');
  EXPECT_OK(Make());
  options_.volume_name += "x";
  EXPECT_EQ(Refusal(), Hresult::IMAPI_E_INVALID_VOLUME_NAME);
  options_.volume_name = "a\nb";
  EXPECT_EQ(Refusal(), Hresult::IMAPI_E_INVALID_VOLUME_NAME);
}

TEST_F(PlanTest, TargetsThatReadersDoNotFollowAreRefused) {
  EntryData link = {.type = EntryType::kSymlink, .symlink_target = std::string(4095, 'x')};
  ASSERT_OK(tree_.Add(FileTree::kRoot, "long", link));
  EXPECT_OK(Make());
  link.symlink_target = "";
  while (link.symlink_target.size() < 64'000) link.symlink_target += "a/";
  ASSERT_OK(tree_.Add(FileTree::kRoot, "longer", link));
  const absl::Status status = Make().status();
  EXPECT_EQ(CodeOf(status), Hresult::IMAPI_E_INVALID_PATH);
  EXPECT_EQ(MetadataOf(status, "path"), "/longer");
}

TEST_F(PlanTest, ASourceThatFailsIsADataStreamThatCannotBeRead) {
  AddFile(FileTree::kRoot, "file", "contents");
  ASSERT_OK_AND_ASSIGN(const auto plan, Make());
  contents_.Fail(absl::DataLossError("the spool's disk is broken"));
  const absl::Status status = disc_.Write(*plan, contents_);
  EXPECT_EQ(CodeOf(status), Hresult::IMAPI_E_DATA_STREAM_READ_FAILURE);
}

}  // namespace
}  // namespace carousel::mastering
