#include "server/disc_format/media_facts_reader.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/drive/fake_drive.h"
#include "hal/drive/fake_image.h"
#include "hal/drive/fake_media.h"
#include "hal/scsi/sense.h"
#include "server/disc_format/test_descriptor.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

using mmc::Profile;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr Sectors kCapacity(100'000);

std::vector<uint8_t> Descriptor(int root, int space) {
  return TestDescriptor(Lba(root), Sectors(space), Lba(root - 1));
}

class ReadMediaFactsTest : public testing::Test {
 protected:
  void Insert(MediaState state) { drive_.Insert(std::move(state), image_); }
  // Sessions at 0 and 2240, each with its descriptor, on a DVD+R.
  MediaState TwoSessions() {
    image_->Write(Lba(16), Descriptor(20, 192));
    image_->Write(Lba(2240 + 16), Descriptor(2260, 64));
    return AppendableMedia(
        Profile::kDvdPlusR,
        std::vector<FakeSession>{{Lba(0), Sectors(192)}, {Lba(2240), Sectors(64)}}, Lba(4352),
        kCapacity);
  }
  std::string MetadataOf(const absl::Status& status, const std::string& key) {
    return imapi::GetDetail(status)->metadata[key];
  }

  FakeDrive drive_;
  std::shared_ptr<FakeImage> image_ = std::make_shared<FakeImage>();
};

TEST_F(ReadMediaFactsTest, SayThatTheDriveIsEmpty) {
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_FALSE(facts.present);
  EXPECT_EQ(facts.generation, drive_.generation());
}

TEST_F(ReadMediaFactsTest, OfABlankWriteOnceDiscFailToSeekAndReadNothing) {
  Insert(BlankMedia(Profile::kDvdPlusR, kCapacity));
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_TRUE(facts.physically_blank && facts.heuristically_blank && facts.blank());
  EXPECT_EQ(facts.start_of_previous, -1);
  EXPECT_EQ(facts.sequential.start_of_previous, -1);
  EXPECT_EQ(facts.sequential.last_written_of_previous, -1);
  EXPECT_EQ(facts.sequential.next_writable, 0);
  EXPECT_EQ(facts.sequential.free_sectors, kCapacity.value());
  EXPECT_TRUE(facts.sequential.first_data_session);
  EXPECT_EQ(MetadataOf(facts.seek_test, "block"), "-1");
  EXPECT_EQ(MetadataOf(facts.seek_test, "cause"), "BLANK_MEDIA");
  EXPECT_THAT(facts.disc_identifier, SizeIs(32));
  EXPECT_THAT(drive_.reads(), IsEmpty());
}

TEST_F(ReadMediaFactsTest, TakeTheTracksStartWhereADriveAnswersMinus150OnABlankCd) {
  MediaState state = BlankMedia(Profile::kCdR, kCapacity);
  state.tracks[0].next_writable = Lba(-150);
  Insert(state);
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_EQ(facts.sequential.next_writable, 0);
}

TEST_F(ReadMediaFactsTest, OfAnAppendableDiscAreTheDrivesNumbers) {
  Insert(TwoSessions());
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_EQ(facts.session_count, 2);
  EXPECT_EQ(facts.start_of_previous, 2240);
  EXPECT_EQ(facts.last_written_of_previous, 2303);
  EXPECT_EQ(facts.sequential.next_writable, 4352);
  EXPECT_EQ(facts.free, Sectors(100'000 - 4352));
  EXPECT_EQ(facts.readable_end, Lba(2304));
  EXPECT_FALSE(facts.sequential.first_data_session);
  EXPECT_TRUE(facts.sequential.supported);
  EXPECT_EQ(facts.random_write.cause, "MEDIA_TYPE");
  EXPECT_OK(facts.seek_test);
  EXPECT_OK(facts.identifier_error);
}

TEST_F(ReadMediaFactsTest, SayWhichBlockOfThePreviousSessionCannotBeRead) {
  Insert(TwoSessions());
  drive_.DamageSectors(Lba(2256), Sectors(1));
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_EQ(MetadataOf(facts.seek_test, "block"), "2256");
  EXPECT_EQ(MetadataOf(facts.seek_test, "cause"), "UNREADABLE");
}

TEST_F(ReadMediaFactsTest, DoNotSeekBehindTheEndOfAShortSession) {
  Insert(AppendableMedia(Profile::kDvdPlusR, std::vector<FakeSession>{{Lba(0), Sectors(16)}},
                         Lba(2240), kCapacity));
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_EQ(MetadataOf(facts.seek_test, "cause"), "TOO_SHORT");
  EXPECT_THAT(drive_.reads(), IsEmpty());
}

TEST_F(ReadMediaFactsTest, FindNothingToSeekToInASessionOfAudio) {
  MediaState state = TwoSessions();
  state.tracks[1].data = false;
  Insert(state);
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_EQ(MetadataOf(facts.seek_test, "cause"), "AUDIO_SESSION");
}

TEST_F(ReadMediaFactsTest, KnowThatTheFirstDataSessionIsStillToComeBehindAudio) {
  MediaState state = TwoSessions();
  state.tracks[0].data = state.tracks[1].data = false;
  Insert(state);
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_TRUE(facts.sequential.first_data_session);
}

TEST_F(ReadMediaFactsTest, CannotIdentifyADiscWhoseDriveCountsASessionWithoutATrack) {
  MediaState state = TwoSessions();
  state.tracks[1].session = SessionNumber(3);
  Insert(state);
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_OK(facts.seek_test);
  EXPECT_THAT(facts.identifier_error, StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(facts.disc_identifier, IsEmpty());
}

TEST_F(ReadMediaFactsTest, CannotIdentifyADiscWithAnOlderDescriptorThatIsUnreadable) {
  Insert(TwoSessions());
  drive_.DamageSectors(Lba(16), Sectors(1));
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_OK(facts.seek_test);
  EXPECT_THAT(facts.identifier_error, StatusIs(absl::StatusCode::kInternal));
}

TEST_F(ReadMediaFactsTest, IdentifyTheSameDiscInAnotherDrive) {
  Insert(TwoSessions());
  ASSERT_OK_AND_ASSIGN(const MediaFacts here, ReadMediaFacts(drive_));
  FakeDrive other;
  MediaState state = TwoSessions();
  state.total = Sectors(99'000);  // it counts differently
  state.tracks.back().free = Sectors(90'000);
  other.Insert(state, image_);
  ASSERT_OK_AND_ASSIGN(const MediaFacts there, ReadMediaFacts(other));
  EXPECT_EQ(here.disc_identifier, there.disc_identifier);
}

TEST_F(ReadMediaFactsTest, IdentifyADiscAnewAfterABurn) {
  image_->Write(Lba(16), Descriptor(20, 192));
  Insert(AppendableMedia(Profile::kDvdPlusR, std::vector<FakeSession>{{Lba(0), Sectors(192)}},
                         Lba(2240), kCapacity));
  ASSERT_OK_AND_ASSIGN(const MediaFacts before, ReadMediaFacts(drive_));
  Insert(TwoSessions());
  ASSERT_OK_AND_ASSIGN(const MediaFacts after, ReadMediaFacts(drive_));
  EXPECT_NE(before.disc_identifier, after.disc_identifier);
}

TEST_F(ReadMediaFactsTest, IdentifyTwoDiscsWithEqualTracksApart) {
  Insert(TwoSessions());
  ASSERT_OK_AND_ASSIGN(const MediaFacts one, ReadMediaFacts(drive_));
  image_ = std::make_shared<FakeImage>();
  const MediaState state = TwoSessions();
  image_->Write(Lba(16), Descriptor(21, 192));
  Insert(state);
  ASSERT_OK_AND_ASSIGN(const MediaFacts two, ReadMediaFacts(drive_));
  EXPECT_NE(one.disc_identifier, two.disc_identifier);
}

TEST_F(ReadMediaFactsTest, OfAClosedDiscSayThatItIsFinalized) {
  Insert(FinalizedMedia(Profile::kDvdPlusR, std::vector<FakeSession>{{Lba(0), Sectors(192)}}));
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_TRUE(facts.finalized());
  EXPECT_EQ(facts.type, PhysicalMediaType::kDvdRom);
  EXPECT_EQ(facts.sequential.cause, "FINALIZED");
  EXPECT_FALSE(facts.next_writable.has_value());
  EXPECT_EQ(facts.start_of_previous, 0);
}

TEST_F(ReadMediaFactsTest, OfAnOpenSessionDoNotOfferToContinue) {
  Insert(OpenSessionMedia(Profile::kDvdPlusR, std::vector<FakeSession>{{Lba(0), Sectors(192)}},
                          Lba(2240), Sectors(32), kCapacity));
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_FALSE(facts.sequential.supported);
  EXPECT_EQ(facts.sequential.cause, "NON_EMPTY_SESSION");
}

TEST_F(ReadMediaFactsTest, OfAProtectedDiscNameTheCause) {
  MediaState state = OverwritableMedia(Profile::kDvdRam, kCapacity);
  state.write_protected = true;
  Insert(state);
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_EQ(facts.sequential.cause, "E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED");
  EXPECT_EQ(facts.random_write.cause, "E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED");
}

TEST_F(ReadMediaFactsTest, FindZerosOnAnOverwritableDiscBlank) {
  Insert(OverwritableMedia(Profile::kBdRe, kCapacity));
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_FALSE(facts.physically_blank);
  EXPECT_TRUE(facts.heuristically_blank && facts.blank());
  EXPECT_EQ(facts.sequential.start_of_previous, -1);
  EXPECT_EQ(facts.sequential.next_writable, 0);
  EXPECT_EQ(facts.free, kCapacity);
  EXPECT_OK(facts.seek_test);
  EXPECT_THAT(facts.disc_identifier, Not(IsEmpty()));
}

TEST_F(ReadMediaFactsTest, AskAnUnformattedDiscForNoSector) {
  MediaState state = OverwritableMedia(Profile::kBdRe, kCapacity);
  state.disc_status = DiscStatus::kBlank;
  state.readable = Sectors(0);
  Insert(state);
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_TRUE(facts.blank());
  EXPECT_TRUE(facts.sequential.supported && facts.random_write.supported);
  EXPECT_THAT(drive_.reads(), IsEmpty());
}

TEST_F(ReadMediaFactsTest, OfLogicalSessionsSpeakOfTheNewest) {
  image_->Write(Lba(16), Descriptor(276, 430));
  image_->Write(Lba(48), Descriptor(51, 205));
  image_->Write(Lba(272), Descriptor(276, 174));
  Insert(OverwritableMedia(Profile::kBdRe, kCapacity));
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_EQ(facts.session_count, 2);
  EXPECT_EQ(facts.sequential.start_of_previous, 256);
  EXPECT_EQ(facts.sequential.last_written_of_previous, 429);
  EXPECT_EQ(facts.sequential.next_writable, 448);
  EXPECT_EQ(facts.sequential.free_sectors, 100'000 - 448);
  EXPECT_EQ(facts.free, kCapacity);
  EXPECT_FALSE(facts.heuristically_blank);
  EXPECT_OK(facts.seek_test);
}

TEST_F(ReadMediaFactsTest, DoNotGuessWhereForeignContentsEnd) {
  image_->Write(Lba(0), std::vector<uint8_t>(2048, 0x55));
  Insert(OverwritableMedia(Profile::kDvdPlusRw, kCapacity));
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_FALSE(facts.heuristically_blank);
  EXPECT_FALSE(facts.sequential.start_of_previous.value.has_value());
  EXPECT_FALSE(facts.sequential.next_writable.value.has_value());
  EXPECT_TRUE(facts.sequential.supported);
  EXPECT_OK(facts.seek_test);
}

TEST_F(ReadMediaFactsTest, FailToSeekWhenTheSuperblockIsUnreadable) {
  Insert(OverwritableMedia(Profile::kDvdPlusRw, kCapacity));
  drive_.DamageSectors(Lba(16), Sectors(1));
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_EQ(MetadataOf(facts.seek_test, "block"), "16");
}

TEST_F(ReadMediaFactsTest, AreNotMadeFromTwoMedia) {
  Insert(TwoSessions());
  // The drive takes the new disc's unit attention in the middle of the reading.
  ASSERT_OK(drive_.CheckReady());
  const MediaGeneration first = drive_.generation();
  drive_.FailNext(
      FakeDrive::Method::kRead,
      scsi::SenseStatus({.key = scsi::SenseKey::kUnitAttention, .asc = 0x28}, 0x28, "d"));
  ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(drive_));
  EXPECT_EQ(drive_.calls(FakeDrive::Method::kReadMediaState), 2);
  EXPECT_OK(facts.seek_test);
  EXPECT_EQ(facts.generation, first);
}

TEST_F(ReadMediaFactsTest, GiveUpOnAMediumThatKeepsChanging) {
  Insert(TwoSessions());
  drive_.FailNext(
      FakeDrive::Method::kRead,
      scsi::SenseStatus({.key = scsi::SenseKey::kUnitAttention, .asc = 0x28}, 0x28, "d"), 100);
  EXPECT_THAT(ReadMediaFacts(drive_), StatusIs(absl::StatusCode::kAborted));
}

TEST_F(ReadMediaFactsTest, PassTheDrivesFailureOn) {
  Insert(TwoSessions());
  drive_.FailNext(FakeDrive::Method::kRead, absl::DeadlineExceededError("hung"));
  EXPECT_THAT(ReadMediaFacts(drive_), StatusIs(absl::StatusCode::kDeadlineExceeded));
}

}  // namespace
}  // namespace carousel
