#include "server/maintenance/erase_run.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/drive/burn_table.h"
#include "server/errors/errors.h"
#include "server/maintenance/maintenance_fixture.h"

namespace carousel {
namespace {

using imapi::Hresult;
using testing::IsEmpty;
using testing::SizeIs;

class EraseRunTest : public MaintenanceTest {
 protected:
  MaintenanceReport Erase(EraseMode mode, const std::string& identifier = "") {
    MaintenanceSubject subject = NewSubject();
    subject.disc_identifier = identifier;
    return EraseRun(mode, subject, Surroundings()).Run(*drive_);
  }
  void StartWithSession(const std::string& medium, const std::string& faults = "") {
    ASSERT_NO_FATAL_FAILURE(Start({absl::StrCat("--media=", medium)}, faults));
    ASSERT_OK(BurnSession().status);
  }
};

TEST_F(EraseRunTest, ACdRwIsBlankAfterwardsAndTakesSessionsAgain) {
  ASSERT_NO_FATAL_FAILURE(StartWithSession("CD-RW"));
  const MaintenanceReport report = Erase(EraseMode::kMinimal);
  ASSERT_OK(report.status);
  EXPECT_EQ(report.effect, DiscEffect::kDone);
  EXPECT_TRUE(report.facts->physically_blank);
  EXPECT_OK(report.removal);
  ASSERT_THAT(Actions(), SizeIs(3)) << "write, close, blank";
  const ActionRecord action = Actions().back();
  EXPECT_EQ(action.intent.kind, ActionKind::kBlank);
  EXPECT_FALSE(action.intent.disc.identifier.empty());
  EXPECT_EQ(action.outcome->result, ActionResult::kSucceeded);
  EXPECT_OK(BurnSession().status);
  EXPECT_EQ(control_.progress().action, MaintenanceAction::kCompleted);
}

TEST_F(EraseRunTest, ADvdRwThatIsBlankedWholeTakesSessions) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=DVD-RW"}));
  ASSERT_OK(Erase(EraseMode::kMinimal).status);
  ASSERT_OK_AND_ASSIGN(MediaState state, drive_->ReadMediaState());
  EXPECT_EQ(FindBurnRow(state)->method, BurnMethod::kDiscAtOnce) << "a minimal one does not";
  ASSERT_OK(Erase(EraseMode::kWhole).status);
  ASSERT_OK_AND_ASSIGN(state, drive_->ReadMediaState());
  EXPECT_EQ(FindBurnRow(state)->method, BurnMethod::kIncremental);
}

TEST_F(EraseRunTest, ADvdRwIsFormattedToBeOverwrittenAndBlankedToBeWrittenInSessions) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=DVD-RW"}));
  const MaintenanceReport report = Erase(EraseMode::kFormat);
  ASSERT_OK(report.status);
  EXPECT_EQ(report.state->profile, mmc::Profile::kDvdRwRestrictedOverwrite);
  EXPECT_TRUE(report.facts->heuristically_blank);
  const MaintenanceReport back = Erase(EraseMode::kWhole);
  ASSERT_OK(back.status);
  EXPECT_EQ(back.state->profile, mmc::Profile::kDvdRwSequential);
}

class OverwritableEraseTest : public EraseRunTest,
                              public testing::WithParamInterface<std::string> {};

TEST_P(OverwritableEraseTest, ItsSessionsAreGoneAndItTakesTheFirstOneAgain) {
  ASSERT_NO_FATAL_FAILURE(StartWithSession(GetParam()));
  ASSERT_OK(BurnSession().status);
  const MaintenanceReport report = Erase(EraseMode::kFormat);
  ASSERT_OK(report.status);
  EXPECT_TRUE(report.facts->heuristically_blank);
  EXPECT_FALSE(report.facts->newest_session().has_value());
  EXPECT_EQ(Actions().back().intent.kind, ActionKind::kFormat);
  EXPECT_THAT(journal_->HeldActions(), IsOkAndHolds(IsEmpty()));
  ASSERT_OK(BurnSession().status);
  EXPECT_EQ(plan_->start(), Lba(32));
}

TEST_P(OverwritableEraseTest, ItHasNoBlankState) {
  ASSERT_NO_FATAL_FAILURE(StartWithSession(GetParam()));
  for (const EraseMode mode : {EraseMode::kMinimal, EraseMode::kWhole}) {
    EXPECT_EQ(CodeOf(Erase(mode).status), Hresult::E_IMAPI_ERASE_MEDIA_IS_NOT_SUPPORTED);
  }
  EXPECT_THAT(Actions(), SizeIs(1)) << "the burn";
}

INSTANTIATE_TEST_SUITE_P(Media, OverwritableEraseTest,
                         testing::Values("DVD+RW", "DVD-RAM", "BD-RE"),
                         [](const testing::TestParamInfo<std::string>& info) {
                           return info.param.substr(0, 2) + (info.param[3] == '+' ? "P" : "M") +
                                  info.param.substr(info.param.size() - 2);
                         });

class UnformattedEraseTest : public EraseRunTest,
                             public testing::WithParamInterface<std::string> {};

TEST_P(UnformattedEraseTest, WhatWasNeverFormattedIsFormattedAndTakesASession) {
  ASSERT_NO_FATAL_FAILURE(Start({absl::StrCat("--media=", GetParam()), "--state=unformatted"}));
  const MaintenanceReport report = Erase(EraseMode::kFormat);
  ASSERT_OK(report.status);
  EXPECT_EQ(report.state->format, FormatDescriptor::kFormatted);
  EXPECT_TRUE(report.facts->heuristically_blank);
}

INSTANTIATE_TEST_SUITE_P(Media, UnformattedEraseTest, testing::Values("DVD+RW", "BD-RE"),
                         [](const testing::TestParamInfo<std::string>& info) {
                           return info.param.substr(0, 2);
                         });

class WriteOnceEraseTest : public EraseRunTest, public testing::WithParamInterface<std::string> {};

TEST_P(WriteOnceEraseTest, WhatIsOnItStaysForEver) {
  ASSERT_NO_FATAL_FAILURE(Start({absl::StrCat("--media=", GetParam())}));
  for (const EraseMode mode : {EraseMode::kMinimal, EraseMode::kWhole, EraseMode::kFormat}) {
    const MaintenanceReport report = Erase(mode);
    EXPECT_EQ(CodeOf(report.status), Hresult::E_IMAPI_ERASE_MEDIA_IS_NOT_ERASABLE);
    EXPECT_EQ(report.effect, DiscEffect::kNone);
    EXPECT_FALSE(Metadata(report.status, "media").empty());
  }
  EXPECT_THAT(Actions(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Media, WriteOnceEraseTest,
                         testing::Values("CD-R", "DVD-R", "DVD+R", "BD-R"),
                         [](const testing::TestParamInfo<std::string>& info) {
                           return info.param.substr(0, 2) +
                                  (info.param.find('+') == std::string::npos
                                       ? (info.param.size() == 5 ? "M" : "")
                                       : "P");
                         });

TEST_F(EraseRunTest, AnotherDiscThanTheOneThatWasNamedIsNotErased) {
  ASSERT_NO_FATAL_FAILURE(StartWithSession("CD-RW"));
  const MaintenanceReport report = Erase(EraseMode::kMinimal, "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(CodeOf(report.status), Hresult::IMAPI_E_DISC_MISMATCH);
  EXPECT_EQ(Metadata(report.status, "property"), "identifier");
  EXPECT_OK(Erase(EraseMode::kMinimal, Metadata(report.status, "found")).status);
}

TEST_F(EraseRunTest, ADiscThatIsWriteProtectedIsNotErased) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=DVD+RW", "--state=write-protected"}));
  EXPECT_EQ(CodeOf(Erase(EraseMode::kFormat).status),
            Hresult::E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED);
}

TEST_F(EraseRunTest, ADriveThatRefusesTheCommandHasChangedNothing) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=CD-RW"}, "at 1 A1 sense 5/24/00; at 2 A1 sense 5/24/00"));
  const MaintenanceReport report = Erase(EraseMode::kMinimal);
  EXPECT_EQ(CodeOf(report.status), Hresult::E_IMAPI_ERASE_DRIVE_FAILED_ERASE_COMMAND);
  EXPECT_EQ(Metadata(report.status, "sense"), "5/24/00");
  EXPECT_EQ(report.effect, DiscEffect::kNone);
  EXPECT_EQ(Actions().back().outcome->result, ActionResult::kNothingDone);
  EXPECT_EQ(HeldCount(), 0u);
}

struct EraseFault {
  std::string fault;
  Hresult code;
};
class FailingEraseTest : public EraseRunTest, public testing::WithParamInterface<EraseFault> {};

TEST_P(FailingEraseTest, TheDiscIsHeldUntilItIsErasedAgainAndTheCodeIsNeverUnavailable) {
  ASSERT_NO_FATAL_FAILURE(StartWithSession("CD-RW", absl::StrCat("at 1 A1 ", GetParam().fault)));
  const MaintenanceReport report = Erase(EraseMode::kMinimal);
  EXPECT_EQ(CodeOf(report.status), GetParam().code);
  EXPECT_EQ(report.status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(report.effect, DiscEffect::kUnknown);
  EXPECT_EQ(HeldCount(), 1u);
  EXPECT_EQ(GetReason(BurnSession().status).value_or(ReasonDetail()).reason, "DISC_HELD");
  robot_.clock.Advance(absl::Hours(1));  // what was begun without an answer has ended
  ASSERT_OK(Erase(EraseMode::kMinimal).status);
  EXPECT_EQ(HeldCount(), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Faults, FailingEraseTest,
    testing::Values(EraseFault{"sense 3/51/00",
                               Hresult::E_IMAPI_ERASE_UNEXPECTED_DRIVE_RESPONSE_DURING_ERASE},
                    EraseFault{"hang", Hresult::E_IMAPI_ERASE_TOOK_LONGER_THAN_ONE_HOUR},
                    EraseFault{"power-cut", Hresult::E_IMAPI_ERASE_TOOK_LONGER_THAN_ONE_HOUR}),
    [](const testing::TestParamInfo<EraseFault>& info) {
      return absl::StrCat("Fault", info.index);
    });

TEST_F(EraseRunTest, ADiscThatAFailedBurnHoldsIsNotErasedBeforeSomebodyHasLookedAtIt) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=CD-RW"}, "at 2 WRITE(10) sense 3/0C/00"));
  ASSERT_FALSE(BurnSession().status.ok());
  const MaintenanceReport report = Erase(EraseMode::kMinimal);
  EXPECT_EQ(GetReason(report.status).value_or(ReasonDetail()).reason, "DISC_HELD");
  EXPECT_EQ(report.effect, DiscEffect::kNone);
}

TEST_F(EraseRunTest, ACancelledOneThatHasNotBegunDoesNothing) {
  ASSERT_NO_FATAL_FAILURE(Start({"--media=CD-RW"}));
  control_.Cancel();
  const MaintenanceReport report = Erase(EraseMode::kMinimal);
  EXPECT_EQ(CodeOf(report.status), Hresult::E_IMAPI_REQUEST_CANCELLED);
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(Actions(), IsEmpty());
}

TEST_F(EraseRunTest, AnEmptyDriveHasNothingToErase) {
  robot_.MakeDisc("A", {"--media=CD-RW"});
  robot_.Start();
  drive_ = std::make_unique<MmcDrive>(robot_.robot().OpenDrive(0), &robot_.clock);
  EXPECT_EQ(CodeOf(Erase(EraseMode::kMinimal).status), Hresult::E_IMAPI_RECORDER_MEDIA_NO_MEDIA);
}

}  // namespace
}  // namespace carousel
