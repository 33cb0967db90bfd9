#include "hal/drive/fake_drive.h"

#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/drive/burn_status.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/fake_drive_calls.h"
#include "hal/drive/fake_image.h"
#include "hal/drive/fake_media.h"
#include "hal/mmc/profile.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

using Method = FakeDrive::Method;

MediaState TwoSessions() {
  const std::vector<FakeSession> sessions = {{Lba(0), Sectors(192)}, {Lba(2'240), Sectors(64)}};
  return AppendableMedia(mmc::Profile::kDvdPlusR, sessions, Lba(4'352), Sectors(2'295'104));
}

std::shared_ptr<FakeImage> NumberedImage() {
  auto image = std::make_shared<FakeImage>();
  for (uint8_t i = 0; i < 10; ++i) {
    image->Write(Lba(i), std::vector<uint8_t>(kSectorSize, i + 1));
  }
  return image;
}

TEST(FakeDriveTest, ADiscThatTheArmLaysInIsANewGeneration) {
  FakeDrive drive;
  EXPECT_THAT(drive.CheckReady(), IsOkAndHolds(false));
  const MediaGeneration before = drive.generation();
  drive.Insert(TwoSessions(), NumberedImage());
  EXPECT_THAT(drive.CheckReady(), IsOkAndHolds(true));
  EXPECT_GT(drive.generation(), before);
  ASSERT_OK_AND_ASSIGN(const MediaState state, drive.ReadMediaState());
  EXPECT_EQ(state.generation, drive.generation());
  EXPECT_EQ(state.ReadableEnd(), Lba(2'304));
}

TEST(FakeDriveTest, AReadAfterAMediaChangeFailsOnceWithTheUnitAttention) {
  FakeDrive drive;
  drive.Insert(TwoSessions(), NumberedImage());
  std::vector<uint8_t> sector(kSectorSize);
  const absl::Status status = drive.Read(Lba(3), absl::MakeSpan(sector));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(scsi::GetSense(status)->sense.ToString(), "6/28/00");
  ASSERT_OK(drive.Read(Lba(3), absl::MakeSpan(sector)));
  EXPECT_EQ(sector[0], 4);
}

TEST(FakeDriveTest, ReadsAreBoundedByTheLastCompleteSession) {
  FakeDrive drive;
  drive.Insert(TwoSessions(), NumberedImage());
  ASSERT_OK(drive.PollEvents());
  std::vector<uint8_t> sectors(2 * kSectorSize, 0xFF);
  EXPECT_OK(drive.Read(Lba(2'302), absl::MakeSpan(sectors)));
  EXPECT_EQ(sectors[0], 0) << "what was not written reads as zeros";
  EXPECT_THAT(drive.Read(Lba(2'303), absl::MakeSpan(sectors)),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(drive.Read(Lba(0), absl::MakeSpan(sectors).subspan(1)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(drive.reads(), testing::ElementsAre(FakeDrive::ReadRequest{Lba(2'302), Sectors(2)},
                                                  FakeDrive::ReadRequest{Lba(2'303), Sectors(2)}));
}

TEST(FakeDriveTest, DamagedSectorsFailEveryReadThatTouchesThem) {
  FakeDrive drive;
  drive.Insert(TwoSessions(), NumberedImage());
  ASSERT_OK(drive.PollEvents());
  drive.DamageSectors(Lba(5), Sectors(2));
  std::vector<uint8_t> sectors(2 * kSectorSize);
  EXPECT_OK(drive.Read(Lba(3), absl::MakeSpan(sectors)));
  EXPECT_THAT(drive.Read(Lba(4), absl::MakeSpan(sectors)), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(drive.Read(Lba(6), absl::MakeSpan(sectors)), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_OK(drive.Read(Lba(7), absl::MakeSpan(sectors)));
}

TEST(FakeDriveTest, ACallFailsAsOftenAsWasAskedFor) {
  FakeDrive drive;
  drive.FailNext(Method::kCheckReady, absl::UnavailableError("busy"), 2);
  EXPECT_THAT(drive.CheckReady(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(drive.CheckReady(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_OK(drive.CheckReady());
  EXPECT_EQ(drive.calls(Method::kCheckReady), 3);
}

TEST(FakeDriveTest, AHookSaysWhatComesOfItsCall) {
  FakeDrive drive;
  drive.OnCall(Method::kPollEvents, [&](int call) {
    if (call == 2) drive.FailNext(Method::kPollEvents, absl::UnavailableError("busy"));
  });
  EXPECT_OK(drive.PollEvents());
  EXPECT_THAT(drive.PollEvents(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_OK(drive.PollEvents());
}

TEST(FakeDriveTest, AHangingCallEndsWithTheOutcomeOfItsRelease) {
  FakeDrive drive;
  drive.Hang();
  absl::Status outcome;
  std::thread device([&] { outcome = drive.PollEvents(); });
  drive.WaitUntilHanging();
  drive.Release(absl::DeadlineExceededError("no answer"));
  device.join();
  EXPECT_THAT(outcome, StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_OK(drive.PollEvents());
}

TEST(FakeDriveTest, LatencyPassesOnTheClockWithASeekOnlyWhereTheHeadMoves) {
  FakeClock clock;
  FakeDrive drive(&clock);
  drive.Insert(TwoSessions(), NumberedImage());
  ASSERT_OK(drive.PollEvents());
  drive.set_latency({.call = absl::Milliseconds(1),
                     .seek = absl::Milliseconds(100),
                     .sector = absl::Milliseconds(2)});
  std::vector<uint8_t> sectors(5 * kSectorSize);
  const absl::Time start = clock.Now();
  ASSERT_OK(drive.Read(Lba(100), absl::MakeSpan(sectors)));
  EXPECT_EQ(clock.Now() - start, absl::Milliseconds(111));
  ASSERT_OK(drive.Read(Lba(105), absl::MakeSpan(sectors)));
  EXPECT_EQ(clock.Now() - start, absl::Milliseconds(122));
}

TEST(FakeDriveTest, APreventedDiscStaysAndAnEjectedOneComesBack) {
  FakeDrive drive;
  drive.Insert(TwoSessions(), nullptr);
  ASSERT_OK(drive.PreventRemoval(true));
  EXPECT_THAT(drive.Eject(), StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_OK(drive.PreventRemoval(false));
  const MediaGeneration before = drive.generation();
  ASSERT_OK(drive.Eject());
  EXPECT_THAT(drive.CheckReady(), IsOkAndHolds(false));
  ASSERT_OK(drive.Load());
  EXPECT_THAT(drive.CheckReady(), IsOkAndHolds(true));
  EXPECT_GE(drive.generation().value(), before.value() + 2);
  drive.Remove();
  EXPECT_THAT(drive.Load(), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(FakeImageTest, LaterExtentsCoverEarlierOnesAndFilesAreReadInPlace) {
  const std::string path = testing::TempDir() + "/fake_image_file";
  std::ofstream(path, std::ios::binary) << std::string(kSectorSize + 10, 'f');
  FakeImage image;
  image.Write(Lba(0), std::vector<uint8_t>(4 * kSectorSize, 'm'));
  ASSERT_OK(image.WriteFile(Lba(1), path));
  EXPECT_THAT(image.WriteFile(Lba(0), path + ".none"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(image.end(), Lba(4));
  std::vector<uint8_t> sectors(5 * kSectorSize);
  image.Read(Lba(0), absl::MakeSpan(sectors));
  EXPECT_EQ(sectors[kSectorSize - 1], 'm');
  EXPECT_EQ(sectors[kSectorSize], 'f');
  EXPECT_EQ(sectors[2 * kSectorSize + 9], 'f');
  EXPECT_EQ(sectors[2 * kSectorSize + 10], 'm');
  EXPECT_EQ(sectors[4 * kSectorSize], 0);
}

TEST(FakeMediaTest, EachStateSaysWhatItIs) {
  const std::vector<FakeSession> sessions = {{Lba(0), Sectors(192)}};
  const MediaState blank = BlankMedia(mmc::Profile::kBdRSequential, Sectors(12'219'392));
  EXPECT_EQ(blank.LastCompleteSessionStart(), nullptr);
  EXPECT_EQ(blank.AppendTrack()->next_writable, Lba(0));
  const MediaState open = OpenSessionMedia(mmc::Profile::kDvdPlusR, sessions, Lba(2'240),
                                           Sectors(16), Sectors(2'295'104));
  EXPECT_EQ(open.AppendTrack()->next_writable, Lba(2'256));
  EXPECT_EQ(open.ReadableEnd(), Lba(192));
  const MediaState final = FinalizedMedia(mmc::Profile::kDvdPlusR, sessions);
  EXPECT_EQ(final.AppendTrack(), nullptr);
  EXPECT_EQ(final.LastCompleteSessionStart()->start, Lba(0));
  const MediaState ram = OverwritableMedia(mmc::Profile::kDvdRam, Sectors(2'236'704));
  EXPECT_EQ(ram.disc_status, DiscStatus::kOther);
  EXPECT_EQ(ram.ReadableEnd(), Lba(2'236'704));
}

MediaState BlankDvdPlusR() { return BlankMedia(mmc::Profile::kDvdPlusR, Sectors(2'295'104)); }

TEST(FakeDriveWritingTest, AFailureOfAWriteIsNeverUnavailableAndLeavesTheDiscInDoubt) {
  FakeDrive drive;
  drive.Insert(BlankDvdPlusR(), nullptr);
  ASSERT_OK(drive.CheckReady());
  drive.FailNext(FakeDrive::Method::kWrite, absl::UnavailableError("the host adapter failed"));
  const BurnStatus status = drive.writer()->Write(Lba(0), std::vector<uint8_t>(kSectorSize));
  EXPECT_THAT(status.status(), StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(status.effect(), DiscEffect::kUnknown);
}

TEST(FakeDriveWritingTest, WritesAreCountedAndTakeTheirTime) {
  FakeClock clock;
  FakeDrive drive(&clock);
  drive.set_latency({.sector = absl::Milliseconds(1)});
  drive.Insert(BlankDvdPlusR(), nullptr);
  ASSERT_OK(drive.CheckReady());
  const absl::Time start = clock.Now();
  ASSERT_TRUE(drive.writer()->Write(Lba(0), std::vector<uint8_t>(16 * kSectorSize)).ok());
  EXPECT_EQ(clock.Now() - start, absl::Milliseconds(16));
  EXPECT_EQ(drive.writes(),
            (std::vector<FakeDriveRequest>{{.start = Lba(0), .count = Sectors(16)}}));
  EXPECT_EQ(drive.calls(FakeDrive::Method::kWrite), 1);
}

TEST(FakeDriveWritingTest, APowerCutIsToldByAUnitAttentionInTheNextCommandsPlace) {
  FakeDrive drive;
  drive.Insert(BlankDvdPlusR(), nullptr);
  ASSERT_OK(drive.CheckReady());
  ASSERT_TRUE(drive.writer()->Write(Lba(0), std::vector<uint8_t>(16 * kSectorSize)).ok());
  drive.CutPower();
  const BurnStatus status = drive.writer()->Synchronize();
  EXPECT_THAT(status.status(), StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(status.effect(), DiscEffect::kUnknown);
  ASSERT_OK_AND_ASSIGN(const MediaState state, drive.ReadMediaState());
  EXPECT_EQ(state.AppendTrack()->next_writable, Lba(0));
}

TEST(FakeDriveWritingTest, TheTrackThatIsBeingWrittenCanBeReadUpToItsEnd) {
  FakeDrive drive;
  drive.Insert(BlankDvdPlusR(), nullptr);
  ASSERT_OK(drive.CheckReady());
  ASSERT_TRUE(drive.writer()->Write(Lba(0), std::vector<uint8_t>(16 * kSectorSize, 7)).ok());
  std::vector<uint8_t> read(16 * kSectorSize);
  ASSERT_OK(drive.Read(Lba(0), absl::MakeSpan(read)));
  EXPECT_EQ(read[0], 7);
  EXPECT_FALSE(drive.Read(Lba(1), absl::MakeSpan(read)).ok());
}

}  // namespace
}  // namespace carousel
