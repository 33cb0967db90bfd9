#include "server/maintenance/session_verification.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/errors/errors.h"
#include "server/maintenance/maintenance_fixture.h"

namespace carousel {
namespace {

using imapi::Hresult;
using testing::IsEmpty;
using testing::SizeIs;

class SessionVerificationTest : public MaintenanceTest {
 protected:
  SessionVerificationReport Verify(VerifyLevel level = VerifyLevel::kFull, int session = 0) {
    return SessionVerification({.level = level, .session = session, .subject = NewSubject()},
                               {.read_facts = &ReadMediaFacts,
                                .journal = journal_.get(),
                                .control = &verify_,
                                .clock = &robot_.clock})
        .Run(*drive_);
  }
  void StartWithSession(const std::string& medium, bool with_manifest = true) {
    ASSERT_NO_FATAL_FAILURE(Start({absl::StrCat("--media=", medium)}));
    ASSERT_OK(BurnSession(with_manifest).status);
  }
  // The next intents have no outcome, as those of a service that was stopped.
  void RecordLostIntent(ActionKind kind, Lba start, const std::string& identifier = "") {
    ASSERT_OK(journal_
                  ->RecordIntent({.kind = kind,
                                  .operation = NewOperation(),
                                  .drive = "drive0",
                                  .disc = {.barcode = "A", .identifier = identifier},
                                  .start = start})
                  .status());
    OpenJournal();
  }

  VerifyControl verify_;
};

class EveryMediumVerificationTest : public SessionVerificationTest,
                                    public testing::WithParamInterface<std::string> {};

TEST_P(EveryMediumVerificationTest, EachSessionIsHeldAgainstTheDigestOfItsBurn) {
  ASSERT_NO_FATAL_FAILURE(StartWithSession(GetParam()));
  const Lba first = plan_->start();
  ASSERT_OK(BurnSession().status);
  const SessionVerificationReport last = Verify();
  ASSERT_OK(last.status);
  EXPECT_EQ(last.basis, VerifyBasis::kJournal);
  EXPECT_EQ(last.session.number, 2);
  EXPECT_EQ(last.session.start, plan_->start());
  EXPECT_EQ(last.compared, plan_->volume_end() - plan_->start());
  const SessionVerificationReport report = Verify(VerifyLevel::kFull, 1);
  ASSERT_OK(report.status);
  EXPECT_EQ(report.basis, VerifyBasis::kJournal);
  EXPECT_EQ(report.session.start, first);
}

TEST_P(EveryMediumVerificationTest, WithoutABarCodeTheManifestTellsWhatTheFilesAre) {
  barcode_ = "";
  ASSERT_NO_FATAL_FAILURE(StartWithSession(GetParam()));
  const SessionVerificationReport report = Verify();
  ASSERT_OK(report.status);
  EXPECT_EQ(report.basis, VerifyBasis::kManifest);
  EXPECT_EQ(report.files, 2);
  EXPECT_EQ(report.session_id, "session-1");
  EXPECT_EQ(report.job, "job-1");
  EXPECT_THAT(report.warnings, IsEmpty());
  EXPECT_EQ(report.compared, Sectors(2 * 147));
}

INSTANTIATE_TEST_SUITE_P(Media, EveryMediumVerificationTest,
                         testing::Values("CD-R", "DVD-R", "DVD+R", "BD-R", "DVD+RW", "DVD-RAM",
                                         "BD-RE"),
                         [](const testing::TestParamInfo<std::string>& info) {
                           return absl::StrCat("Medium", info.index);
                         });

TEST_F(SessionVerificationTest, ATurnedBitIsFoundByTheDigest) {
  ASSERT_NO_FATAL_FAILURE(StartWithSession("DVD+R"));
  Flip(PlaceOf("a.bin"));
  const SessionVerificationReport report = Verify();
  EXPECT_EQ(CodeOf(report.status), Hresult::E_IMAPI_BURN_VERIFICATION_FAILED);
  EXPECT_EQ(Metadata(report.status, "cause"), "different");
  EXPECT_OK(Verify(VerifyLevel::kQuick).status) << "it is no sample";
}

TEST_F(SessionVerificationTest, ATurnedBitIsFoundByTheManifestWhichNamesTheFile) {
  barcode_ = "";
  ASSERT_NO_FATAL_FAILURE(StartWithSession("DVD+R"));
  Flip(PlaceOf("b.bin"));
  const SessionVerificationReport report = Verify();
  EXPECT_EQ(CodeOf(report.status), Hresult::E_IMAPI_BURN_VERIFICATION_FAILED);
  EXPECT_EQ(Metadata(report.status, "cause"), "file");
  EXPECT_EQ(Metadata(report.status, "path"), "/b.bin");
  ASSERT_THAT(report.faults, SizeIs(1));
  EXPECT_EQ(report.faults[0].cause, FileFault::Cause::kDifferent);
  EXPECT_OK(Verify(VerifyLevel::kQuick).status) << "QUICK reads no files";
}

TEST_F(SessionVerificationTest, AFileThatCannotBeReadIsNamedWithItsBlock) {
  barcode_ = "";
  ASSERT_NO_FATAL_FAILURE(Start({"--media=BD-R", "--unreadable=200-201"}));
  ASSERT_OK(BurnSession().status);
  const SessionVerificationReport report = Verify();
  EXPECT_EQ(Metadata(report.status, "fault"), "unreadable");
  EXPECT_EQ(Metadata(report.status, "block"), "200");
}

TEST_F(SessionVerificationTest, ASessionThatNothingIsKnownOfIsOnlyRead) {
  barcode_ = "";
  ASSERT_NO_FATAL_FAILURE(StartWithSession("DVD+R", false));
  const SessionVerificationReport report = Verify();
  ASSERT_OK(report.status);
  EXPECT_EQ(report.basis, VerifyBasis::kNothing);
  EXPECT_TRUE(report.sha256.has_value());
  EXPECT_EQ(report.compared, plan_->volume_end() - plan_->start());
}

TEST_F(SessionVerificationTest, WhatWasBurntBeforeAnErasureIsNotExpected) {
  ASSERT_NO_FATAL_FAILURE(StartWithSession("DVD-RAM"));
  RecordLostIntent(ActionKind::kFormat, Lba(0));
  EXPECT_EQ(Verify().basis, VerifyBasis::kManifest);
}

TEST_F(SessionVerificationTest, ThereIsNoSessionOfANumberThatTheDiscDoesNotHave) {
  ASSERT_NO_FATAL_FAILURE(StartWithSession("DVD+R"));
  EXPECT_EQ(GetReason(Verify(VerifyLevel::kFull, 2).status).value_or(ReasonDetail()).reason,
            "INVALID_FIELD");
}

TEST_F(SessionVerificationTest, ABlankDiscHasNothingToVerify) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=DVD+R"}));
  EXPECT_EQ(CodeOf(Verify().status), Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE);
}

class InterruptedBurnTest : public SessionVerificationTest,
                            public testing::WithParamInterface<std::string> {};

TEST_P(InterruptedBurnTest, ASessionThatIsThereAndReadsWellReleasesTheDisc) {
  barcode_ = "other";
  ASSERT_NO_FATAL_FAILURE(StartWithSession(GetParam()));
  barcode_ = "A";
  RecordLostIntent(ActionKind::kWriteSession, plan_->start());
  EXPECT_OK(Verify(VerifyLevel::kQuick).status);
  EXPECT_EQ(HeldCount(), 1u) << "QUICK proves nothing";
  const SessionVerificationReport report = Verify();
  ASSERT_OK(report.status);
  EXPECT_EQ(report.basis, VerifyBasis::kManifest);
  EXPECT_EQ(report.settled, 1);
  EXPECT_EQ(report.held, 0);
  EXPECT_EQ(HeldCount(), 0u);
  EXPECT_EQ(Actions()[0].outcome->result, ActionResult::kSucceeded);
}

TEST_P(InterruptedBurnTest, ASessionThatReadsBadlyKeepsTheDiscHeld) {
  barcode_ = "other";
  ASSERT_NO_FATAL_FAILURE(StartWithSession(GetParam()));
  barcode_ = "A";
  RecordLostIntent(ActionKind::kWriteSession, plan_->start());
  Flip(PlaceOf("a.bin"));
  const SessionVerificationReport report = Verify();
  EXPECT_FALSE(report.status.ok());
  EXPECT_EQ(report.held, 1);
  EXPECT_EQ(HeldCount(), 1u);
}

TEST_P(InterruptedBurnTest, ABurnThatHasWrittenNothingReleasesTheDisc) {
  ASSERT_NO_FATAL_FAILURE(StartWithSession(GetParam()));
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(*drive_));
  std::vector<uint8_t> old;
  if (facts.multisession_class == MultisessionClass::kOverwritable) {
    old.resize(32 * kSectorSize);
    ASSERT_OK(drive_->Read(Lba(0), absl::MakeSpan(old)));
  }
  ASSERT_OK(journal_
                ->RecordIntent({.operation = NewOperation(),
                                .drive = "drive0",
                                .disc = {.barcode = "A"},
                                .start = *facts.next_writable,
                                .old_superblock = {old.begin(), old.end()}})
                .status());
  ASSERT_NO_FATAL_FAILURE(OpenJournal());
  const SessionVerificationReport report = Verify();
  ASSERT_OK(report.status);
  EXPECT_EQ(report.settled, 1);
  EXPECT_EQ(Actions().back().outcome->result, ActionResult::kNothingDone);
}

INSTANTIATE_TEST_SUITE_P(Media, InterruptedBurnTest, testing::Values("DVD+R", "BD-R", "DVD+RW"),
                         [](const testing::TestParamInfo<std::string>& info) {
                           return absl::StrCat("Medium", info.index);
                         });

TEST_F(SessionVerificationTest, ACloseThatWasCutShortIsSettledByWhatTheDriveShows) {
  ASSERT_NO_FATAL_FAILURE(StartWithSession("DVD+R"));
  RecordLostIntent(ActionKind::kClose, plan_->start());
  ASSERT_OK(Verify(VerifyLevel::kQuick).status);
  EXPECT_EQ(Actions().back().outcome->result, ActionResult::kSucceeded);
  EXPECT_EQ(HeldCount(), 0u);
}

TEST_F(SessionVerificationTest, ABlankThatWasCutShortIsSettledByABlankDisc) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=CD-RW"}));
  RecordLostIntent(ActionKind::kBlank, Lba(0));
  const SessionVerificationReport report = Verify();
  ASSERT_OK(report.status);
  EXPECT_EQ(report.session.number, 0);
  EXPECT_EQ(report.settled, 1);
  EXPECT_EQ(HeldCount(), 0u);
}

TEST_F(SessionVerificationTest, ABurnThatIsPartlyOnTheDiscKeepsItHeldAsFailed) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=DVD+R"}, "at 4 WRITE(10) sense 3/0C/00"));
  ASSERT_OK(BurnSession().status);
  barcode_ = "other";
  ASSERT_FALSE(BurnSession().status.ok());
  barcode_ = "A";
  RecordLostIntent(ActionKind::kWriteSession, plan_->start());
  const SessionVerificationReport report = Verify();
  ASSERT_OK(report.status) << "the session before it";
  EXPECT_EQ(report.held, 1);
  EXPECT_EQ(Actions().back().outcome->result, ActionResult::kFailed);
  EXPECT_EQ(Actions().back().outcome->written, Sectors(256));
}

TEST_F(SessionVerificationTest, ACancelledOneStops) {
  ASSERT_NO_FATAL_FAILURE(StartWithSession("DVD+R"));
  verify_.Cancel();
  EXPECT_THAT(Verify().status, StatusIs(absl::StatusCode::kCancelled));
}

}  // namespace
}  // namespace carousel
