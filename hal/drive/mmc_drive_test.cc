// What makes a drive ready, what advances its generation, and reading of blocks. Reading of media
// states: media_reader_test.cc.
#include "hal/drive/mmc_drive.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/mmc/get_configuration.h"
#include "hal/mmc/get_event_status.h"
#include "hal/mmc/inquiry.h"
#include "hal/mmc/read.h"
#include "hal/scsi/answering_transport.h"
#include "hal/scsi/command.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/scripted_transport.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

namespace opcode = scsi::opcode;
using scsi::AnsweringTransport;
using scsi::SenseKey;
using Bytes = std::vector<uint8_t>;

class MmcDriveTest : public testing::Test {
 protected:
  MmcDriveTest() {
    auto transport = std::make_unique<AnsweringTransport>();
    device_ = transport.get();
    device_->Give(opcode::kTestUnitReady, Bytes());
    drive_ = std::make_unique<MmcDrive>(std::move(transport), &clock_);
  }

  // Blocks whose first byte is the low byte of their address.
  void GiveBlocks(uint8_t read) {
    device_->Give(read, [](AnsweringTransport::Cdb cdb) -> absl::StatusOr<Bytes> {
      const auto command = mmc::DecodeReadCdb(cdb);
      Bytes bytes(command->blocks * kSectorSize);
      for (uint32_t i = 0; i < command->blocks; ++i) bytes[i * kSectorSize] = command->lba + i;
      return bytes;
    });
  }

  FakeClock clock_;
  AnsweringTransport* device_;
  std::unique_ptr<MmcDrive> drive_;
};

TEST_F(MmcDriveTest, IdentityIsAskedOnceAndTheSerialNumberComesFromPage80) {
  device_->Give(opcode::kInquiry, [](AnsweringTransport::Cdb cdb) -> absl::StatusOr<Bytes> {
    if ((cdb[1] & 1) != 0) return mmc::EncodeUnitSerialNumber({.serial = "KEDL01"});
    return mmc::EncodeStandardInquiry(
        {.vendor = "PIONEER", .product = "BDR-209D", .revision = "1.30"});
  });
  ASSERT_OK_AND_ASSIGN(DriveIdentity identity, drive_->Identify());
  ASSERT_OK_AND_ASSIGN(identity, drive_->Identify());
  EXPECT_EQ(identity.product, "BDR-209D");
  EXPECT_EQ(identity.serial, "KEDL01");
  EXPECT_EQ(device_->asked(opcode::kInquiry), 2);
}

TEST_F(MmcDriveTest, TellsItsOwnNamesOfPage83AndNotThoseOfItsPort) {
  const std::vector<uint8_t> naa = {0x50, 1, 2, 3, 4, 5, 6, 7};
  device_->Give(opcode::kInquiry,
                mmc::EncodeDeviceIdentification(
                    {.designators = {{.code_set = 1, .type = 3, .value = naa},
                                     {.code_set = 1, .association = 1, .type = 4, .value = {1}}}}));
  EXPECT_THAT(drive_->ReadDeviceIds(),
              IsOkAndHolds(std::vector<DeviceId>{{.code_set = 1, .type = 3, .value = naa}}));
}

TEST_F(MmcDriveTest, HasNoOtherNamesWithoutPage83) {
  device_->Give(opcode::kInquiry, [](AnsweringTransport::Cdb) -> absl::StatusOr<Bytes> {
    return AnsweringTransport::CheckCondition(SenseKey::kIllegalRequest, 0x24, 0x00);
  });
  EXPECT_THAT(drive_->ReadDeviceIds(), IsOkAndHolds(std::vector<DeviceId>{}));
}

TEST_F(MmcDriveTest, TheSerialNumberMayBeInAFeatureInstead) {
  device_->Give(opcode::kInquiry, mmc::EncodeStandardInquiry({.version = 5, .vendor = "HL"}));
  device_->Give(opcode::kGetConfiguration,
                mmc::EncodeConfiguration({.features = {{.code = mmc::feature::kSerialNumber,
                                                        .data = {'S', '1', '2', ' '}}}}));
  ASSERT_OK_AND_ASSIGN(const DriveIdentity identity, drive_->Identify());
  EXPECT_EQ(identity.serial, "S12");
}

TEST_F(MmcDriveTest, AnotherKindOfDeviceIsNoDrive) {
  device_->Give(opcode::kInquiry,
                mmc::EncodeStandardInquiry({.device_type = mmc::kDeviceTypeMediumChanger}));
  EXPECT_THAT(drive_->Identify(), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(MmcDriveTest, AnEmptyDriveHasNoMediumAndItsStateAsksNothingElse) {
  device_->Refuse(opcode::kTestUnitReady, SenseKey::kNotReady, 0x3A, 0x01);
  EXPECT_THAT(drive_->CheckReady(), IsOkAndHolds(false));
  ASSERT_OK_AND_ASSIGN(const MediaState state, drive_->ReadMediaState());
  EXPECT_FALSE(state.present);
  EXPECT_EQ(state.generation, drive_->generation());
  EXPECT_EQ(device_->asked(opcode::kGetConfiguration), 0) << "it may keep its old profile";
}

TEST_F(MmcDriveTest, UnitAttentionsAreTakenAndEachIsANewGeneration) {
  device_->OnceSense(opcode::kTestUnitReady, SenseKey::kUnitAttention, 0x29, 0x00);
  device_->OnceSense(opcode::kTestUnitReady, SenseKey::kUnitAttention, 0x28, 0x00);
  const uint64_t before = drive_->generation().value();
  EXPECT_THAT(drive_->CheckReady(), IsOkAndHolds(true));
  EXPECT_EQ(drive_->generation().value(), before + 2);
}

TEST_F(MmcDriveTest, UnitAttentionsForEverEndInUnavailable) {
  device_->Refuse(opcode::kTestUnitReady, SenseKey::kUnitAttention, 0x29, 0x00);
  const absl::Status status = drive_->CheckReady().status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(scsi::GetSense(status)->sense.ToString(), "6/29/00");
}

TEST_F(MmcDriveTest, BecomingReadyIsWaitedForWithinTheBudget) {
  for (int i = 0; i < 100; ++i) {
    device_->OnceSense(opcode::kTestUnitReady, SenseKey::kNotReady, 0x04, 0x01);
  }
  const absl::Time start = clock_.Now();
  EXPECT_THAT(drive_->CheckReady(), IsOkAndHolds(true));
  EXPECT_EQ(clock_.Now() - start, absl::Seconds(25));
}

TEST_F(MmcDriveTest, BecomingReadyForEverEndsWithTheBudget) {
  device_->Refuse(opcode::kTestUnitReady, SenseKey::kNotReady, 0x04, 0x01);
  const absl::Time start = clock_.Now();
  const absl::Status status = drive_->CheckReady().status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(scsi::GetSense(status)->sense.ToString(), "2/04/01");
  EXPECT_LE(clock_.Now() - start, ReadinessOptions().budget);
  EXPECT_LE(device_->asked(opcode::kTestUnitReady), 481);
}

TEST_F(MmcDriveTest, ADriveThatSpunDownIsStartedOnce) {
  device_->OnceSense(opcode::kTestUnitReady, SenseKey::kNotReady, 0x04, 0x02);
  device_->OnceSense(opcode::kTestUnitReady, SenseKey::kNotReady, 0x04, 0x02);
  device_->Give(opcode::kStartStopUnit, Bytes());
  EXPECT_THAT(drive_->CheckReady(), IsOkAndHolds(true));
  EXPECT_EQ(device_->asked(opcode::kStartStopUnit), 1);
}

TEST_F(MmcDriveTest, ADriveThatNeedsAPersonSaysSoAtOnce) {
  device_->Refuse(opcode::kTestUnitReady, SenseKey::kNotReady, 0x04, 0x03);
  EXPECT_THAT(drive_->CheckReady(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(device_->asked(opcode::kTestUnitReady), 1);
}

TEST_F(MmcDriveTest, AHungCommandIsNotRepeatedAndAdvancesTheGeneration) {
  const MediaGeneration before = drive_->generation();
  device_->Once(opcode::kTestUnitReady, [](AnsweringTransport::Cdb) {
    return absl::DeadlineExceededError("no answer in 10 s");
  });
  EXPECT_THAT(drive_->CheckReady(), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(device_->asked(opcode::kTestUnitReady), 1);
  EXPECT_GT(drive_->generation(), before);
}

TEST_F(MmcDriveTest, ADiscThatComesWithoutAUnitAttentionIsSeenAllTheSame) {
  device_->OnceSense(opcode::kTestUnitReady, SenseKey::kNotReady, 0x3A, 0x00);
  EXPECT_THAT(drive_->CheckReady(), IsOkAndHolds(false));
  const MediaGeneration empty = drive_->generation();
  EXPECT_THAT(drive_->CheckReady(), IsOkAndHolds(true));
  EXPECT_GT(drive_->generation(), empty);
}

TEST_F(MmcDriveTest, AReadIsCutAtTheTransportsLimit) {
  GiveBlocks(opcode::kRead10);
  Bytes out(70 * kSectorSize);
  ASSERT_OK(drive_->Read(Lba(100), absl::MakeSpan(out)));
  for (int i = 0; i < 70; ++i) EXPECT_EQ(out[i * kSectorSize], 100 + i);
  ASSERT_EQ(device_->commands().size(), 3u);
  EXPECT_THAT(mmc::DecodeReadCdb(device_->commands()[2].cdb),
              IsOkAndHolds(mmc::ReadCdb{opcode::kRead10, 164, 6}));
}

TEST_F(MmcDriveTest, ADriveWithoutRead10IsReadByRead12FromThenOn) {
  GiveBlocks(opcode::kRead12);
  Bytes out(kSectorSize);
  ASSERT_OK(drive_->Read(Lba(7), absl::MakeSpan(out)));
  ASSERT_OK(drive_->Read(Lba(8), absl::MakeSpan(out)));
  EXPECT_EQ(out[0], 8);
  EXPECT_EQ(device_->asked(opcode::kRead10), 1);
}

TEST_F(MmcDriveTest, AReadErrorCarriesItsSenseAndStopsTheRead) {
  GiveBlocks(opcode::kRead10);
  device_->OnceSense(opcode::kRead10, SenseKey::kMediumError, 0x11, 0x05);
  const MediaGeneration before = drive_->generation();
  Bytes out(64 * kSectorSize);
  const absl::Status status = drive_->Read(Lba(0), absl::MakeSpan(out));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_EQ(scsi::GetSense(status)->sense.ToString(), "3/11/05");
  EXPECT_EQ(device_->asked(opcode::kRead10), 1);
  EXPECT_EQ(drive_->generation(), before) << "a bad block is no other medium";
}

TEST_F(MmcDriveTest, AUnitAttentionEndsAReadSinceTheDiscMayBeAnother) {
  GiveBlocks(opcode::kRead10);
  device_->OnceSense(opcode::kRead10, SenseKey::kUnitAttention, 0x28, 0x00);
  const MediaGeneration before = drive_->generation();
  Bytes out(kSectorSize);
  EXPECT_THAT(drive_->Read(Lba(0), absl::MakeSpan(out)), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_GT(drive_->generation(), before);
}

// A broken host adapter ends a command with a status of its own while the device's status says
// GOOD.
TEST_F(MmcDriveTest, AReadThatTheHostAdapterLostIsNoDataAndIsNotRepeated) {
  GiveBlocks(opcode::kRead10);
  device_->Once(opcode::kRead10,
                [](AnsweringTransport::Cdb) { return absl::UnavailableError("host status 7"); });
  const MediaGeneration before = drive_->generation();
  Bytes out(kSectorSize);
  EXPECT_THAT(drive_->Read(Lba(0), absl::MakeSpan(out)), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(device_->asked(opcode::kRead10), 1);
  EXPECT_GT(drive_->generation(), before);
}

TEST_F(MmcDriveTest, AReadThatComesShortIsAnError) {
  device_->Give(opcode::kRead10, Bytes(2047));
  Bytes out(kSectorSize);
  EXPECT_THAT(drive_->Read(Lba(0), absl::MakeSpan(out)), StatusIs(absl::StatusCode::kInternal));
}

TEST(MmcDriveScriptTest, ABlockThatTheDriveRecoveredIsRead) {
  FakeClock clock;
  auto transport = std::make_unique<scsi::ScriptedTransport>();
  transport->Expect({.opcode = opcode::kRead10,
                     .reply = Bytes(kSectorSize, 7),
                     .status = scsi::ScsiStatus::kCheckCondition,
                     .sense = {.key = SenseKey::kRecoveredError, .asc = 0x18, .ascq = 0x02}});
  transport->Expect({.opcode = opcode::kRead10, .status = scsi::ScsiStatus::kBusy});
  MmcDrive drive(std::move(transport), &clock);
  Bytes out(kSectorSize);
  ASSERT_OK(drive.Read(Lba(0), absl::MakeSpan(out)));
  EXPECT_EQ(out[0], 7);
  EXPECT_THAT(drive.Read(Lba(0), absl::MakeSpan(out)), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(MmcDriveScriptTest, ABusyDriveIsAskedAgain) {
  FakeClock clock;
  auto transport = std::make_unique<scsi::ScriptedTransport>();
  transport->Expect({.opcode = opcode::kTestUnitReady, .status = scsi::ScsiStatus::kBusy});
  transport->ExpectGood(opcode::kTestUnitReady);
  transport->ExpectSense(opcode::kGetEventStatus, SenseKey::kIllegalRequest, 0x20, 0x00);
  MmcDrive drive(std::move(transport), &clock);
  EXPECT_THAT(drive.CheckReady(), IsOkAndHolds(true));
}

TEST_F(MmcDriveTest, ReadsOfNoSectorsOrNegativeAddressesAreNotSent) {
  Bytes out(kSectorSize);
  EXPECT_THAT(drive_->Read(Lba(0), {}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(drive_->Read(Lba(0), absl::MakeSpan(out).subspan(1)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(drive_->Read(Lba(-1), absl::MakeSpan(out)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_TRUE(device_->commands().empty());
}

TEST_F(MmcDriveTest, ACommandThatAUnitAttentionReplacedIsSentAgain) {
  device_->Give(opcode::kPreventAllowMediumRemoval, Bytes());
  device_->OnceSense(opcode::kPreventAllowMediumRemoval, SenseKey::kUnitAttention, 0x29, 0x00);
  EXPECT_OK(drive_->PreventRemoval(true));
  EXPECT_EQ(device_->asked(opcode::kPreventAllowMediumRemoval), 2);
  EXPECT_EQ(device_->commands().back().cdb[4], 1);
}

// The first command after a reset or a new connection meets 6/29/00 and is not executed.
TEST_F(MmcDriveTest, AnEjectThatAUnitAttentionReplacedIsSentAgain) {
  device_->Give(opcode::kStartStopUnit, Bytes());
  device_->OnceSense(opcode::kStartStopUnit, SenseKey::kUnitAttention, 0x29, 0x00);
  EXPECT_OK(drive_->Eject());
  EXPECT_EQ(device_->asked(opcode::kStartStopUnit), 2);
}

// It may have been executed: a second one could take the tray in again.
TEST_F(MmcDriveTest, AnEjectWithoutAnAnswerIsNotSentAgain) {
  device_->Give(opcode::kStartStopUnit, Bytes());
  for (const absl::Status& lost :
       {absl::DeadlineExceededError("no answer"), absl::UnavailableError("connection lost")}) {
    const int before = device_->asked(opcode::kStartStopUnit);
    device_->Once(opcode::kStartStopUnit, [lost](AnsweringTransport::Cdb) { return lost; });
    EXPECT_THAT(drive_->Eject(), StatusIs(lost.code()));
    EXPECT_EQ(device_->asked(opcode::kStartStopUnit), before + 1);
  }
}

TEST_F(MmcDriveTest, EjectAndLoadAdvanceTheGenerationAlsoWhenTheyFail) {
  device_->Give(opcode::kStartStopUnit, Bytes());
  const MediaGeneration first = drive_->generation();
  ASSERT_OK(drive_->Eject());
  EXPECT_EQ(device_->commands().back().cdb[4], 0x02);
  const MediaGeneration second = drive_->generation();
  EXPECT_GT(second, first);
  ASSERT_OK(drive_->Load());
  EXPECT_EQ(device_->commands().back().cdb[4], 0x03);
  EXPECT_GT(drive_->generation(), second);
  device_->OnceSense(opcode::kStartStopUnit, SenseKey::kIllegalRequest, 0x53, 0x02);
  EXPECT_THAT(drive_->Eject(), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(MmcDriveTest, AReloadMovesTheTrayWhereThereIsOneAndStopsTheDiscWhereThereIsNone) {
  const auto reload = [this](uint8_t mechanism) {
    device_->Give(opcode::kGetConfiguration,
                  mmc::EncodeConfiguration({.features = {{.code = mmc::feature::kRemovableMedium,
                                                          .data = {mechanism, 0, 0, 0}}}}));
    const size_t before = device_->commands().size();
    const MediaGeneration generation = drive_->generation();
    EXPECT_OK(drive_->Reload());
    EXPECT_GT(drive_->generation(), generation);
    Bytes bits;
    for (size_t i = before; i < device_->commands().size(); ++i) {
      const auto& command = device_->commands()[i];
      if (command.cdb[0] == opcode::kStartStopUnit) bits.push_back(command.cdb[4]);
    }
    return bits;
  };
  device_->Give(opcode::kStartStopUnit, Bytes());
  EXPECT_EQ(reload(0x29), (Bytes{0x02, 0x03}));
  EXPECT_EQ(reload(0x09), (Bytes{0x00, 0x01}));
}

TEST_F(MmcDriveTest, ADriveThatKnowsNoFeaturesStopsAndStartsTheDisc) {
  device_->Give(opcode::kStartStopUnit, Bytes());
  device_->OnceSense(opcode::kGetConfiguration, SenseKey::kIllegalRequest, 0x20, 0x00);
  ASSERT_OK(drive_->Reload());
  EXPECT_EQ(device_->asked(opcode::kStartStopUnit), 2);
  EXPECT_EQ(device_->commands().back().cdb[4], 0x01);
}

TEST_F(MmcDriveTest, ADiscThatIsNotEjectedIsNotLoaded) {
  device_->Give(opcode::kGetConfiguration,
                mmc::EncodeConfiguration({.features = {{.code = mmc::feature::kRemovableMedium,
                                                        .data = {0x29, 0, 0, 0}}}}));
  device_->Give(opcode::kStartStopUnit, Bytes());
  device_->OnceSense(opcode::kStartStopUnit, SenseKey::kIllegalRequest, 0x53, 0x02);
  EXPECT_THAT(drive_->Reload(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(device_->asked(opcode::kStartStopUnit), 1);
}

TEST_F(MmcDriveTest, APollSeesANewMediumAndNoChangeIsNoChange) {
  device_->Give(opcode::kGetEventStatus,
                mmc::EncodeEventStatus({.media = mmc::MediaEvent{.media_present = true}}));
  const MediaGeneration before = drive_->generation();
  ASSERT_OK(drive_->PollEvents());
  EXPECT_EQ(drive_->generation(), before);
  device_->Once(opcode::kGetEventStatus, [](AnsweringTransport::Cdb) {
    return mmc::EncodeEventStatus(
        {.media = mmc::MediaEvent{.code = mmc::MediaEventCode::kNewMedia, .media_present = true}});
  });
  ASSERT_OK(drive_->PollEvents());
  EXPECT_GT(drive_->generation(), before);
}

TEST_F(MmcDriveTest, AnEventOfTheMediumThatWasJustSeenIsNoOtherMedium) {
  device_->Give(opcode::kGetEventStatus,
                mmc::EncodeEventStatus({.media = mmc::MediaEvent{.media_present = true}}));
  device_->Once(opcode::kGetEventStatus, [](AnsweringTransport::Cdb) {
    return mmc::EncodeEventStatus(
        {.media = mmc::MediaEvent{.code = mmc::MediaEventCode::kNewMedia, .media_present = true}});
  });
  device_->OnceSense(opcode::kTestUnitReady, SenseKey::kUnitAttention, 0x28, 0x00);
  EXPECT_THAT(drive_->CheckReady(), IsOkAndHolds(true));
  const MediaGeneration seen = drive_->generation();
  ASSERT_OK(drive_->PollEvents());
  EXPECT_THAT(drive_->CheckReady(), IsOkAndHolds(true));
  EXPECT_EQ(drive_->generation(), seen);
}

TEST_F(MmcDriveTest, ADriveWithoutEventsIsAskedForReadiness) {
  EXPECT_THAT(drive_->CheckReady(), IsOkAndHolds(true));
  const MediaGeneration before = drive_->generation();
  ASSERT_OK(drive_->PollEvents());
  EXPECT_EQ(drive_->generation(), before);
  device_->OnceSense(opcode::kTestUnitReady, SenseKey::kNotReady, 0x3A, 0x00);
  ASSERT_OK(drive_->PollEvents());
  EXPECT_GT(drive_->generation(), before);
  EXPECT_EQ(device_->asked(opcode::kGetEventStatus), 1) << "refused once, not asked again";
}

}  // namespace
}  // namespace carousel
