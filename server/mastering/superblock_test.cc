#include "server/mastering/superblock.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/imapi/error.h"
#include "server/mastering/memory_contents.h"
#include "server/mastering/test_disc.h"

namespace carousel::mastering {
namespace {

using imapi::Hresult;

class SuperblockTest : public testing::Test {
 protected:
  std::unique_ptr<const Plan> PlanAt(Lba start, bool joliet = true) {
    const std::vector<NewFile> files;
    auto plan = Plan::Make(tree_, files, Options{.session_start = start, .joliet = joliet});
    EXPECT_OK(plan);
    return *std::move(plan);
  }

  FileTree tree_;
  MemoryContents contents_;
  TestDisc disc_;
};

TEST_F(SuperblockTest, MakesTheNewestSessionTheOneAtTheDiscsStart) {
  ASSERT_OK(tree_.Add(FileTree::kRoot, "first", EntryData{}));
  tree_.Finish();
  const auto first = PlanAt(Lba(32));
  ASSERT_OK(disc_.Write(*first, contents_));
  ASSERT_OK_AND_ASSIGN(std::vector<uint8_t> superblock, MakeSuperblock(*first, {}));
  ASSERT_EQ(superblock.size(), 32u * kSectorSize);
  disc_.Put(Lba(0), superblock);
  ASSERT_OK_AND_ASSIGN(iso9660::ReadResult read, disc_.Import(Lba(0)));
  EXPECT_OK(read.tree.Find("/first"));

  ASSERT_OK(tree_.Add(FileTree::kRoot, "second", EntryData{}));
  tree_.Finish();
  const auto second = PlanAt(RoundUp(first->end(), Sectors(32)));
  ASSERT_OK(disc_.Write(*second, contents_));
  ASSERT_OK_AND_ASSIGN(superblock, MakeSuperblock(*second, superblock));
  disc_.Put(Lba(0), superblock);
  ASSERT_OK_AND_ASSIGN(read, disc_.Import(Lba(0)));
  EXPECT_OK(read.tree.Find("/second"));
  ASSERT_OK_AND_ASSIGN(const iso9660::Identification found, disc_.Identify(Lba(0)));
  EXPECT_EQ(found.primary->volume_space, second->volume_end() - Lba(0));
  EXPECT_EQ(found.joliet->volume_space, second->volume_end() - Lba(0));
  // The first session has its own descriptors still.
  ASSERT_OK_AND_ASSIGN(read, disc_.Import(Lba(32)));
  EXPECT_FALSE(read.tree.Find("/second").ok());
}

TEST_F(SuperblockTest, KeepsWhatIsNoDescriptor) {
  std::vector<uint8_t> old(32 * kSectorSize);
  std::fill_n(old.begin(), 16 * kSectorSize, uint8_t{0x55});
  std::fill(old.begin() + 20 * kSectorSize, old.end(), uint8_t{0xAA});
  const auto plan = PlanAt(Lba(64));
  ASSERT_OK_AND_ASSIGN(const std::vector<uint8_t> made, MakeSuperblock(*plan, old));
  EXPECT_TRUE(std::equal(old.begin(), old.begin() + 16 * kSectorSize, made.begin()));
  EXPECT_TRUE(
      std::equal(old.begin() + 20 * kSectorSize, old.end(), made.begin() + 20 * kSectorSize));
  EXPECT_EQ(std::string(&made[16 * kSectorSize + 1], &made[16 * kSectorSize + 6]), "CD001");
}

TEST_F(SuperblockTest, OverwritesNothingOfAFirstSessionThatBeginsAtTheDiscsStart) {
  const auto first = PlanAt(Lba(0), false);
  ASSERT_OK(disc_.Write(*first, contents_));
  const auto second = PlanAt(Lba(96), true);
  const auto made = MakeSuperblock(*second, disc_.bytes());
  const auto detail = imapi::GetDetail(made.status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->hresult, Hresult::IMAPI_E_INCOMPATIBLE_PREVIOUS_SESSION);
  EXPECT_OK(MakeSuperblock(*PlanAt(Lba(96), false), disc_.bytes()));
}

TEST_F(SuperblockTest, IsNotForASessionThatItWouldOverwrite) {
  const auto made = MakeSuperblock(*PlanAt(Lba(0)), {});
  const auto detail = imapi::GetDetail(made.status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->hresult, Hresult::IMAPI_E_INVALID_PARAM);
}

}  // namespace
}  // namespace carousel::mastering
