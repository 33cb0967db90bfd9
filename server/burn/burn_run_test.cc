#include "server/burn/burn_run.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/fake_drive.h"
#include "hal/drive/fake_media.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/sense.h"
#include "server/burn/burn_control.h"
#include "server/burn/burn_fixture.h"
#include "server/burn/burn_pipeline.h"
#include "server/digest/sha256.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

using imapi::Hresult;
using mmc::Profile;
using testing::ElementsAre;
using testing::IsEmpty;
using Method = FakeDriveMethod;

constexpr Sectors kCapacity{100'000};

class BurnRunTest : public BurnTest {
 protected:
  void Insert(MediaState state) {
    drive_.Insert(std::move(state), nullptr);
    ASSERT_THAT(drive_.CheckReady(), IsOkAndHolds(true));
    ASSERT_NO_FATAL_FAILURE(PlanFor(drive_));
  }
  static Hresult CodeOf(const absl::Status& status) {
    const auto detail = imapi::GetDetail(status);
    return detail.has_value() ? detail->hresult : Hresult::E_FAIL;
  }
  static absl::Status Sense(scsi::SenseKey key, uint8_t asc, uint8_t ascq, uint8_t opcode) {
    return scsi::SenseStatus({.key = key, .asc = asc, .ascq = ascq}, opcode, "told to fail");
  }
  void ExpectNothingWritten() {
    EXPECT_THAT(drive_.writes(), IsEmpty());
    EXPECT_EQ(drive_.calls(Method::kCloseSession), 0);
    EXPECT_FALSE(drive_.removal_prevented());
  }

  FakeDrive drive_;
};

TEST_F(BurnRunTest, TheReportHasTheDigestOfTheVolumeAndTheDiscAsItIsThen) {
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  const BurnReport report = Burn(drive_);
  ASSERT_OK(report.status);
  EXPECT_EQ(report.effect, DiscEffect::kDone);
  EXPECT_EQ(report.written, plan_->sectors());
  std::vector<uint8_t> volume((plan_->volume_end() - plan_->start()).bytes());
  ASSERT_OK(drive_.Read(plan_->start(), absl::MakeSpan(volume)));
  EXPECT_EQ(report.sha256, Sha256(volume));
  ASSERT_TRUE(report.after.has_value());
  EXPECT_EQ(report.after->disc_status, DiscStatus::kAppendable);
  EXPECT_THAT(journal_.lines, ElementsAre("write from 0", "done", "close from 0", "done"));
  EXPECT_OK(report.removal);
  EXPECT_FALSE(drive_.removal_prevented());
  EXPECT_EQ(control_.progress().action, BurnAction::kCompleted);
  EXPECT_EQ(control_.progress().bytes, plan_->sectors().bytes());
}

TEST_F(BurnRunTest, ADiscThatIsToTakeNoMoreSessionsIsComplete) {
  Insert(BlankMedia(Profile::kBdRSequential, kCapacity));
  request_.finalize = true;
  const BurnReport report = Burn(drive_);
  ASSERT_OK(report.status);
  EXPECT_EQ(report.after->disc_status, DiscStatus::kComplete);
}

TEST_F(BurnRunTest, AnotherDiscOfTheSameKindIsNotWritten) {
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  drive_.Insert(BlankMedia(Profile::kDvdPlusR, kCapacity), nullptr);
  const BurnReport report = Burn(drive_);
  EXPECT_EQ(CodeOf(report.status), Hresult::IMAPI_E_DISC_MISMATCH);
  EXPECT_EQ(report.effect, DiscEffect::kNone);
  ExpectNothingWritten();
  EXPECT_THAT(journal_.lines, IsEmpty());
}

TEST_F(BurnRunTest, APlanForAnotherAddressIsNotWritten) {
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  const FakeSession session{Lba(0), Sectors(320)};
  drive_.Insert(AppendableMedia(Profile::kDvdPlusR, {&session, 1}, Lba(2'368), kCapacity), nullptr);
  ASSERT_OK_AND_ASSIGN(request_.disc, ReadMediaFacts(drive_));
  const BurnReport report = Burn(drive_);
  EXPECT_EQ(CodeOf(report.status), Hresult::IMAPI_E_DISC_MISMATCH);
  ExpectNothingWritten();
}

TEST_F(BurnRunTest, AFormatThatIsRunningIsStoppedBehindTheBurn) {
  MediaState state = OverwritableMedia(Profile::kDvdPlusRw, kCapacity);
  state.background_format = BackgroundFormat::kRunning;
  Insert(state);
  const BurnReport report = Burn(drive_);
  ASSERT_OK(report.status);
  EXPECT_EQ(drive_.calls(Method::kFormat), 0);
  EXPECT_EQ(drive_.calls(Method::kCloseSession), 1);
  EXPECT_EQ(report.after->background_format, BackgroundFormat::kSuspended);
}

TEST_F(BurnRunTest, ADiscThatIsOverwrittenCannotBeClosedForEver) {
  Insert(OverwritableMedia(Profile::kDvdPlusRw, kCapacity));
  request_.finalize = true;
  EXPECT_EQ(CodeOf(Burn(drive_).status), Hresult::E_NOTIMPL);
  ExpectNothingWritten();
}

TEST_F(BurnRunTest, AMediumWithoutTestWriteIsNotWrittenForOne) {
  for (const Profile profile : {Profile::kDvdPlusR, Profile::kBdRSequential}) {
    Insert(BlankMedia(profile, kCapacity));
    request_.simulate = true;
    EXPECT_EQ(CodeOf(Burn(drive_).status), Hresult::E_NOTIMPL);
    ExpectNothingWritten();
    tree_ = FileTree();
  }
}

TEST_F(BurnRunTest, OnADiscThatIsOverwrittenTheSuperblockIsWrittenLast) {
  Insert(OverwritableMedia(Profile::kDvdRam, kCapacity));
  const BurnReport report = Burn(drive_);
  ASSERT_OK(report.status);
  EXPECT_EQ(report.effect, DiscEffect::kDone);
  EXPECT_EQ(drive_.writes().front().start, Lba(32));
  EXPECT_EQ(drive_.writes().back(), (FakeDriveRequest{Lba(0), Sectors(32)}));
  EXPECT_EQ(drive_.calls(Method::kSynchronize), 2);
  EXPECT_EQ(drive_.calls(Method::kCloseSession), 0);
  EXPECT_THAT(journal_.lines, ElementsAre("write from 32", "done"));
}

TEST_F(BurnRunTest, ASessionThatDoesNotReadBackGetsNoSuperblock) {
  Insert(OverwritableMedia(Profile::kDvdRam, kCapacity));
  drive_.OnCall(Method::kSynchronize, [&](int) { drive_.DamageSectors(Lba(1'000), Sectors(1)); });
  const BurnReport report = Burn(drive_);
  EXPECT_FALSE(report.status.ok());
  EXPECT_EQ(report.effect, DiscEffect::kPartly);
  EXPECT_GE(drive_.writes().back().start, Lba(32));
}

TEST_F(BurnRunTest, ASessionThatIsOpenIsNotContinued) {
  Insert(OpenSessionMedia(Profile::kDvdPlusR, {}, Lba(0), Sectors(320), kCapacity));
  const BurnReport report = Burn(drive_);
  EXPECT_EQ(CodeOf(report.status), Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE);
  ExpectNothingWritten();
}

TEST_F(BurnRunTest, WithoutAnIntentInTheJournalNothingIsWritten) {
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  journal_.failure = absl::ResourceExhaustedError("full");
  EXPECT_THAT(Burn(drive_).status, StatusIs(absl::StatusCode::kResourceExhausted));
  ExpectNothingWritten();
}

TEST_F(BurnRunTest, AJournalThatCannotTakeTheOutcomeFailsTheBurnForGood) {
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  journal_.end_failure = absl::UnavailableError("gone");
  EXPECT_THAT(Burn(drive_).status, StatusIs(absl::StatusCode::kAborted));
}

TEST_F(BurnRunTest, AFaultAtAnyWriteEndsTheBurnThereAndNothingMoreIsSentToTheDisc) {
  for (const int at : {1, 2, kPieces}) {
    SCOPED_TRACE(at);
    FakeDrive drive;
    drive.Insert(BlankMedia(Profile::kDvdPlusR, kCapacity), nullptr);
    ASSERT_THAT(drive.CheckReady(), IsOkAndHolds(true));
    tree_ = FileTree();
    contents_ = WatchedContents();
    ASSERT_NO_FATAL_FAILURE(PlanFor(drive));
    drive.OnCall(Method::kWrite, [&](int call) {
      if (call != at) return;
      drive.FailNext(Method::kWrite, Sense(scsi::SenseKey::kMediumError, 0x0C, 0x00, 0x2A));
    });
    const BurnReport report = Burn(drive);
    EXPECT_FALSE(report.status.ok());
    EXPECT_NE(report.status.code(), absl::StatusCode::kUnavailable);
    EXPECT_NE(report.status.code(), absl::StatusCode::kCancelled);
    EXPECT_EQ(report.effect, DiscEffect::kUnknown);
    EXPECT_EQ(report.written, Sectors(512 * (at - 1)));
    EXPECT_FALSE(report.sha256.has_value());
    EXPECT_TRUE(report.after.has_value());
    EXPECT_EQ(drive.calls(Method::kSynchronize), 0);
    EXPECT_EQ(drive.calls(Method::kCloseSession), 0);
    EXPECT_FALSE(drive.removal_prevented());
    EXPECT_EQ(journal_.lines.back(), "failed");
  }
}

TEST_F(BurnRunTest, ADriveThatIsNotReadyAtTheFirstWriteIsNoReasonToTryAgain) {
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  drive_.FailNext(Method::kWrite, Sense(scsi::SenseKey::kNotReady, 0x04, 0x01, 0x2A));
  EXPECT_THAT(Burn(drive_).status, StatusIs(absl::StatusCode::kAborted));
}

TEST_F(BurnRunTest, AnAddressThatTheDriveRefusesIsAnAlarm) {
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  drive_.FailNext(Method::kWrite, Sense(scsi::SenseKey::kIllegalRequest, 0x21, 0x02, 0x2A));
  const BurnReport report = Burn(drive_);
  EXPECT_FALSE(report.status.ok());
  EXPECT_TRUE(report.wrong_address);
  EXPECT_EQ(report.effect, DiscEffect::kNone);
}

TEST_F(BurnRunTest, CancelledBeforeTheFirstWriteLeavesTheDiscAsItWas) {
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  control_.Cancel();
  const BurnReport report = Burn(drive_);
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kCancelled));
  EXPECT_EQ(report.effect, DiscEffect::kNone);
  ExpectNothingWritten();
}

TEST_F(BurnRunTest, CancelledInTheMiddleSaysWhatTheDiscIsNow) {
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  drive_.OnCall(Method::kWrite, [&](int call) {
    if (call == 2) control_.Cancel();
  });
  const BurnReport report = Burn(drive_);
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(CodeOf(report.status), Hresult::E_IMAPI_REQUEST_CANCELLED);
  EXPECT_EQ(report.effect, DiscEffect::kPartly);
  EXPECT_EQ(report.written, Sectors(1'024));
  EXPECT_EQ(drive_.calls(Method::kSynchronize), 1);
  ASSERT_TRUE(report.after.has_value());
  EXPECT_EQ(report.after->last_session, LastSessionState::kIncomplete);
  EXPECT_EQ(report.after->AppendTrack()->next_writable, Lba(1'024));
}

TEST_F(BurnRunTest, CancelledAtTheLastWriteIsTooLate) {
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  drive_.OnCall(Method::kWrite, [&](int call) {
    if (call == kPieces) control_.Cancel();
  });
  EXPECT_OK(Burn(drive_).status);
}

TEST_F(BurnRunTest, ContentsThatFailBeforeTheFirstWriteLeaveTheDiscAsItWas) {
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  contents_.memory.Fail(absl::UnavailableError("spool"));
  const BurnReport report = Burn(drive_);
  EXPECT_EQ(CodeOf(report.status), Hresult::IMAPI_E_DATA_STREAM_READ_FAILURE);
  EXPECT_EQ(report.effect, DiscEffect::kNone);
  ExpectNothingWritten();
  EXPECT_THAT(journal_.lines, IsEmpty());
}

TEST_F(BurnRunTest, ContentsThatFailBetweenTwoWritesEndTheBurnInPart) {
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  request_.buffer = Sectors(0);  // two pieces: the third is read when the first is written
  contents_.before = [&](int read) {
    if (read == 3) contents_.memory.Fail(absl::UnavailableError("spool"));
  };
  const BurnReport report = Burn(drive_);
  EXPECT_EQ(CodeOf(report.status), Hresult::IMAPI_E_DATA_STREAM_READ_FAILURE);
  EXPECT_NE(report.status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(report.effect, DiscEffect::kPartly);
  EXPECT_EQ(drive_.calls(Method::kSynchronize), 1);
}

TEST_F(BurnRunTest, ACancelIsHeardWhileTheContentsAreWaitedFor) {
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  contents_.before = [&](int) { control_.Cancel(); };
  const BurnReport report = Burn(drive_);
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kCancelled));
  ExpectNothingWritten();
}

TEST_F(BurnRunTest, TheProgressHasTheBuffersOfTheServiceAndOfTheDrive) {
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  ASSERT_OK(Burn(drive_).status);
  const BurnProgress progress = control_.progress();
  EXPECT_EQ(progress.buffer.size, BurnPipeline::kDefaultBuffer.bytes());
  EXPECT_EQ(progress.buffer.highest, plan_->sectors().bytes());
  EXPECT_EQ(progress.buffer.filled, 0);
  EXPECT_EQ(progress.buffer.times_dry, 0);
  EXPECT_EQ(progress.drive_buffer, (WriteBuffer{.length = 4 << 20, .available = 4 << 20}));
}

TEST_F(BurnRunTest, ADriveThatDoesNotTellItsBufferIsNotAskedAgain) {
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  drive_.FailNext(Method::kReadBufferCapacity, absl::InternalError("refused"), 100);
  ASSERT_OK(Burn(drive_).status);
  EXPECT_FALSE(control_.progress().drive_buffer.has_value());
  EXPECT_EQ(drive_.calls(Method::kReadBufferCapacity), 1);
}

TEST_F(BurnRunTest, ASessionThatCannotBeClosedIsNotReportedAsDone) {
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  drive_.FailNext(Method::kCloseSession, Sense(scsi::SenseKey::kMediumError, 0x72, 0x00,
                                               scsi::opcode::kCloseTrackSession));
  const BurnReport report = Burn(drive_);
  EXPECT_FALSE(report.status.ok());
  EXPECT_EQ(report.effect, DiscEffect::kUnknown);
  EXPECT_TRUE(report.sha256.has_value());
  EXPECT_THAT(journal_.lines, ElementsAre("write from 0", "done", "close from 0", "failed"));
}

}  // namespace
}  // namespace carousel
