// How a drive's long work is begun and watched, with CLOSE SESSION for all of it.
#include "hal/drive/long_work.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "hal/drive/burn_status.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/mmc_device.h"
#include "hal/mmc/close_track_session.h"
#include "hal/mmc/read_disc_information.h"
#include "hal/scsi/answering_transport.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

namespace opcode = scsi::opcode;
using scsi::AnsweringTransport;
using scsi::SenseKey;
using Bytes = std::vector<uint8_t>;

Bytes Disc(mmc::LastSessionState last_session) {
  return mmc::EncodeDiscInformation(
      {.disc_status = mmc::DiscStatus::kAppendable, .last_session = last_session});
}

class LongWorkTest : public testing::Test {
 protected:
  LongWorkTest() {
    auto transport = std::make_unique<AnsweringTransport>();
    transport_ = transport.get();
    transport_->Give(opcode::kTestUnitReady, Bytes());
    transport_->Give(opcode::kCloseTrackSession, Bytes());
    transport_->Give(opcode::kReadDiscInformation, Disc(mmc::LastSessionState::kEmpty));
    device_ = std::make_unique<MmcDevice>(std::move(transport), &clock_);
    work_ = {.command =
                 [](bool immediate) {
                   return mmc::MakeCommand(mmc::CloseTrackSessionCdb{
                       .immediate = immediate, .function = mmc::CloseFunction::kSession});
                 },
             .is_done =
                 [](const mmc::DiscInformation& disc) {
                   return disc.last_session != mmc::LastSessionState::kIncomplete;
                 },
             .budget = absl::Minutes(10)};
  }

  BurnStatus Run() {
    return RunLongWork(*device_, work_,
                       [this](std::optional<double> part) { parts_.push_back(part); });
  }

  FakeClock clock_;
  AnsweringTransport* transport_;
  std::unique_ptr<MmcDevice> device_;
  LongWork work_;
  std::vector<std::optional<double>> parts_;
};

TEST_F(LongWorkTest, ItIsDoneWhenBothAreAtRestAndTheStateIsTheWantedOne) {
  const MediaGeneration before = device_->generation();
  EXPECT_EQ(Run().effect(), DiscEffect::kDone);
  EXPECT_EQ(transport_->asked(opcode::kCloseTrackSession), 1);
  EXPECT_EQ(transport_->commands()[0].cdb[1], 1) << "IMMED";
  EXPECT_EQ(transport_->asked(opcode::kTestUnitReady), 1);
  EXPECT_EQ(transport_->asked(opcode::kReadDiscInformation), 1);
  EXPECT_GT(device_->generation(), before) << "facts about the disc are void";
}

TEST_F(LongWorkTest, ADriveThatOnlyTestUnitReadyShowsAtWorkIsWaitedFor) {
  for (int i = 0; i < 20; ++i) {
    transport_->OnceSense(opcode::kTestUnitReady, SenseKey::kNotReady, 0x04, 0x07);
  }
  const absl::Time start = clock_.Now();
  EXPECT_TRUE(Run().ok());
  EXPECT_EQ(clock_.Now() - start, absl::Seconds(10));
}

TEST_F(LongWorkTest, ADriveThatOnlyReadDiscInformationShowsAtWorkIsWaitedFor) {
  for (int i = 0; i < 20; ++i) {
    transport_->OnceSense(opcode::kReadDiscInformation, SenseKey::kNotReady, 0x04, 0x07);
  }
  const absl::Time start = clock_.Now();
  EXPECT_TRUE(Run().ok());
  EXPECT_EQ(transport_->asked(opcode::kTestUnitReady), 21) << "it says GOOD all the time";
  EXPECT_EQ(clock_.Now() - start, absl::Seconds(10));
}

TEST_F(LongWorkTest, ProgressIsPassedOn) {
  transport_->Once(opcode::kTestUnitReady, [](AnsweringTransport::Cdb) {
    return scsi::SenseStatus(
        scsi::Sense{.key = SenseKey::kNotReady, .asc = 0x04, .ascq = 0x07, .progress = 0x4000}, 0,
        "answer");
  });
  transport_->OnceSense(opcode::kTestUnitReady, SenseKey::kNotReady, 0x04, 0x07);
  EXPECT_TRUE(Run().ok());
  EXPECT_THAT(parts_, testing::ElementsAre(0.25, std::nullopt));
}

TEST_F(LongWorkTest, AStateThatComesLateIsWaitedFor) {
  for (int i = 0; i < 5; ++i) {
    transport_->Once(opcode::kReadDiscInformation, [](AnsweringTransport::Cdb) {
      return Disc(mmc::LastSessionState::kIncomplete);
    });
  }
  EXPECT_TRUE(Run().ok());
  EXPECT_EQ(transport_->asked(opcode::kReadDiscInformation), 6);
}

TEST_F(LongWorkTest, ADriveThatSaysDoneAndShowsAnOpenSessionIsNotBelieved) {
  transport_->Give(opcode::kReadDiscInformation, Disc(mmc::LastSessionState::kIncomplete));
  const BurnStatus status = Run();
  EXPECT_THAT(status.status(), StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(status.effect(), DiscEffect::kUnknown);
}

TEST_F(LongWorkTest, WorkWithoutEndEndsWithTheBudget) {
  transport_->Refuse(opcode::kTestUnitReady, SenseKey::kNotReady, 0x04, 0x07);
  const absl::Time start = clock_.Now();
  const BurnStatus status = Run();
  EXPECT_THAT(status.status(), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(scsi::GetSense(status.status())->sense.ToString(), "2/04/07");
  EXPECT_EQ(status.effect(), DiscEffect::kUnknown);
  EXPECT_LE(clock_.Now() - start, work_.budget);
}

TEST_F(LongWorkTest, AFailureThatComesAfterwardsIsTheWorksFailure) {
  transport_->OnceSense(opcode::kTestUnitReady, SenseKey::kNotReady, 0x04, 0x07);
  transport_->OnceSense(opcode::kTestUnitReady, SenseKey::kMediumError, 0x72, 0x00);
  const BurnStatus status = Run();
  EXPECT_THAT(status.status(), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_EQ(status.effect(), DiscEffect::kUnknown);
}

TEST_F(LongWorkTest, ARefusedCommandIsNotWatched) {
  transport_->Refuse(opcode::kCloseTrackSession, SenseKey::kIllegalRequest, 0x72, 0x03);
  const MediaGeneration before = device_->generation();
  const BurnStatus status = Run();
  EXPECT_THAT(status.status(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(status.effect(), DiscEffect::kNone);
  EXPECT_EQ(transport_->asked(opcode::kCloseTrackSession), 1);
  EXPECT_EQ(transport_->asked(opcode::kTestUnitReady), 0);
  EXPECT_EQ(device_->generation(), before);
}

TEST_F(LongWorkTest, ADriveWithoutTheImmediateBitIsAskedWithoutIt) {
  transport_->OnceSense(opcode::kCloseTrackSession, SenseKey::kIllegalRequest, 0x24, 0x00);
  EXPECT_TRUE(Run().ok());
  ASSERT_GE(transport_->commands().size(), 2u);
  EXPECT_EQ(transport_->commands()[1].opcode(), opcode::kCloseTrackSession);
  EXPECT_EQ(transport_->commands()[1].cdb[1], 0);
  EXPECT_EQ(transport_->commands()[1].timeout, work_.budget);
}

TEST_F(LongWorkTest, ADriveThatIsStillBusyWithWhatCameBeforeIsAskedAgain) {
  transport_->OnceSense(opcode::kCloseTrackSession, SenseKey::kNotReady, 0x04, 0x08);
  EXPECT_TRUE(Run().ok());
  EXPECT_EQ(transport_->asked(opcode::kCloseTrackSession), 2);
}

TEST_F(LongWorkTest, AResetIsNoEndOfTheWork) {
  transport_->OnceSense(opcode::kTestUnitReady, SenseKey::kUnitAttention, 0x29, 0x00);
  const BurnStatus status = Run();
  EXPECT_THAT(status.status(), StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(status.effect(), DiscEffect::kUnknown);
  EXPECT_EQ(transport_->asked(opcode::kCloseTrackSession), 1) << "it is not sent again";
}

TEST_F(LongWorkTest, AnotherMediumIsExpectedWhereTheWorkMakesOne) {
  transport_->OnceSense(opcode::kTestUnitReady, SenseKey::kUnitAttention, 0x28, 0x00);
  EXPECT_EQ(Run().effect(), DiscEffect::kUnknown);
  work_.medium_changes = true;
  transport_->OnceSense(opcode::kTestUnitReady, SenseKey::kUnitAttention, 0x28, 0x00);
  EXPECT_TRUE(Run().ok());
}

TEST_F(LongWorkTest, ADriveThatDoesNotKnowTheDiscsStateIsBelievedByItsReadiness) {
  transport_->Refuse(opcode::kReadDiscInformation, SenseKey::kIllegalRequest, 0x24, 0x00);
  EXPECT_TRUE(Run().ok());
}

}  // namespace
}  // namespace carousel
