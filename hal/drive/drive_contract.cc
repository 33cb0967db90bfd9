#include "hal/drive/drive_contract.h"

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "hal/base/byte_order.h"
#include "hal/base/status_matchers.h"
#include "hal/drive/media_state.h"
#include "hal/mmc/profile.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

using namespace contract_disc;  // NOLINT: the constants of this suite's one disc

Lba End() { return kSecondStart + kSecondSession; }

void ExpectSectors(const std::vector<uint8_t>& bytes, Lba start) {
  for (size_t i = 0; i < bytes.size() / kSectorSize; ++i) {
    ASSERT_EQ(LoadBe32(&bytes[i * kSectorSize]), start.value() + i);
  }
}

TEST_P(DriveContract, TheIdentityIsThereAndStays) {
  ASSERT_OK_AND_ASSIGN(const DriveIdentity identity, drive().Identify());
  EXPECT_FALSE(identity.vendor.empty());
  EXPECT_FALSE(identity.product.empty());
  EXPECT_FALSE(identity.serial.empty());
  device_->Insert();
  ASSERT_OK_AND_ASSIGN(const DriveIdentity again, drive().Identify());
  EXPECT_EQ(again.serial, identity.serial);
}

TEST_P(DriveContract, AnEmptyDriveHoldsNothingToRead) {
  EXPECT_THAT(drive().CheckReady(), IsOkAndHolds(false));
  ASSERT_OK_AND_ASSIGN(const MediaState state, drive().ReadMediaState());
  EXPECT_FALSE(state.present);
  std::vector<uint8_t> sector(kSectorSize);
  EXPECT_THAT(drive().Read(Lba(0), absl::MakeSpan(sector)),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_P(DriveContract, TheStateOfADiscIsOfTheGenerationThatBeganWithIt) {
  ASSERT_OK(drive().CheckReady());
  const MediaGeneration empty = drive().generation();
  device_->Insert();
  EXPECT_THAT(drive().CheckReady(), IsOkAndHolds(true));
  EXPECT_GT(drive().generation(), empty);
  ASSERT_OK_AND_ASSIGN(const MediaState state, drive().ReadMediaState());
  EXPECT_EQ(state.generation, drive().generation());
  EXPECT_TRUE(state.present);
  EXPECT_EQ(state.profile, mmc::Profile::kDvdPlusR);
  EXPECT_EQ(state.disc_status, DiscStatus::kAppendable);
  EXPECT_EQ(state.last_session, LastSessionState::kEmpty);
  EXPECT_EQ(state.sessions, 3);
  ASSERT_EQ(state.tracks.size(), 3u);
  EXPECT_EQ(state.tracks[0].size, kFirstSession);
  ASSERT_NE(state.LastCompleteSessionStart(), nullptr);
  EXPECT_EQ(state.LastCompleteSessionStart()->start, kSecondStart);
  EXPECT_EQ(state.ReadableEnd(), End());
  ASSERT_NE(state.AppendTrack(), nullptr);
  EXPECT_EQ(state.AppendTrack()->next_writable, kNextWritable);
  EXPECT_THAT(state.contradictions, testing::IsEmpty());
}

TEST_P(DriveContract, UseOfADiscIsNoChangeOfIt) {
  device_->Insert();
  ASSERT_OK(drive().CheckReady());
  const MediaGeneration generation = drive().generation();
  std::vector<uint8_t> sector(kSectorSize);
  for (int i = 0; i < 3; ++i) {
    EXPECT_OK(drive().ReadMediaState());
    EXPECT_OK(drive().Read(Lba(i), absl::MakeSpan(sector)));
    EXPECT_OK(drive().PollEvents());
    EXPECT_THAT(drive().CheckReady(), IsOkAndHolds(true));
  }
  EXPECT_EQ(drive().generation(), generation);
}

TEST_P(DriveContract, SectorsAreReadWhereTheyAreInAnyNumber) {
  device_->Insert();
  ASSERT_OK(drive().CheckReady());
  for (const int64_t count : {1, 31, 32, 33, 192}) {
    std::vector<uint8_t> bytes(count * kSectorSize);
    ASSERT_OK(drive().Read(Lba(0), absl::MakeSpan(bytes)));
    ExpectSectors(bytes, Lba(0));
  }
  std::vector<uint8_t> last(kSecondSession.bytes());
  ASSERT_OK(drive().Read(kSecondStart, absl::MakeSpan(last)));
  ExpectSectors(last, kSecondStart);
}

TEST_P(DriveContract, WhatIsBehindTheEndCannotBeReadAndIsNoOtherDisc) {
  device_->Insert();
  ASSERT_OK(drive().CheckReady());
  const MediaGeneration generation = drive().generation();
  std::vector<uint8_t> two(2 * kSectorSize);
  for (const Lba start : {End() - Sectors(1), End(), kNextWritable, Lba(3'000'000)}) {
    const absl::Status status = drive().Read(start, absl::MakeSpan(two));
    EXPECT_THAT(status.code(),
                testing::AnyOf(absl::StatusCode::kFailedPrecondition, absl::StatusCode::kDataLoss))
        << start;
    EXPECT_TRUE(scsi::GetSense(status).has_value()) << status;
  }
  EXPECT_EQ(drive().generation(), generation);
}

TEST_P(DriveContract, AReadOfNoSectorsIsAnInvalidArgument) {
  device_->Insert();
  ASSERT_OK(drive().CheckReady());
  std::vector<uint8_t> bytes(kSectorSize);
  EXPECT_THAT(drive().Read(Lba(0), {}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(drive().Read(Lba(0), absl::MakeSpan(bytes).subspan(0, 2047)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(drive().Read(Lba(-150), absl::MakeSpan(bytes)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_P(DriveContract, APollSeesTheDiscThatHasCome) {
  ASSERT_OK(drive().CheckReady());
  const MediaGeneration empty = drive().generation();
  device_->Insert();
  ASSERT_OK(drive().CheckReady());
  ASSERT_OK(drive().PollEvents());
  EXPECT_GT(drive().generation(), empty);
  const MediaGeneration settled = drive().generation();
  ASSERT_OK(drive().PollEvents());
  EXPECT_EQ(drive().generation(), settled);
}

TEST_P(DriveContract, APreventedDiscIsNotEjected) {
  device_->Insert();
  ASSERT_OK(drive().CheckReady());
  ASSERT_OK(drive().PreventRemoval(true));
  const absl::Status status = drive().Eject();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_TRUE(scsi::GetSense(status).has_value());
  EXPECT_THAT(drive().CheckReady(), IsOkAndHolds(true));
  ASSERT_OK(drive().PreventRemoval(false));
  EXPECT_OK(drive().Eject());
  EXPECT_THAT(drive().CheckReady(), IsOkAndHolds(false));
}

TEST_P(DriveContract, AnEjectedDiscCanBeLoadedAgainAsAnotherGeneration) {
  device_->Insert();
  ASSERT_OK_AND_ASSIGN(const MediaState before, drive().ReadMediaState());
  ASSERT_OK(drive().Eject());
  EXPECT_GT(drive().generation(), before.generation);
  EXPECT_THAT(drive().CheckReady(), IsOkAndHolds(false));
  ASSERT_OK(drive().Load());
  ASSERT_OK_AND_ASSIGN(const MediaState after, drive().ReadMediaState());
  EXPECT_TRUE(after.present);
  EXPECT_GT(after.generation, before.generation);
  EXPECT_EQ(after.ReadableEnd(), before.ReadableEnd());
}

TEST_P(DriveContract, AReloadedDiscIsThereAsAnotherGeneration) {
  device_->Insert();
  ASSERT_OK_AND_ASSIGN(const MediaState before, drive().ReadMediaState());
  ASSERT_OK(drive().Reload());
  EXPECT_THAT(drive().CheckReady(), IsOkAndHolds(true));
  ASSERT_OK_AND_ASSIGN(const MediaState after, drive().ReadMediaState());
  EXPECT_GT(after.generation, before.generation);
  EXPECT_EQ(after.ReadableEnd(), before.ReadableEnd());
  std::vector<uint8_t> sector(kSectorSize);
  ASSERT_OK(drive().Read(kSecondStart, absl::MakeSpan(sector)));
  ExpectSectors(sector, kSecondStart);
}

TEST_P(DriveContract, AfterTheDiscIsTakenThereIsNothingToReadOrLoad) {
  device_->Insert();
  ASSERT_OK(drive().CheckReady());
  ASSERT_OK(drive().Eject());
  device_->Remove();
  EXPECT_THAT(drive().CheckReady(), IsOkAndHolds(false));
  std::vector<uint8_t> sector(kSectorSize);
  EXPECT_FALSE(drive().Read(Lba(0), absl::MakeSpan(sector)).ok());
}

}  // namespace
}  // namespace carousel
