#include "server/mastering/plan.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/byte_order.h"
#include "hal/base/status_matchers.h"
#include "server/mastering/image_reader.h"
#include "server/mastering/plan_fixture.h"
#include "server/mastering/random_tree.h"

namespace carousel::mastering {
namespace {

using imapi::Hresult;
using testing::ElementsAre;

constexpr int64_t kGiB = int64_t{1} << 30;

TEST_F(PlanTest, TheSameTreeAndTimeGiveTheSameBytes) {
  std::vector<uint8_t> images[2];
  for (std::vector<uint8_t>& image : images) {
    FileTree tree;
    MemoryContents contents;
    RandomTree random(7, &tree, &contents);
    random.Grow(300);
    ASSERT_OK_AND_ASSIGN(const auto plan, Plan::Make(tree, random.new_files(), options_));
    TestDisc disc;
    ASSERT_OK(disc.Write(*plan, contents));
    image = disc.bytes();
  }
  EXPECT_EQ(images[0], images[1]);
}

TEST_F(PlanTest, TheOrderInWhichEntriesWereAddedDoesNotMatter) {
  std::vector<uint8_t> images[2];
  for (const bool backwards : {false, true}) {
    FileTree tree;
    MemoryContents contents;
    std::vector<NewFile> files;
    for (int i = 0; i < 9; ++i) {
      const int number = backwards ? 8 - i : i;
      const std::string bytes = absl::StrCat("contents ", number);
      ASSERT_OK_AND_ASSIGN(
          const FileTree::Id id,
          tree.Add(FileTree::kRoot, absl::StrCat("file", number),
                   EntryData{.bytes = static_cast<int64_t>(bytes.size()),
                             .posix = PosixAttributes{
                                 .mode = 0644, .inode = static_cast<uint64_t>(number) + 1}}));
      files.push_back(NewFile{id, contents.Add(bytes)});
    }
    EntryData root = {.posix = PosixAttributes{.mode = 0755, .inode = 99}};
    tree.SetRoot(root);
    tree.Finish();
    ASSERT_OK_AND_ASSIGN(const auto plan, Plan::Make(tree, files, options_));
    TestDisc disc;
    ASSERT_OK(disc.Write(*plan, contents));
    images[backwards ? 1 : 0] = disc.bytes();
  }
  EXPECT_EQ(images[0], images[1]);
}

TEST_F(PlanTest, AnySectorsCanBeReadInAnyOrder) {
  RandomTree random(3, &tree_, &contents_);
  random.Grow(200);
  ASSERT_OK_AND_ASSIGN(const auto plan, Plan::Make(tree_, random.new_files(), options_));
  ASSERT_OK(disc_.Write(*plan, contents_));
  ImageReader reader(plan.get(), &contents_);
  std::mt19937_64 chance(1);
  for (int i = 0; i < 500; ++i) {
    const auto first = static_cast<int64_t>(chance() % plan->sectors().value());
    const auto count =
        std::min<int64_t>(1 + static_cast<int64_t>(chance() % 70), plan->sectors().value() - first);
    std::vector<uint8_t> sectors(Sectors(count).bytes(), 0xEE);
    ASSERT_OK(reader.Read(Lba(first), absl::MakeSpan(sectors)));
    const auto begin = disc_.bytes().begin() + Sectors(first).bytes();
    ASSERT_TRUE(std::equal(sectors.begin(), sectors.end(), begin)) << first << " " << count;
  }
}

TEST_F(PlanTest, ReadsNothingOutsideTheSession) {
  options_.session_start = Lba(100);
  ASSERT_OK_AND_ASSIGN(const auto plan, Make());
  ImageReader reader(plan.get(), &contents_);
  std::vector<uint8_t> sector(kSectorSize);
  EXPECT_OK(reader.Read(plan->end() - Sectors(1), absl::MakeSpan(sector)));
  EXPECT_THAT(reader.Read(Lba(99), absl::MakeSpan(sector)),
              StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(reader.Read(plan->end(), absl::MakeSpan(sector)),
              StatusIs(absl::StatusCode::kOutOfRange));
}

TEST_F(PlanTest, VolumeSpaceIsOfTheSessionAndAddressesAreOfTheDisc) {
  AddFile(FileTree::kRoot, "file", "contents");
  options_.session_start = Lba(20'000);
  options_.volume_name = "Archive 1";
  ASSERT_OK_AND_ASSIGN(const auto plan, Make());
  ASSERT_OK(disc_.Write(*plan, contents_));
  ASSERT_OK_AND_ASSIGN(const iso9660::Identification found, disc_.Identify(Lba(20'000)));
  EXPECT_EQ(found.primary->volume_space, plan->volume_end() - Lba(20'000));
  EXPECT_EQ(found.primary->volume_name, "ARCHIVE_1");
  EXPECT_EQ(found.joliet->volume_name, "Archive 1");
  EXPECT_EQ(found.joliet_level, 3);
  EXPECT_GT(found.primary->root, Lba(20'000));
  EXPECT_TRUE(found.rock_ridge);
}

TEST_F(PlanTest, AVolumeWithoutANameIsNamedByItsTime) {
  options_.creation_time = absl::FromUnixSeconds(1'700'000'000);
  ASSERT_OK_AND_ASSIGN(const auto plan, Make());
  ASSERT_OK(disc_.Write(*plan, contents_));
  ASSERT_OK_AND_ASSIGN(const iso9660::Identification found, disc_.Identify(Lba(0)));
  EXPECT_EQ(found.primary->volume_name, "20231114_2213");
}

TEST_F(PlanTest, PaddingFollowsTheVolumeAndIsNoPartOfIt) {
  options_.tail = Sectors(150);
  options_.min_sectors = Sectors(300);
  options_.write_unit = Sectors(16);
  ASSERT_OK_AND_ASSIGN(const auto small, Make());
  EXPECT_EQ(small->sectors(), Sectors(304));
  EXPECT_LT(small->volume_end(), Lba(50));
  AddFile(FileTree::kRoot, "file", std::string(300 * kSectorSize, 'x'));
  ASSERT_OK_AND_ASSIGN(const auto plan, Make());
  EXPECT_GE(plan->end() - plan->volume_end(), Sectors(150));
  EXPECT_LT(plan->end() - plan->volume_end(), Sectors(150 + 16));
  EXPECT_EQ(plan->sectors().value() % 16, 0);
}

TEST_F(PlanTest, FilesOfOneHandleShareTheirExtent) {
  AddFile(FileTree::kRoot, "a", "shared");
  ASSERT_OK_AND_ASSIGN(const FileTree::Id other,
                       tree_.Add(FileTree::kRoot, "b", EntryData{.bytes = 6}));
  new_files_.push_back(NewFile{other, new_files_[0].content});
  ASSERT_OK_AND_ASSIGN(const auto plan, Make());
  EXPECT_EQ(plan->contents().sectors(), Sectors(1));
  ASSERT_OK(disc_.Write(*plan, contents_));
  ASSERT_OK_AND_ASSIGN(const iso9660::ReadResult read, disc_.Import(Lba(0)));
  const auto extents_of = [&](const char* path) {
    return read.tree.data(read.tree.Find(path).value()).extents;
  };
  EXPECT_EQ(extents_of("/a"), extents_of("/b"));
  ASSERT_NE(plan->contents().ContentOf(other), nullptr);
  EXPECT_THAT(extents_of("/b"), ElementsAre(Extent{plan->contents().ContentOf(other)->start, 6}));
  EXPECT_EQ(plan->contents().ContentOf(FileTree::kRoot), nullptr);
}

TEST_F(PlanTest, EmptyFilesPointAtAnEmptySectorOfTheSession) {
  AddFile(FileTree::kRoot, "empty", "");
  options_.session_start = Lba(5000);
  ASSERT_OK_AND_ASSIGN(const auto plan, Make());
  const auto empty =
      std::find_if(plan->regions().begin(), plan->regions().end(),
                   [](const Plan::Region& r) { return r.kind == Plan::Kind::kEmpty; });
  ASSERT_NE(empty, plan->regions().end());
  ASSERT_OK(disc_.Write(*plan, contents_));
  // The record's address stands two bytes behind its start; its name, 33.
  const std::string bytes(disc_.bytes().begin(), disc_.bytes().end());
  const size_t name = bytes.find("EMPTY.;1");
  ASSERT_NE(name, std::string::npos);
  EXPECT_EQ(Lba(LoadLe32(&disc_.bytes()[name - 33 + 2])), empty->start);
}

TEST_F(PlanTest, OldFilesKeepTheirExtents) {
  const std::vector<Extent> extents = {{Lba(100), 4096}, {Lba(50), 2048}, {Lba(300), 7}};
  AddOldFile("old", 4096 + 2048 + 7, extents);
  options_.session_start = Lba(1000);
  ASSERT_OK_AND_ASSIGN(const auto plan, Make());
  EXPECT_EQ(plan->contents().sectors(), Sectors(0));
  ASSERT_OK(disc_.Write(*plan, contents_));
  ASSERT_OK_AND_ASSIGN(const iso9660::ReadResult read, disc_.Import(Lba(1000)));
  EXPECT_EQ(read.tree.data(read.tree.Find("/old").value()).extents, extents);
}

TEST_F(PlanTest, LargeFilesHaveSectionsAtLevelThreeOnly) {
  const Lba after = Lba(10) + Sectors::Holding(5 * kGiB + 1);
  AddOldFile("large", 5 * kGiB + 1, {{Lba(10), 5 * kGiB + 1}});
  options_.session_start = after;
  ASSERT_OK_AND_ASSIGN(const auto plan, Make());
  std::vector<uint8_t> sectors(plan->tree(false).sectors().bytes());
  ImageReader reader(plan.get(), &contents_);
  ASSERT_OK(reader.Read(plan->tree(false).RecordsOf(0).start, absl::MakeSpan(sectors)));
  const std::string bytes(sectors.begin(), sectors.end());
  const size_t first = bytes.find("LARGE.;1");
  const size_t second = bytes.find("LARGE.;1", first + 1);
  ASSERT_NE(second, std::string::npos);
  EXPECT_EQ(LoadLe32(&sectors[first - 33 + 10]), 0xFFFFF800u);
  EXPECT_EQ(sectors[first - 33 + 25], 0x80);
  EXPECT_EQ(LoadLe32(&sectors[second - 33 + 2]), 10u + 0xFFFFF800u / 2048);
  EXPECT_EQ(LoadLe32(&sectors[second - 33 + 10]), 0x40000801u);
  EXPECT_EQ(sectors[second - 33 + 25], 0);
  options_.interchange_level = 2;
  EXPECT_EQ(Refusal(), Hresult::IMAPI_E_DATA_TOO_BIG);
}

TEST_F(PlanTest, PathTablesNameEveryDirectoryItsPlaceAndItsParent) {
  const FileTree::Id b = AddDirectory(FileTree::kRoot, "b");
  AddDirectory(FileTree::kRoot, "a");
  AddDirectory(b, "c");
  options_.joliet = false;
  ASSERT_OK_AND_ASSIGN(const auto plan, Make());
  const TreeLayout& tree = plan->tree(false);
  for (const bool big_endian : {false, true}) {
    std::vector<uint8_t> table(tree.path_table_bytes());
    tree.RenderPathTable(big_endian, 0, absl::MakeSpan(table));
    std::vector<std::string> names;
    std::vector<int> parents;
    size_t number = 0;
    for (size_t i = 0; i < table.size(); i += 8 + table[i] + table[i] % 2, ++number) {
      names.emplace_back(&table[i + 8], &table[i + 8] + table[i]);
      parents.push_back(big_endian ? LoadBe16(&table[i + 6]) : LoadLe16(&table[i + 6]));
      EXPECT_EQ(Lba(big_endian ? LoadBe32(&table[i + 2]) : LoadLe32(&table[i + 2])),
                tree.RecordsOf(number).start);
    }
    EXPECT_THAT(names, ElementsAre(std::string(1, '\0'), "A", "B", "C"));
    EXPECT_THAT(parents, ElementsAre(1, 1, 1, 3));
  }
}

TEST_F(PlanTest, WithoutRockRidgeThereAreFilesAndDirectoriesOnly) {
  options_.rock_ridge.reset();
  options_.joliet = false;
  AddFile(FileTree::kRoot, "long name.text", "contents");
  AddDirectory(FileTree::kRoot, "directory");
  ASSERT_OK(tree_.Add(FileTree::kRoot, "link",
                      EntryData{.type = EntryType::kSymlink, .symlink_target = "x"}));
  ASSERT_OK_AND_ASSIGN(const auto plan, Make());
  ASSERT_OK(disc_.Write(*plan, contents_));
  ASSERT_OK_AND_ASSIGN(const iso9660::ReadResult read, disc_.Import(Lba(0)));
  EXPECT_FALSE(read.rock_ridge);
  EXPECT_OK(read.tree.Find("/LONG_NAME.TEXT"));
  EXPECT_OK(read.tree.Find("/DIRECTORY"));
  EXPECT_EQ(read.tree.entry_count(), 2);
}

}  // namespace
}  // namespace carousel::mastering
