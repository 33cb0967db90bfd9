#include "server/maintenance/repair_run.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/maintenance/maintenance_fixture.h"

namespace carousel {
namespace {

using imapi::Hresult;
using testing::IsEmpty;

class RepairRunTest : public MaintenanceTest {
 protected:
  MaintenanceReport Repair() {
    return RepairRun(NewSubject(), Surroundings(), &robot_.clock).Run(*drive_);
  }
  // A disc with one session, and a second one whose superblock the drive failed to write.
  void StartWithFailedSuperblock(const std::string& medium) {
    // Each session takes two WRITEs and one for the superblock.
    ASSERT_NO_FATAL_FAILURE(
        Start({absl::StrCat("--media=", medium)}, "at 6 WRITE(10) sense 3/0C/00"));
    ASSERT_OK(BurnSession().status);
    ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(*drive_));
    before_ = facts.disc_identifier;
    first_ = *facts.newest_session();
    const BurnReport report = BurnSession();
    ASSERT_FALSE(report.status.ok());
    ASSERT_TRUE(report.sha256.has_value()) << "the session itself is there";
    ASSERT_EQ(HeldCount(), 1u);
  }
  // The first descriptor of the session that was burnt last is on the disc, and no more of it.
  void WriteHalf() {
    WriteData(Lba(16), absl::MakeConstSpan(plan_->Descriptors(true)).first(kSectorSize));
  }

  std::string before_;
  Lba first_;
};

class HalfWrittenTest : public RepairRunTest, public testing::WithParamInterface<std::string> {};

TEST_P(HalfWrittenTest, TheOldSuperblockIsPutBackAndTheDiscTakesTheSessionAgain) {
  ASSERT_NO_FATAL_FAILURE(StartWithFailedSuperblock(GetParam()));
  WriteHalf();
  const MaintenanceReport report = Repair();
  ASSERT_OK(report.status);
  EXPECT_EQ(report.effect, DiscEffect::kDone);
  EXPECT_EQ(report.facts->disc_identifier, before_);
  EXPECT_EQ(report.facts->newest_session(), first_);
  EXPECT_EQ(HeldCount(), 0u);
  EXPECT_EQ(Actions().back().intent.kind, ActionKind::kRepair);
  ASSERT_OK(BurnSession().status);
  EXPECT_GT(plan_->start(), first_);
}

TEST_P(HalfWrittenTest, ABurnThatAStopOfTheServiceCutShortIsRepaired) {
  ASSERT_NO_FATAL_FAILURE(Start({absl::StrCat("--media=", GetParam())}));
  ASSERT_OK(BurnSession().status);
  std::vector<uint8_t> old(32 * kSectorSize);
  ASSERT_OK(drive_->Read(Lba(0), absl::MakeSpan(old)));
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(*drive_));
  PlanSession(facts, true);
  JournaledBurn lost(journal_.get(),
                     {.operation = NewOperation(), .drive = "drive0", .disc = {.barcode = "A"}});
  ASSERT_OK(lost.Begin({.step = BurnStep::kWriteSession,
                        .start = plan_->start(),
                        .planned = plan_->sectors(),
                        .old_superblock = old}));
  WriteHalf();
  ASSERT_NO_FATAL_FAILURE(OpenJournal());
  ASSERT_OK(Repair().status);
  EXPECT_EQ(HeldCount(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Media, HalfWrittenTest, testing::Values("DVD+RW", "DVD-RAM", "BD-RE"),
                         [](const testing::TestParamInfo<std::string>& info) {
                           return absl::StrCat("Medium", info.index);
                         });

TEST_F(RepairRunTest, ADiscThatHasItsOldSuperblockIsReleasedAndNotWritten) {
  ASSERT_NO_FATAL_FAILURE(StartWithFailedSuperblock("DVD-RAM"));
  const size_t actions = Actions().size();
  const MaintenanceReport report = Repair();
  ASSERT_OK(report.status);
  EXPECT_EQ(report.effect, DiscEffect::kNone);
  EXPECT_EQ(Actions().size(), actions);
  EXPECT_EQ(HeldCount(), 0u);
}

TEST_F(RepairRunTest, ASuperblockThatIsWholeIsLeftToAVerification) {
  ASSERT_NO_FATAL_FAILURE(StartWithFailedSuperblock("DVD-RAM"));
  WriteData(Lba(16), plan_->Descriptors(true));
  EXPECT_EQ(CodeOf(Repair().status), Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE);
  EXPECT_EQ(HeldCount(), 1u);
}

TEST_F(RepairRunTest, WhatSomebodyElseHasWrittenIsNotOverwritten) {
  ASSERT_NO_FATAL_FAILURE(StartWithFailedSuperblock("DVD-RAM"));
  Flip(Lba(5));
  const MaintenanceReport report = Repair();
  EXPECT_EQ(CodeOf(report.status), Hresult::IMAPI_E_DISC_MISMATCH);
  EXPECT_EQ(Metadata(report.status, "property"), "superblock");
  EXPECT_EQ(HeldCount(), 1u);
}

TEST_F(RepairRunTest, ADiscThatTheJournalDoesNotHoldNeedsNoRepair) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=BD-RE"}));
  ASSERT_OK(BurnSession().status);
  EXPECT_EQ(CodeOf(Repair().status), Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE);
}

TEST_F(RepairRunTest, AMediumThatIsWrittenOnceHasNoSuperblock) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=BD-R"}));
  EXPECT_EQ(CodeOf(Repair().status), Hresult::E_IMAPI_DF2DATA_MEDIA_IS_NOT_SUPPORTED);
}

TEST_F(RepairRunTest, ARepairThatFailsCanBeRunAgain) {
  ASSERT_NO_FATAL_FAILURE(StartWithFailedSuperblock("DVD-RAM"));
  WriteHalf();
  ASSERT_NO_FATAL_FAILURE(PowerCycle("at 1 WRITE(10) sense 3/0C/00"));
  const MaintenanceReport failed = Repair();
  EXPECT_FALSE(failed.status.ok());
  EXPECT_FALSE(absl::IsUnavailable(failed.status));
  EXPECT_EQ(failed.effect, DiscEffect::kUnknown);
  EXPECT_EQ(HeldCount(), 2u);
  const MaintenanceReport again = Repair();
  ASSERT_OK(again.status);
  EXPECT_EQ(again.facts->disc_identifier, before_);
  EXPECT_THAT(journal_->HeldActions(), IsOkAndHolds(IsEmpty()));
}

TEST_F(RepairRunTest, ACancelledOneThatHasNotBegunDoesNothing) {
  ASSERT_NO_FATAL_FAILURE(StartWithFailedSuperblock("DVD-RAM"));
  WriteHalf();
  control_.Cancel();
  EXPECT_EQ(CodeOf(Repair().status), Hresult::E_IMAPI_REQUEST_CANCELLED);
  EXPECT_EQ(HeldCount(), 1u);
}

TEST_F(RepairRunTest, ASuperblockThatDoesNotReadAsItWasWrittenKeepsTheDiscHeld) {
  ASSERT_NO_FATAL_FAILURE(StartWithFailedSuperblock("DVD-RAM"));
  WriteHalf();
  // A drive that says GOOD and has not written: its answer replaces the command.
  ASSERT_NO_FATAL_FAILURE(PowerCycle("at 1 WRITE(10) bytes"));
  const MaintenanceReport report = Repair();
  EXPECT_EQ(CodeOf(report.status), Hresult::E_IMAPI_BURN_VERIFICATION_FAILED);
  EXPECT_GE(HeldCount(), 1u);
}

}  // namespace
}  // namespace carousel
