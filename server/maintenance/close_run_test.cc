#include "server/maintenance/close_run.h"

#include <string>
#include <tuple>

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

class CloseRunTest : public MaintenanceTest {
 protected:
  MaintenanceReport Close(CloseMode mode) {
    return CloseRun(mode, NewSubject(), Surroundings()).Run(*drive_);
  }
  void StartWithSession(const std::string& medium) {
    ASSERT_NO_FATAL_FAILURE(Start({absl::StrCat("--media=", medium)}));
    ASSERT_OK(BurnSession().status);
  }
};

std::string NameOf(std::string medium) {
  for (char& c : medium) {
    if (c == '+') c = 'P';
    if (c == '-') c = 'M';
  }
  return medium;
}

// By medium, and what becomes of a WRITE of the session; more is written before than the drive
// buffers.
class OpenSessionCloseTest
    : public CloseRunTest,
      public testing::WithParamInterface<std::tuple<std::string, std::string>> {};

TEST_P(OpenSessionCloseTest, ASessionThatABurnHasLeftOpenIsClosedAndTheDiscTakesAnother) {
  const auto [medium, fault] = GetParam();
  file_bytes_ = 5 << 20;
  ASSERT_NO_FATAL_FAILURE(
      Start({absl::StrCat("--media=", medium)}, absl::StrCat("at 15 WRITE(10) ", fault)));
  ASSERT_FALSE(BurnSession().status.ok());
  const MaintenanceReport report = Close(CloseMode::kSession);
  ASSERT_OK(report.status);
  EXPECT_EQ(report.effect, DiscEffect::kDone);
  EXPECT_EQ(report.state->disc_status, DiscStatus::kAppendable);
  EXPECT_EQ(report.state->last_session, LastSessionState::kEmpty);
  EXPECT_NE(report.state->AppendTrack(), nullptr);
  ASSERT_THAT(Actions(), SizeIs(2));
  EXPECT_EQ(Actions()[1].intent.kind, ActionKind::kClose);
  EXPECT_EQ(Actions()[1].outcome->result, ActionResult::kSucceeded);
  EXPECT_EQ(HeldCount(), 1u) << "nobody knows the files of the session that was cut short";
}

INSTANTIATE_TEST_SUITE_P(
    Media, OpenSessionCloseTest,
    testing::Combine(testing::Values("CD-R", "DVD-R", "DVD+R", "BD-R"),
                     testing::Values("sense 3/0C/00", "power-cut")),
    [](const testing::TestParamInfo<std::tuple<std::string, std::string>>& info) {
      return absl::StrCat(NameOf(std::get<0>(info.param)), info.index);
    });

class FinalizeTest : public CloseRunTest, public testing::WithParamInterface<std::string> {};

TEST_P(FinalizeTest, ADiscIsClosedForEver) {
  ASSERT_NO_FATAL_FAILURE(StartWithSession(GetParam()));
  const MaintenanceReport report = Close(CloseMode::kDisc);
  ASSERT_OK(report.status);
  EXPECT_EQ(report.state->disc_status, DiscStatus::kComplete);
  EXPECT_TRUE(report.facts->finalized());
  EXPECT_EQ(HeldCount(), 0u);
  EXPECT_EQ(CodeOf(Close(CloseMode::kDisc).status), Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE)
      << "it is closed";
}

INSTANTIATE_TEST_SUITE_P(Media, FinalizeTest, testing::Values("DVD+R", "BD-R"),
                         [](const testing::TestParamInfo<std::string>& info) {
                           return NameOf(info.param);
                         });

class ByItsSessionTest : public CloseRunTest, public testing::WithParamInterface<std::string> {};

TEST_P(ByItsSessionTest, ADiscIsClosedForEverWithItsLastSessionOnly) {
  ASSERT_NO_FATAL_FAILURE(
      Start({absl::StrCat("--media=", GetParam())}, "at 4 WRITE(10) sense 3/0C/00"));
  ASSERT_OK(BurnSession().status);
  EXPECT_EQ(CodeOf(Close(CloseMode::kDisc).status), Hresult::E_NOTIMPL);
  EXPECT_EQ(CodeOf(Close(CloseMode::kSession).status), Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE)
      << "no session is open";
  ASSERT_FALSE(BurnSession().status.ok());
  const MaintenanceReport report = Close(CloseMode::kDisc);
  ASSERT_OK(report.status);
  EXPECT_EQ(report.state->disc_status, DiscStatus::kComplete);
}

INSTANTIATE_TEST_SUITE_P(Media, ByItsSessionTest, testing::Values("CD-R", "DVD-R"),
                         [](const testing::TestParamInfo<std::string>& info) {
                           return NameOf(info.param);
                         });

TEST_F(CloseRunTest, ABlankDiscHasNothingToClose) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=BD-R"}));
  for (const CloseMode mode : {CloseMode::kSession, CloseMode::kDisc}) {
    EXPECT_EQ(CodeOf(Close(mode).status), Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE);
  }
  EXPECT_THAT(Actions(), IsEmpty());
}

TEST_F(CloseRunTest, AMediumThatIsOverwrittenIsNeverClosedForEver) {
  ASSERT_NO_FATAL_FAILURE(StartWithSession("DVD-RAM"));
  EXPECT_EQ(CodeOf(Close(CloseMode::kDisc).status), Hresult::E_NOTIMPL);
  EXPECT_EQ(CodeOf(Close(CloseMode::kSession).status),
            Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE);
}

TEST_F(CloseRunTest, AFormatThatRunsInTheBackgroundIsEnded) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=DVD+RW", "--background-format=running"}));
  const MaintenanceReport report = Close(CloseMode::kSession);
  ASSERT_OK(report.status);
  EXPECT_EQ(report.state->background_format, BackgroundFormat::kSuspended);
}

TEST_F(CloseRunTest, AMediumThatIsNotWrittenIsNotClosed) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=BD-R-POW"}));
  EXPECT_EQ(CodeOf(Close(CloseMode::kDisc).status),
            Hresult::E_IMAPI_DF2DATA_MEDIA_IS_NOT_SUPPORTED);
}

TEST_F(CloseRunTest, ACloseThatFailsHoldsTheDiscAndIsNeverUnavailable) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=DVD+R"}, "at 3 CLOSE-TRACK-SESSION sense 6/29/00"));
  ASSERT_OK(BurnSession().status);
  const MaintenanceReport report = Close(CloseMode::kDisc);
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(report.effect, DiscEffect::kUnknown);
  EXPECT_EQ(HeldCount(), 1u);
}

TEST_F(CloseRunTest, ABurnThatAStopOfTheServiceCutShortIsSettledByWhatTheDiscShows) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=DVD+R"}, "at 2 WRITE(10) sense 3/0C/00"));
  {
    JournaledBurn lost(journal_.get(),
                       {.operation = NewOperation(), .drive = "drive0", .disc = {.barcode = "A"}});
    ASSERT_OK(lost.Begin({.step = BurnStep::kWriteSession, .planned = Sectors(320)}));
  }
  barcode_ = "B";  // the drive is told of no outcome
  ASSERT_FALSE(BurnSession().status.ok());
  barcode_ = "A";
  ASSERT_NO_FATAL_FAILURE(OpenJournal());
  ASSERT_OK(Close(CloseMode::kSession).status);
  ASSERT_TRUE(Actions()[0].outcome.has_value());
  EXPECT_EQ(Actions()[0].outcome->result, ActionResult::kFailed);
}

TEST_F(CloseRunTest, ADiscWhoseLastSessionNobodyHasVerifiedSinceARestartIsNotClosed) {
  ASSERT_NO_FATAL_FAILURE(StartWithSession("DVD+R"));
  ASSERT_OK(journal_
                ->RecordIntent({.kind = ActionKind::kWriteSession,
                                .operation = NewOperation(),
                                .drive = "drive0",
                                .disc = {.barcode = "A"}})
                .status());
  ASSERT_NO_FATAL_FAILURE(OpenJournal());
  EXPECT_EQ(GetReason(Close(CloseMode::kDisc).status).value_or(ReasonDetail()).reason, "DISC_HELD");
}

TEST_F(CloseRunTest, AnotherDiscThanTheOneThatWasNamedIsNotClosed) {
  ASSERT_NO_FATAL_FAILURE(StartWithSession("DVD+R"));
  MaintenanceSubject subject = NewSubject();
  subject.disc_identifier = "0123456789abcdef0123456789abcdef";
  const MaintenanceReport report = CloseRun(CloseMode::kDisc, subject, Surroundings()).Run(*drive_);
  EXPECT_EQ(CodeOf(report.status), Hresult::IMAPI_E_DISC_MISMATCH);
}

TEST_F(CloseRunTest, ACancelledOneThatHasNotBegunDoesNothing) {
  ASSERT_NO_FATAL_FAILURE(StartWithSession("DVD+R"));
  control_.Cancel();
  EXPECT_EQ(CodeOf(Close(CloseMode::kDisc).status), Hresult::E_IMAPI_REQUEST_CANCELLED);
  EXPECT_THAT(Actions(), SizeIs(2)) << "of the burn";
}

}  // namespace
}  // namespace carousel
