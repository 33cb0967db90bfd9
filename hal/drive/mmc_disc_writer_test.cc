// What MmcDiscWriter sends, and what it makes of the answers. How long work is watched:
// long_work_test.cc. Which senses repeat a WRITE: write_answer_test.cc.
#include "hal/drive/mmc_disc_writer.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/drive/burn_status.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/mmc_device.h"
#include "hal/mmc/blank.h"
#include "hal/mmc/close_track_session.h"
#include "hal/mmc/format_unit.h"
#include "hal/mmc/mode_select.h"
#include "hal/mmc/mode_sense.h"
#include "hal/mmc/read_buffer_capacity.h"
#include "hal/mmc/read_disc_information.h"
#include "hal/mmc/read_format_capacities.h"
#include "hal/mmc/reserve_track.h"
#include "hal/mmc/set_cd_speed.h"
#include "hal/mmc/set_streaming.h"
#include "hal/mmc/speed.h"
#include "hal/mmc/write.h"
#include "hal/scsi/answering_transport.h"
#include "hal/scsi/command.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

namespace opcode = scsi::opcode;
using scsi::AnsweringTransport;
using scsi::SenseKey;
using Bytes = std::vector<uint8_t>;

mmc::WriteParameters CdParameters() {
  return *WriteParametersFor(BurnTable().front(), WriteChoice());
}

class MmcDiscWriterTest : public testing::Test {
 protected:
  MmcDiscWriterTest() {
    auto transport = std::make_unique<AnsweringTransport>();
    transport_ = transport.get();
    for (const uint8_t known :
         {opcode::kTestUnitReady, opcode::kWrite10, opcode::kSynchronizeCache,
          opcode::kReserveTrack, opcode::kCloseTrackSession, opcode::kBlank, opcode::kFormatUnit,
          opcode::kSetCdSpeed, opcode::kSetStreaming, opcode::kSendOpcInformation}) {
      transport_->Give(known, Bytes());
    }
    GiveDisc({});
    GiveBuffer(4 << 20, 4 << 20);
    device_ = std::make_unique<MmcDevice>(std::move(transport), &clock_);
    writer_ = std::make_unique<MmcDiscWriter>(device_.get(), MmcDiscWriterOptions());
  }

  void GiveDisc(const mmc::DiscInformation& disc) {
    transport_->Give(opcode::kReadDiscInformation, mmc::EncodeDiscInformation(disc));
  }
  void GiveBuffer(uint32_t length, uint32_t available) {
    transport_->Give(opcode::kReadBufferCapacity,
                     mmc::EncodeBufferCapacity({.length = length, .available = available}));
  }
  // A page 05h that MODE SELECT changes, with all bits set that no parameter names.
  void GiveModePage() {
    mode_page_ = {.code = mmc::kWriteParametersPage, .data = Bytes(0x32, 0xFF)};
    transport_->Give(opcode::kModeSense10, [this](AnsweringTransport::Cdb) {
      return mmc::EncodeModeData({.pages = {mode_page_}});
    });
    transport_->Give(opcode::kModeSelect10,
                     [this](AnsweringTransport::Cdb) -> absl::StatusOr<Bytes> {
                       const auto sent = mmc::DecodeModeParameters(transport_->sent().back());
                       mode_page_ = *sent->Find(mmc::kWriteParametersPage);
                       return Bytes();
                     });
  }
  std::vector<mmc::WriteCdb> Writes() const {
    std::vector<mmc::WriteCdb> writes;
    for (const scsi::Command& command : transport_->commands()) {
      if (const auto cdb = mmc::DecodeWriteCdb(command.cdb); cdb.ok()) writes.push_back(*cdb);
    }
    return writes;
  }
  // The last command with `code`.
  const scsi::Command& Last(uint8_t code) const {
    const scsi::Command* last = nullptr;
    for (const scsi::Command& command : transport_->commands()) {
      if (command.opcode() == code) last = &command;
    }
    EXPECT_NE(last, nullptr);
    return last == nullptr ? transport_->commands().front() : *last;
  }

  FakeClock clock_;
  AnsweringTransport* transport_;
  std::unique_ptr<MmcDevice> device_;
  std::unique_ptr<MmcDiscWriter> writer_;
  mmc::ModePage mode_page_;
};

TEST_F(MmcDiscWriterTest, ACdIsGivenItsSpeedBySetCdSpeed) {
  ASSERT_OK(writer_->SetWriteSpeed(
      {.command = SpeedCommand::kSetCdSpeed, .speed = mmc::SectorsPerSecond(1'199)}));
  EXPECT_THAT(mmc::DecodeSetCdSpeedCdb(Last(opcode::kSetCdSpeed).cdb),
              IsOkAndHolds(mmc::SetCdSpeedCdb{.write_speed = mmc::KilobytesPerSecond(2'822)}));
  ASSERT_OK(writer_->SetWriteSpeed({.command = SpeedCommand::kSetCdSpeed}));
  EXPECT_THAT(mmc::DecodeSetCdSpeedCdb(Last(opcode::kSetCdSpeed).cdb),
              IsOkAndHolds(mmc::SetCdSpeedCdb{}));
}

TEST_F(MmcDiscWriterTest, DvdAndBdAreGivenTheirSpeedBySetStreaming) {
  ASSERT_OK(
      writer_->SetWriteSpeed({.speed = mmc::SectorsPerSecond(13'169), .end = Lba(12'219'392)}));
  ASSERT_OK_AND_ASSIGN(const mmc::PerformanceDescriptor sent,
                       mmc::DecodePerformanceDescriptor(transport_->sent().back()));
  EXPECT_EQ(sent.end, Lba(12'219'391));
  EXPECT_EQ(mmc::ToSectors(sent.write_speed, mmc::Profile::kBdRSequential),
            mmc::SectorsPerSecond(13'169));
  EXPECT_FALSE(sent.restore_default);
  ASSERT_OK(writer_->SetWriteSpeed({.end = Lba(12'219'392)}));
  ASSERT_OK_AND_ASSIGN(const mmc::PerformanceDescriptor usual,
                       mmc::DecodePerformanceDescriptor(transport_->sent().back()));
  EXPECT_TRUE(usual.restore_default);
}

TEST_F(MmcDiscWriterTest, WriteParametersAreBuiltOnTheDrivesOwnPage) {
  GiveModePage();
  const mmc::WriteParameters parameters = CdParameters();
  ASSERT_OK(writer_->SetWriteParameters(parameters));
  EXPECT_THAT(mmc::DecodeWriteParameters(mode_page_), IsOkAndHolds(parameters));
  EXPECT_EQ(mode_page_.data[0] & 0x80, 0x80) << "a bit of the drive's own";
  EXPECT_EQ(mode_page_.data[20], 0xFF);
}

TEST_F(MmcDiscWriterTest, ATestWriteThatTheDriveDropsSilentlyIsAnError) {
  GiveModePage();
  transport_->Give(opcode::kModeSelect10, [this](AnsweringTransport::Cdb) -> absl::StatusOr<Bytes> {
    const auto sent = mmc::DecodeModeParameters(transport_->sent().back());
    mode_page_ = *sent->Find(mmc::kWriteParametersPage);
    mode_page_.data[0] &= ~0x10;
    return Bytes();
  });
  mmc::WriteParameters parameters = CdParameters();
  EXPECT_OK(writer_->SetWriteParameters(parameters));
  parameters.test_write = true;
  EXPECT_THAT(writer_->SetWriteParameters(parameters),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(MmcDiscWriterTest, ARefusedPageIsAFailedPreconditionAndAnAbsentOneInternal) {
  GiveModePage();
  transport_->Refuse(opcode::kModeSelect10, SenseKey::kIllegalRequest, 0x26, 0x00);
  EXPECT_THAT(writer_->SetWriteParameters(CdParameters()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  transport_->Give(opcode::kModeSense10, mmc::EncodeModeData({}));
  EXPECT_THAT(writer_->SetWriteParameters(CdParameters()), StatusIs(absl::StatusCode::kInternal));
}

TEST_F(MmcDiscWriterTest, ADriveIsCalibratedUnlessItHasEntriesForTheDisc) {
  EXPECT_OK(writer_->CalibratePower());
  EXPECT_EQ(transport_->asked(opcode::kSendOpcInformation), 1);
  GiveDisc({.opc_tables = 1});
  EXPECT_OK(writer_->CalibratePower());
  EXPECT_EQ(transport_->asked(opcode::kSendOpcInformation), 1);
}

TEST_F(MmcDiscWriterTest, OnlyAFailedCalibrationCounts) {
  transport_->Refuse(opcode::kSendOpcInformation, SenseKey::kIllegalRequest, 0x20, 0x00);
  EXPECT_OK(writer_->CalibratePower());
  transport_->Refuse(opcode::kSendOpcInformation, SenseKey::kMediumError, 0x30, 0x05);
  EXPECT_OK(writer_->CalibratePower());
  transport_->Refuse(opcode::kSendOpcInformation, SenseKey::kRecoveredError, 0x73, 0x01);
  EXPECT_OK(writer_->CalibratePower()) << "almost full is a warning";
  transport_->Refuse(opcode::kSendOpcInformation, SenseKey::kMediumError, 0x73, 0x03);
  EXPECT_THAT(writer_->CalibratePower(), StatusIs(absl::StatusCode::kDataLoss));
  transport_->Give(opcode::kSendOpcInformation, [](AnsweringTransport::Cdb) {
    return absl::DeadlineExceededError("no answer");
  });
  EXPECT_THAT(writer_->CalibratePower(), StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(MmcDiscWriterTest, AReservationIsOfTheExactSize) {
  EXPECT_EQ(writer_->ReserveTrack(Sectors(1'600)).effect(), DiscEffect::kDone);
  EXPECT_THAT(mmc::DecodeReserveTrackCdb(Last(opcode::kReserveTrack).cdb),
              IsOkAndHolds(mmc::ReserveTrackCdb{.size = Sectors(1'600)}));
  EXPECT_THAT(writer_->ReserveTrack(Sectors(0)).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
  transport_->Refuse(opcode::kReserveTrack, SenseKey::kIllegalRequest, 0x2C, 0x00);
  EXPECT_EQ(writer_->ReserveTrack(Sectors(1'600)).effect(), DiscEffect::kNone);
}

TEST_F(MmcDiscWriterTest, SectorsAreWrittenInOrderAndWholeUnits) {
  Bytes sectors(80 * kSectorSize);
  for (int i = 0; i < 80; ++i) sectors[i * kSectorSize] = i;
  const BurnStatus status = writer_->Write(Lba(2'240), sectors);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(status.taken(), Sectors(80));
  EXPECT_THAT(Writes(),
              testing::ElementsAre(mmc::WriteCdb{.lba = Lba(2'240), .blocks = Sectors(32)},
                                   mmc::WriteCdb{.lba = Lba(2'272), .blocks = Sectors(32)},
                                   mmc::WriteCdb{.lba = Lba(2'304), .blocks = Sectors(16)}));
  Bytes sent;
  for (const Bytes& part : transport_->sent()) sent.insert(sent.end(), part.begin(), part.end());
  EXPECT_EQ(sent, sectors);
}

TEST_F(MmcDiscWriterTest, TheFirstWriteAndTheSynchronizationAreNewGenerations) {
  const Bytes sector(kSectorSize);
  const MediaGeneration before = device_->generation();
  EXPECT_TRUE(writer_->Write(Lba(0), sector).ok());
  const MediaGeneration writing = device_->generation();
  EXPECT_GT(writing, before);
  EXPECT_TRUE(writer_->Write(Lba(1), sector).ok());
  EXPECT_EQ(device_->generation(), writing);
  EXPECT_TRUE(writer_->Synchronize({}).ok());
  EXPECT_GT(device_->generation(), writing);
}

TEST_F(MmcDiscWriterTest, AFullBufferIsWaitedForByItsCapacity) {
  transport_->OnceSense(opcode::kWrite10, SenseKey::kNotReady, 0x04, 0x08);
  transport_->OnceSense(opcode::kWrite10, SenseKey::kNotReady, 0x04, 0x08);
  GiveBuffer(1 << 20, 0);
  ASSERT_OK(writer_->SetWriteSpeed({.speed = mmc::SectorsPerSecond(2'048)}));
  const absl::Time start = clock_.Now();
  EXPECT_TRUE(writer_->Write(Lba(0), Bytes(kSectorSize)).ok());
  EXPECT_EQ(Writes().size(), 3u);
  EXPECT_EQ(transport_->asked(opcode::kReadBufferCapacity), 2);
  EXPECT_EQ(clock_.Now() - start, absl::Milliseconds(250)) << "twice half a buffer";
}

TEST_F(MmcDiscWriterTest, AResetThatTheBuffersAnswerTellsOfIsTheEndOfTheWrite) {
  transport_->OnceSense(opcode::kWrite10, SenseKey::kNotReady, 0x04, 0x08);
  transport_->OnceSense(opcode::kReadBufferCapacity, SenseKey::kUnitAttention, 0x29, 0x00);
  const BurnStatus status = writer_->Write(Lba(0), Bytes(kSectorSize));
  EXPECT_THAT(status.status(), StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(status.effect(), DiscEffect::kUnknown);
  EXPECT_EQ(Writes().size(), 1u) << "what the drive had taken before is lost";
}

TEST_F(MmcDiscWriterTest, ABufferThatStaysFullEndsWithTheBudgetAndNothingMoreIsTaken) {
  int writes = 0;
  transport_->Give(opcode::kWrite10, [&writes](AnsweringTransport::Cdb) -> absl::StatusOr<Bytes> {
    if (writes++ == 0) return Bytes();
    return AnsweringTransport::CheckCondition(SenseKey::kNotReady, 0x04, 0x08);
  });
  GiveBuffer(1 << 20, 0);
  const absl::Time start = clock_.Now();
  const BurnStatus status = writer_->Write(Lba(0), Bytes(64 * kSectorSize));
  EXPECT_THAT(status.status(), StatusIs(absl::StatusCode::kAborted)) << "not UNAVAILABLE";
  EXPECT_EQ(status.effect(), DiscEffect::kPartly);
  EXPECT_EQ(status.taken(), Sectors(32));
  EXPECT_LE(clock_.Now() - start, MmcDiscWriterOptions().write_budget);
}

TEST_F(MmcDiscWriterTest, BecomingReadyIsWaitedForAtTheFirstBlockOnly) {
  transport_->OnceSense(opcode::kWrite10, SenseKey::kNotReady, 0x04, 0x01);
  EXPECT_TRUE(writer_->Write(Lba(0), Bytes(kSectorSize)).ok());
  EXPECT_EQ(Writes().size(), 2u);
  transport_->OnceSense(opcode::kWrite10, SenseKey::kNotReady, 0x04, 0x01);
  const BurnStatus status = writer_->Write(Lba(1), Bytes(kSectorSize));
  EXPECT_THAT(status.status(), StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(Writes().size(), 3u);
}

TEST_F(MmcDiscWriterTest, OutOfSequenceIsRepeatedOnceAfterSynchronization) {
  transport_->OnceSense(opcode::kWrite10, SenseKey::kIllegalRequest, 0x2C, 0x00);
  EXPECT_TRUE(writer_->Write(Lba(0), Bytes(kSectorSize)).ok());
  EXPECT_EQ(transport_->asked(opcode::kSynchronizeCache), 1);
  transport_->Refuse(opcode::kWrite10, SenseKey::kIllegalRequest, 0x2C, 0x00);
  EXPECT_FALSE(writer_->Write(Lba(1), Bytes(kSectorSize)).ok());
  EXPECT_EQ(Writes().size(), 4u);
}

TEST_F(MmcDiscWriterTest, AWrongAddressIsAnAlarmAndIsNeverSentAgain) {
  transport_->Refuse(opcode::kWrite10, SenseKey::kIllegalRequest, 0x21, 0x02);
  const BurnStatus status = writer_->Write(Lba(0), Bytes(64 * kSectorSize));
  EXPECT_TRUE(status.wrong_address());
  EXPECT_THAT(status.status(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(status.effect(), DiscEffect::kNone);
  EXPECT_EQ(Writes().size(), 1u);
}

TEST_F(MmcDiscWriterTest, WhateverElseComesIsNotRepeatedAndLeavesTheDiscInDoubt) {
  for (const absl::Status& answer :
       {AnsweringTransport::CheckCondition(SenseKey::kUnitAttention, 0x29, 0x00),
        AnsweringTransport::CheckCondition(SenseKey::kUnitAttention, 0x28, 0x00),
        AnsweringTransport::CheckCondition(SenseKey::kMediumError, 0x0C, 0x00),
        AnsweringTransport::CheckCondition(SenseKey::kAbortedCommand, 0x08, 0x00),
        absl::DeadlineExceededError("no answer"), absl::UnavailableError("host adapter")}) {
    const size_t before = Writes().size();
    transport_->Once(opcode::kWrite10, [answer](AnsweringTransport::Cdb) { return answer; });
    const BurnStatus status = writer_->Write(Lba(0), Bytes(kSectorSize));
    EXPECT_EQ(status.effect(), DiscEffect::kUnknown) << answer;
    EXPECT_FALSE(absl::IsUnavailable(status.status()));
    EXPECT_EQ(Writes().size(), before + 1) << answer;
  }
}

TEST_F(MmcDiscWriterTest, AnErrorInTheMiddleSaysHowMuchWasTaken) {
  transport_->Once(opcode::kWrite10, [](AnsweringTransport::Cdb) { return Bytes(); });
  transport_->OnceSense(opcode::kWrite10, SenseKey::kMediumError, 0x0C, 0x00);
  const BurnStatus status = writer_->Write(Lba(0), Bytes(96 * kSectorSize));
  EXPECT_EQ(status.taken(), Sectors(32));
  EXPECT_EQ(status.effect(), DiscEffect::kUnknown);
  EXPECT_EQ(Writes().size(), 2u);
}

TEST_F(MmcDiscWriterTest, WhatIsNoWriteIsNotSent) {
  for (const auto& [start, size] : std::vector<std::pair<int64_t, size_t>>{
           {0, 0}, {0, 2'047}, {-151, 2'048}, {(int64_t{1} << 31) - 1, 4'096}}) {
    const BurnStatus status = writer_->Write(Lba(start), Bytes(size));
    EXPECT_THAT(status.status(), StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_EQ(status.effect(), DiscEffect::kNone);
  }
  EXPECT_TRUE(transport_->commands().empty());
}

TEST_F(MmcDiscWriterTest, SynchronizationIsSentWithImmedAndOnceMoreWithout) {
  transport_->OnceSense(opcode::kTestUnitReady, SenseKey::kNotReady, 0x04, 0x07);
  EXPECT_EQ(writer_->Synchronize({}).effect(), DiscEffect::kDone);
  EXPECT_EQ(transport_->asked(opcode::kSynchronizeCache), 2);
  EXPECT_EQ(transport_->commands().front().cdb[1], 2);
  EXPECT_EQ(transport_->commands().back().cdb[1], 0);
}

TEST_F(MmcDiscWriterTest, LossOfStreamingIsNoFailureOfASynchronization) {
  transport_->Refuse(opcode::kSynchronizeCache, SenseKey::kMediumError, 0x0C, 0x09);
  EXPECT_TRUE(writer_->Synchronize({}).ok());
  transport_->Refuse(opcode::kSynchronizeCache, SenseKey::kMediumError, 0x0C, 0x00);
  EXPECT_EQ(writer_->Synchronize({}).effect(), DiscEffect::kUnknown);
}

TEST_F(MmcDiscWriterTest, ASynchronizationThatAResetReplacedIsNotSentAgain) {
  transport_->OnceSense(opcode::kSynchronizeCache, SenseKey::kUnitAttention, 0x29, 0x00);
  EXPECT_EQ(writer_->Synchronize({}).effect(), DiscEffect::kUnknown);
  EXPECT_EQ(transport_->asked(opcode::kSynchronizeCache), 1) << "the buffer is empty now";
}

TEST_F(MmcDiscWriterTest, ATrackIsClosedByItsNumber) {
  EXPECT_TRUE(writer_->CloseTrack(TrackNumber(3), {}).ok());
  EXPECT_THAT(
      mmc::DecodeCloseTrackSessionCdb(Last(opcode::kCloseTrackSession).cdb),
      IsOkAndHolds(mmc::CloseTrackSessionCdb{
          .immediate = true, .function = mmc::CloseFunction::kTrack, .track = TrackNumber(3)}));
}

TEST_F(MmcDiscWriterTest, EachWayToCloseHasItsFunctionAndItsState) {
  using mmc::CloseFunction;
  const mmc::DiscInformation open{.disc_status = mmc::DiscStatus::kAppendable,
                                  .last_session = mmc::LastSessionState::kIncomplete,
                                  .background_format = mmc::BackgroundFormat::kRunning};
  const mmc::DiscInformation appendable{.disc_status = mmc::DiscStatus::kAppendable};
  const mmc::DiscInformation complete{.disc_status = mmc::DiscStatus::kComplete,
                                      .last_session = mmc::LastSessionState::kComplete};
  struct Row {
    SessionClose how;
    CloseFunction function;
    mmc::DiscInformation done;
  };
  for (const Row& row :
       {Row{SessionClose::kSession, CloseFunction::kSession, appendable},
        Row{SessionClose::kStopFormat, CloseFunction::kStopBackgroundFormat, complete},
        Row{SessionClose::kFinalize, CloseFunction::kFinalize, complete},
        Row{SessionClose::kFinalizeMinimalRadius, CloseFunction::kFinalizeMinimalRadius,
            complete}}) {
    GiveDisc(open);
    EXPECT_THAT(writer_->CloseSession(row.how, {}).status(), StatusIs(absl::StatusCode::kInternal));
    GiveDisc(row.done);
    EXPECT_EQ(writer_->CloseSession(row.how, {}).effect(), DiscEffect::kDone);
    ASSERT_OK_AND_ASSIGN(const auto sent,
                         mmc::DecodeCloseTrackSessionCdb(Last(opcode::kCloseTrackSession).cdb));
    EXPECT_EQ(sent.function, row.function);
    EXPECT_EQ(sent.track, TrackNumber(0));
  }
  EXPECT_THAT(writer_->CloseSession(SessionClose::kNone, {}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(MmcDiscWriterTest, ADiscIsBlankWhenTheDriveShowsIt) {
  EXPECT_TRUE(writer_->Blank(BlankExtent::kWhole, {}).ok());
  EXPECT_THAT(mmc::DecodeBlankCdb(Last(opcode::kBlank).cdb),
              IsOkAndHolds(mmc::BlankCdb{.immediate = true, .type = mmc::BlankType::kDisc}));
  GiveDisc({.disc_status = mmc::DiscStatus::kComplete});
  EXPECT_THAT(writer_->Blank(BlankExtent::kMinimal, {}).status(),
              StatusIs(absl::StatusCode::kInternal));
  transport_->Refuse(opcode::kBlank, SenseKey::kIllegalRequest, 0x30, 0x05);
  EXPECT_EQ(writer_->Blank(BlankExtent::kMinimal, {}).effect(), DiscEffect::kNone);
}

TEST_F(MmcDiscWriterTest, ADvdPlusRwIsFormattedWholeAndOthersAsTheDriveOffers) {
  EXPECT_TRUE(writer_->Format({.type = mmc::FormatType::kDvdPlusRw}, {}).ok());
  EXPECT_THAT(mmc::DecodeFormatParameters(transport_->sent().back()),
              IsOkAndHolds(mmc::FormatParameters{.type = mmc::FormatType::kDvdPlusRw}));
  transport_->Give(
      opcode::kReadFormatCapacities,
      mmc::EncodeFormatCapacities(
          {.blocks = 12'219'392,
           .type = mmc::FormatDescriptor::kUnformatted,
           .formattable = {{.blocks = 12'219'392, .type = 0x31, .parameter = 2'048},
                           {.blocks = 11'826'176, .type = 0x00, .parameter = 0x3000}}}));
  EXPECT_TRUE(writer_->Format({.type = mmc::FormatType::kFull}, {}).ok());
  EXPECT_THAT(
      mmc::DecodeFormatParameters(transport_->sent().back()),
      IsOkAndHolds(mmc::FormatParameters{
          .type = mmc::FormatType::kFull, .size = Sectors(11'826'176), .parameter = 0x3000}));
  const BurnStatus unknown = writer_->Format({.type = mmc::FormatType::kBdReWithSpares}, {});
  EXPECT_THAT(unknown.status(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(unknown.effect(), DiscEffect::kNone);
}

TEST_F(MmcDiscWriterTest, TheBufferIsToldInBytesAndNeverUnavailable) {
  GiveBuffer(1'000, 5'000);
  EXPECT_THAT(writer_->ReadBufferCapacity(),
              IsOkAndHolds(WriteBuffer{.length = 1'000, .available = 1'000}));
  transport_->OnceSense(opcode::kReadBufferCapacity, SenseKey::kNotReady, 0x04, 0x07);
  EXPECT_THAT(writer_->ReadBufferCapacity(), StatusIs(absl::StatusCode::kAborted));
  transport_->Refuse(opcode::kReadBufferCapacity, SenseKey::kIllegalRequest, 0x20, 0x00);
  EXPECT_THAT(writer_->ReadBufferCapacity(), StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace carousel
