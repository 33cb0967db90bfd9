// import(master(tree)) == tree, for trees of many seeds.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/mastering/described_tree.h"
#include "server/mastering/memory_contents.h"
#include "server/mastering/plan.h"
#include "server/mastering/random_tree.h"
#include "server/mastering/test_disc.h"

namespace carousel::mastering {
namespace {

using iso9660::RockRidgeVersion;
using iso9660::Tree;

constexpr int kSeeds = 12;
constexpr int kEntries = 120;
constexpr Sectors kUnit{32};

using Described = std::map<std::string, std::string>;

Options OptionsFor(uint64_t seed, Lba start) {
  return Options{.session_start = start,
                 .creation_time = absl::FromUnixSeconds(1'700'000'000),
                 .volume_name = absl::StrCat("SEED_", seed),
                 .interchange_level = static_cast<int>(1 + seed % 3),
                 .rock_ridge = seed % 2 == 0 ? RockRidgeVersion::k1_12 : RockRidgeVersion::k1_10,
                 .joliet = seed % 5 != 0,
                 .joliet_characters = seed % 4 == 0 ? 103 : 64,
                 .write_unit = kUnit};
}

// What a tree is before it is mastered: new contents from memory, old ones from the disc.
Described Expected(const FileTree& tree, const std::vector<NewFile>& new_files,
                   const MemoryContents& contents, const TestDisc& disc, bool links) {
  std::map<FileTree::Id, ContentHandle> handles;
  for (const NewFile& file : new_files) handles[file.file] = file.content;
  return Describe(tree, links, [&](FileTree::Id id, const EntryData& data) {
    const auto it = handles.find(id);
    return it != handles.end() ? contents.Get(it->second) : disc.BytesOf(data.extents);
  });
}

Described OnDisc(const FileTree& tree, const TestDisc& disc, bool links) {
  return Describe(tree, links,
                  [&](FileTree::Id, const EntryData& data) { return disc.BytesOf(data.extents); });
}

class RoundTrip : public testing::TestWithParam<int> {};

TEST_P(RoundTrip, WhatIsImportedIsWhatWasMasteredInTheFirstSessionAndTheNext) {
  const auto seed = static_cast<uint64_t>(GetParam());
  const bool links = seed % 2 == 0;  // 1.10 has no serial numbers
  TestDisc disc;
  MemoryContents contents;
  FileTree tree;
  Lba start = seed % 3 == 0 ? Lba(32) : Lba(0);
  for (uint64_t session = 0; session < 3; ++session) {
    SCOPED_TRACE(absl::StrCat("session ", session, " at ", start.value()));
    RandomTree random(seed * 10 + session, &tree, &contents);
    random.Grow(kEntries);
    const Described expected = Expected(tree, random.new_files(), contents, disc, links);
    const auto plan = Plan::Make(tree, random.new_files(), OptionsFor(seed, start));
    ASSERT_OK(plan);
    ASSERT_OK(disc.Write(**plan, contents, Sectors(1 + static_cast<int64_t>(seed) % 40)));

    ASSERT_OK_AND_ASSIGN(iso9660::ReadResult read, disc.Import(start));
    EXPECT_THAT(read.warnings, testing::IsEmpty());
    EXPECT_TRUE(read.rock_ridge);
    ASSERT_EQ(OnDisc(read.tree, disc, links), expected);
    tree = std::move(read.tree);
    start = RoundUp((*plan)->end(), kUnit);
  }
}

TEST_P(RoundTrip, JolietHasAllFilesAndDirectoriesAndTheirContents) {
  const auto seed = static_cast<uint64_t>(GetParam());
  TestDisc disc;
  MemoryContents contents;
  FileTree tree;
  RandomTree random(seed, &tree, &contents);
  random.Grow(kEntries);
  Options options = OptionsFor(seed, Lba(0));
  options.joliet = true;
  const auto plan = Plan::Make(tree, random.new_files(), options);
  ASSERT_OK(plan);
  ASSERT_OK(disc.Write(**plan, contents));
  std::vector<std::string> expected, found;
  for (const NewFile& file : random.new_files()) expected.push_back(contents.Get(file.content));
  ASSERT_OK_AND_ASSIGN(const iso9660::ReadResult read, disc.Import(Lba(0), Tree::kJoliet));
  Describe(read.tree, false, [&](FileTree::Id, const EntryData& data) {
    found.push_back(disc.BytesOf(data.extents));
    return std::string();
  });
  EXPECT_THAT(read.warnings, testing::IsEmpty());
  EXPECT_THAT(found, testing::UnorderedElementsAreArray(expected));
  EXPECT_EQ(read.tree.directory_count(), tree.directory_count());
}

INSTANTIATE_TEST_SUITE_P(Seeds, RoundTrip, testing::Range(1, kSeeds + 1));

}  // namespace
}  // namespace carousel::mastering
