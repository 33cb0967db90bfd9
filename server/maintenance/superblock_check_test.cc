#include "server/maintenance/superblock_check.h"

#include <algorithm>
#include <string>

#include "gtest/gtest.h"
#include "server/maintenance/maintenance_fixture.h"

namespace carousel {
namespace {

constexpr size_t kFirstDescriptor = 16;

// A disc with one session, and what the superblock of a second one is.
class SuperblockCheckTest : public MaintenanceTest {
 protected:
  SuperblockCheckTest() {
    MediaFacts facts{.next_writable = Lba(32)};
    facts.multisession_class = MultisessionClass::kOverwritable;
    PlanSession(facts, false);
    const std::vector<uint8_t> first = plan_->Descriptors(true);
    old_.assign(32 * kSectorSize, '\0');
    std::copy(first.begin(), first.end(), old_.begin() + kFirstDescriptor * kSectorSize);
    facts.next_writable = RoundUp(plan_->end(), Sectors(32));
    PlanSession(facts, false);
    descriptors_ = plan_->Descriptors(true);
    for (size_t i = 0; i < 32; ++i) {
      found_.emplace_back(std::vector<uint8_t>(old_.begin() + i * kSectorSize,
                                               old_.begin() + (i + 1) * kSectorSize));
    }
  }
  // As if the WRITE had come so far.
  void Write(size_t sectors) {
    for (size_t i = 0; i < sectors; ++i) {
      const auto from = descriptors_.begin() + i * kSectorSize;
      found_[kFirstDescriptor + i].emplace(from, from + kSectorSize);
    }
  }
  SuperblockState Judge() {
    return JudgeSuperblock(found_, old_, plan_->start(), plan_->sectors(), Lba(100'000));
  }

  std::string old_;
  std::vector<uint8_t> descriptors_;
  SuperblockSectors found_;
};

TEST_F(SuperblockCheckTest, WhatWasThereBeforeIsTheOldOne) {
  EXPECT_EQ(Judge(), SuperblockState::kOld);
}

TEST_F(SuperblockCheckTest, AllDescriptorsOfTheSessionAreTheNewOne) {
  Write(descriptors_.size() / kSectorSize);
  EXPECT_EQ(Judge(), SuperblockState::kNew);
}

TEST_F(SuperblockCheckTest, SomeOfThemAreAHalfWrittenOne) {
  Write(1);
  EXPECT_EQ(Judge(), SuperblockState::kHalfWritten);
}

TEST_F(SuperblockCheckTest, SomeOfThemOnADiscThatHadNoneAreAHalfWrittenOne) {
  old_.assign(old_.size(), '\0');
  for (auto& sector : found_) sector->assign(kSectorSize, 0);
  Write(1);
  EXPECT_EQ(Judge(), SuperblockState::kHalfWritten);
}

TEST_F(SuperblockCheckTest, ASectorThatCannotBeReadMakesItHalfWritten) {
  Write(descriptors_.size() / kSectorSize);
  found_[kFirstDescriptor + 1].reset();
  EXPECT_EQ(Judge(), SuperblockState::kHalfWritten);
  for (auto& sector : found_) sector.reset();
  EXPECT_EQ(Judge(), SuperblockState::kHalfWritten);
}

TEST_F(SuperblockCheckTest, WhatIsOfNeitherIsForeign) {
  (*found_[3])[0] = 1;
  EXPECT_EQ(Judge(), SuperblockState::kForeign) << "no descriptor";
  (*found_[3])[0] = 0;
  found_[kFirstDescriptor].emplace(descriptors_.begin(), descriptors_.begin() + kSectorSize);
  EXPECT_EQ(JudgeSuperblock(found_, old_, plan_->start() + Sectors(100'000), plan_->sectors(),
                            Lba(1'000'000)),
            SuperblockState::kForeign)
      << "of another session";
}

}  // namespace
}  // namespace carousel
