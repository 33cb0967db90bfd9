#include "hal/drive/disc_writer_contract.h"

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "hal/base/byte_order.h"
#include "hal/base/status_matchers.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/media_state.h"
#include "hal/scsi/sense.h"

namespace carousel {

void DiscWriterContract::Prepare() {
  device_->InsertBlank();
  ASSERT_NE(drive().writer(), nullptr);
  ASSERT_THAT(drive().CheckReady(), IsOkAndHolds(true));
}

std::vector<uint8_t> DiscWriterContract::Sectored(Lba start, Sectors count) {
  std::vector<uint8_t> bytes(count.bytes());
  for (int64_t i = 0; i < count.value(); ++i) {
    StoreBe32(&bytes[i * kSectorSize], static_cast<uint32_t>(start.value() + i));
  }
  return bytes;
}

void DiscWriterContract::BurnSession(TrackNumber track, Lba start, Sectors count) {
  const BurnStatus written = writer().Write(start, Sectored(start, count));
  ASSERT_TRUE(written.ok()) << written;
  EXPECT_EQ(written.taken(), count);
  const BurnStatus synchronized = writer().Synchronize();
  ASSERT_TRUE(synchronized.ok()) << synchronized;
  const BurnStatus track_closed = writer().CloseTrack(track);
  ASSERT_TRUE(track_closed.ok()) << track_closed;
  const BurnStatus closed = writer().CloseSession(SessionClose::kSession);
  ASSERT_TRUE(closed.ok()) << closed;
}

namespace {

// Next writable address, or -1.
int64_t NextWritable(Drive& drive) {
  const auto state = drive.ReadMediaState();
  EXPECT_OK(state);
  if (!state.ok() || state->AppendTrack() == nullptr) return -1;
  return state->AppendTrack()->next_writable->value();
}

TEST_P(DiscWriterContract, SessionsAreAppendedEachAtTheNextWritableAddress) {
  Prepare();
  EXPECT_EQ(NextWritable(drive()), 0);
  BurnSession(TrackNumber(1), Lba(0), Sectors(192));
  ASSERT_OK_AND_ASSIGN(MediaState state, drive().ReadMediaState());
  EXPECT_EQ(state.disc_status, DiscStatus::kAppendable);
  EXPECT_EQ(state.last_session, LastSessionState::kEmpty);
  EXPECT_EQ(state.sessions, 2);
  ASSERT_NE(state.AppendTrack(), nullptr);
  EXPECT_EQ(state.AppendTrack()->next_writable, Lba(2'240)) << "2,048 sectors between sessions";
  BurnSession(TrackNumber(2), Lba(2'240), Sectors(64));
  ASSERT_OK_AND_ASSIGN(state, drive().ReadMediaState());
  EXPECT_EQ(state.sessions, 3);
  ASSERT_NE(state.LastCompleteSessionStart(), nullptr);
  EXPECT_EQ(state.LastCompleteSessionStart()->start, Lba(2'240));
  EXPECT_EQ(state.LastCompleteSessionStart()->size, Sectors(64));
  EXPECT_EQ(state.AppendTrack()->next_writable, Lba(4'352));
}

TEST_P(DiscWriterContract, WhatWasWrittenIsRead) {
  Prepare();
  BurnSession(TrackNumber(1), Lba(0), Sectors(192));
  BurnSession(TrackNumber(2), Lba(2'240), Sectors(64));
  ASSERT_THAT(drive().CheckReady(), IsOkAndHolds(true));
  std::vector<uint8_t> first(Sectors(192).bytes());
  ASSERT_OK(drive().Read(Lba(0), absl::MakeSpan(first)));
  EXPECT_EQ(first, Sectored(Lba(0), Sectors(192)));
  std::vector<uint8_t> second(Sectors(64).bytes());
  ASSERT_OK(drive().Read(Lba(2'240), absl::MakeSpan(second)));
  EXPECT_EQ(second, Sectored(Lba(2'240), Sectors(64)));
}

TEST_P(DiscWriterContract, AWriteElsewhereIsAnAlarmAndChangesNothing) {
  Prepare();
  const BurnStatus ahead = writer().Write(Lba(16), Sectored(Lba(16), Sectors(16)));
  EXPECT_TRUE(ahead.wrong_address()) << ahead;
  EXPECT_EQ(ahead.effect(), DiscEffect::kNone);
  EXPECT_EQ(NextWritable(drive()), 0);
  BurnSession(TrackNumber(1), Lba(0), Sectors(192));
  const BurnStatus again = writer().Write(Lba(0), Sectored(Lba(0), Sectors(192)));
  EXPECT_TRUE(again.wrong_address()) << again;
  EXPECT_EQ(NextWritable(drive()), 2'240);
}

TEST_P(DiscWriterContract, ASessionThatEndsInsideAUnitIsPaddedToIt) {
  Prepare();
  ASSERT_TRUE(writer().Write(Lba(0), Sectored(Lba(0), Sectors(20))).ok());
  ASSERT_TRUE(writer().Synchronize().ok());
  EXPECT_EQ(NextWritable(drive()), 32);
  const BurnStatus behind = writer().Write(Lba(20), Sectored(Lba(20), Sectors(12)));
  EXPECT_TRUE(behind.wrong_address()) << behind;
}

TEST_P(DiscWriterContract, AnOpenTrackShowsAndKeepsItsSessionOpen) {
  Prepare();
  ASSERT_TRUE(writer().Write(Lba(0), Sectored(Lba(0), Sectors(32))).ok());
  ASSERT_TRUE(writer().Synchronize().ok());
  ASSERT_OK_AND_ASSIGN(const MediaState state, drive().ReadMediaState());
  EXPECT_EQ(state.last_session, LastSessionState::kIncomplete);
  const BurnStatus closed = writer().CloseSession(SessionClose::kSession);
  EXPECT_THAT(closed.status(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(closed.effect(), DiscEffect::kNone);
  ASSERT_TRUE(scsi::GetSense(closed.status()).has_value());
  EXPECT_EQ(scsi::GetSense(closed.status())->sense.ToString(), "5/72/03");
}

TEST_P(DiscWriterContract, AFinalizedDiscTakesNothingMore) {
  Prepare();
  ASSERT_TRUE(writer().Write(Lba(0), Sectored(Lba(0), Sectors(192))).ok());
  ASSERT_TRUE(writer().Synchronize().ok());
  ASSERT_TRUE(writer().CloseTrack(TrackNumber(1)).ok());
  const BurnStatus closed = writer().CloseSession(SessionClose::kFinalizeMinimalRadius);
  ASSERT_TRUE(closed.ok()) << closed;
  ASSERT_OK_AND_ASSIGN(const MediaState state, drive().ReadMediaState());
  EXPECT_EQ(state.disc_status, DiscStatus::kComplete);
  EXPECT_EQ(state.last_session, LastSessionState::kComplete);
  EXPECT_EQ(state.sessions, 1);
  EXPECT_EQ(state.AppendTrack(), nullptr);
  const BurnStatus more = writer().Write(Lba(2'240), Sectored(Lba(2'240), Sectors(16)));
  EXPECT_THAT(more.status(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(more.effect(), DiscEffect::kNone);
}

TEST_P(DiscWriterContract, WritingIsANewGenerationAndARefusalIsNone) {
  Prepare();
  const MediaGeneration before = drive().generation();
  ASSERT_FALSE(writer().Write(Lba(16), Sectored(Lba(16), Sectors(16))).ok());
  EXPECT_EQ(drive().generation(), before);
  ASSERT_TRUE(writer().Write(Lba(0), Sectored(Lba(0), Sectors(16))).ok());
  const MediaGeneration writing = drive().generation();
  EXPECT_GT(writing, before);
  ASSERT_TRUE(writer().Write(Lba(16), Sectored(Lba(16), Sectors(16))).ok());
  EXPECT_EQ(drive().generation(), writing);
  ASSERT_TRUE(writer().Synchronize().ok());
  EXPECT_GT(drive().generation(), writing);
}

TEST_P(DiscWriterContract, AnEmptyDriveRefusesAndIsNeverUnavailable) {
  ASSERT_THAT(drive().CheckReady(), IsOkAndHolds(false));
  ASSERT_NE(drive().writer(), nullptr);
  for (const BurnStatus& status :
       {writer().Write(Lba(0), Sectored(Lba(0), Sectors(16))), writer().CloseTrack(TrackNumber(1)),
        writer().CloseSession(SessionClose::kSession), writer().Blank(BlankExtent::kMinimal)}) {
    EXPECT_THAT(status.status(), StatusIs(absl::StatusCode::kFailedPrecondition));
    EXPECT_EQ(status.effect(), DiscEffect::kNone);
  }
}

TEST_P(DiscWriterContract, WhatIsNoRequestIsAnInvalidArgument) {
  Prepare();
  const std::vector<uint8_t> sector(kSectorSize);
  for (const BurnStatus& status :
       {writer().Write(Lba(0), {}), writer().Write(Lba(-151), sector),
        writer().Write(Lba(0), absl::MakeConstSpan(sector).subspan(1)),
        writer().ReserveTrack(Sectors(0)), writer().CloseSession(SessionClose::kNone)}) {
    EXPECT_THAT(status.status(), StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_EQ(status.effect(), DiscEffect::kNone);
  }
  EXPECT_EQ(NextWritable(drive()), 0);
}

TEST_P(DiscWriterContract, AWriteOnceDiscIsNotBlanked) {
  Prepare();
  BurnSession(TrackNumber(1), Lba(0), Sectors(192));
  const BurnStatus status = writer().Blank(BlankExtent::kMinimal);
  EXPECT_THAT(status.status(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(status.effect(), DiscEffect::kNone);
  EXPECT_EQ(NextWritable(drive()), 2'240);
}

TEST_P(DiscWriterContract, TheBufferHasRoomBetweenBurns) {
  Prepare();
  ASSERT_OK_AND_ASSIGN(const WriteBuffer buffer, writer().ReadBufferCapacity());
  EXPECT_GT(buffer.length, 0);
  EXPECT_GT(buffer.available, 0);
  EXPECT_LE(buffer.available, buffer.length);
}

}  // namespace
}  // namespace carousel
