// The hazards of reading a medium's state: short answers, lies, changes in the middle. Every kind
// of medium end to end is tested over the virtual robot.
#include "hal/drive/media_reader.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/drive/mmc_drive.h"
#include "hal/mmc/get_configuration.h"
#include "hal/mmc/get_performance.h"
#include "hal/mmc/mode_sense.h"
#include "hal/mmc/profile.h"
#include "hal/mmc/read_capacity.h"
#include "hal/mmc/read_disc_information.h"
#include "hal/mmc/read_disc_structure.h"
#include "hal/mmc/read_format_capacities.h"
#include "hal/mmc/read_toc.h"
#include "hal/mmc/read_track_information.h"
#include "hal/scsi/answering_transport.h"
#include "hal/scsi/command.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

namespace opcode = scsi::opcode;
using mmc::Profile;
using scsi::AnsweringTransport;
using scsi::SenseKey;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Bytes = std::vector<uint8_t>;
using Cdb = AnsweringTransport::Cdb;

// What a drive would say of a medium; each test changes what it is about.
struct Medium {
  Profile profile = Profile::kDvdPlusR;
  std::vector<mmc::Feature> features;
  mmc::DiscInformation disc;
  std::vector<mmc::TrackInformation> tracks;
  mmc::Capacity capacity;
  mmc::TocSession session;
};

// DVD+R after two sessions: 0 to 191 and 2,240 to 2,303, next at 4,352.
Medium AppendableDvdPlusR() {
  const auto closed = [](uint16_t number, int64_t start, int64_t size) {
    return mmc::TrackInformation{.track = number,
                                 .session = number,
                                 .track_mode = 4,
                                 .data_mode = 1,
                                 .start = Lba(start),
                                 .size = Sectors(size)};
  };
  Medium medium;
  medium.features = {{.code = mmc::feature::kDvdPlusR, .current = true},
                     {.code = mmc::feature::kCdTrackAtOnce, .current = false},
                     {.code = mmc::feature::kCore, .persistent = true, .current = true}};
  medium.disc = {.disc_status = DiscStatus::kAppendable,
                 .sessions = 3,
                 .first_track_in_last_session = 3,
                 .last_track_in_last_session = 3};
  medium.tracks = {closed(1, 0, 192),
                   closed(2, 2'240, 64),
                   {.track = 3,
                    .session = 3,
                    .track_mode = 4,
                    .blank = true,
                    .start = Lba(4'352),
                    .next_writable = Lba(4'352),
                    .free = Sectors(2'290'752),
                    .size = Sectors(2'290'752)}};
  medium.capacity = {.last_lba = 2'303};
  medium.session = {
      .first_session = 1,
      .last_session = 2,
      .first_track_in_last_session = {.adr = 1, .control = 4, .track = 2, .start = Lba(2'240)}};
  return medium;
}

Bytes TrackAnswer(const Medium& medium, Cdb cdb) {
  const auto command = mmc::DecodeReadTrackInformationCdb(cdb);
  const size_t number =
      command->address == mmc::kInvisibleTrack ? medium.tracks.size() : size_t{command->address};
  return mmc::EncodeTrackInformation(medium.tracks.at(number - 1));
}

Bytes TocAnswer(const Medium& medium, Cdb cdb) {
  if (mmc::DecodeReadTocCdb(cdb)->format == mmc::kTocSession) {
    return mmc::EncodeTocSession(medium.session);
  }
  mmc::TocTracks toc{.first_track = 1};
  for (const mmc::TrackInformation& track : medium.tracks) {
    if (track.next_writable.has_value()) continue;
    toc.last_track = track.track;
    toc.tracks.push_back(
        {.adr = 1, .control = 4, .track = static_cast<uint8_t>(track.track), .start = track.start});
  }
  toc.tracks.push_back({.track = mmc::kLeadOutTrack, .start = Lba(medium.capacity.last_lba + 1)});
  return mmc::EncodeTocTracks(toc);
}

class MediaReaderTest : public testing::Test {
 protected:
  MediaReaderTest() {
    auto transport = std::make_unique<AnsweringTransport>();
    device_ = transport.get();
    drive_ = std::make_unique<MmcDrive>(std::move(transport), &clock_);
  }

  void Insert(const Medium& medium) {
    device_->Give(opcode::kTestUnitReady, Bytes());
    device_->Give(
        opcode::kGetConfiguration,
        mmc::EncodeConfiguration({.current_profile = medium.profile, .features = medium.features}));
    device_->Give(opcode::kReadDiscInformation, mmc::EncodeDiscInformation(medium.disc));
    device_->Give(opcode::kReadTrackInformation,
                  [medium](Cdb cdb) { return TrackAnswer(medium, cdb); });
    device_->Give(opcode::kReadCapacity10, mmc::EncodeCapacity(medium.capacity));
    device_->Give(opcode::kReadToc, [medium](Cdb cdb) { return TocAnswer(medium, cdb); });
  }

  MediaState Read() {
    absl::StatusOr<MediaState> state = drive_->ReadMediaState();
    EXPECT_OK(state);
    return state.ok() ? *state : MediaState{};
  }

  FakeClock clock_;
  AnsweringTransport* device_;
  std::unique_ptr<MmcDrive> drive_;
};

TEST_F(MediaReaderTest, AnAppendableDiscIsReadWithoutContradictions) {
  Insert(AppendableDvdPlusR());
  const MediaState state = Read();
  EXPECT_TRUE(state.present);
  EXPECT_EQ(state.profile, Profile::kDvdPlusR);
  EXPECT_THAT(state.current_features, ElementsAre(mmc::feature::kCore, mmc::feature::kDvdPlusR));
  EXPECT_EQ(state.tracks.size(), 3u);
  ASSERT_NE(state.LastCompleteSessionStart(), nullptr);
  EXPECT_EQ(state.LastCompleteSessionStart()->start, Lba(2'240));
  EXPECT_EQ(state.AppendTrack()->next_writable, Lba(4'352));
  EXPECT_EQ(state.ReadableEnd(), Lba(2'304));
  EXPECT_EQ(state.total, Sectors(2'295'104));
  EXPECT_EQ(state.toc_last_session_start, Lba(2'240));
  EXPECT_EQ(state.generation, drive_->generation());
  EXPECT_THAT(state.contradictions, IsEmpty());
}

TEST_F(MediaReaderTest, TheInvisibleTrackIsAskedForOnDvdPlusRAndNotOnBdR) {
  Insert(AppendableDvdPlusR());
  Read();
  const auto last_address = [this] {
    uint8_t address = 0;
    for (const scsi::Command& command : device_->commands()) {
      if (command.opcode() == opcode::kReadTrackInformation) address = command.cdb[5];
    }
    return address;
  };
  EXPECT_EQ(last_address(), 0xFF);
  Medium bd = AppendableDvdPlusR();
  bd.profile = Profile::kBdRSequential;
  Insert(bd);
  Read();
  EXPECT_EQ(last_address(), 3);
}

TEST_F(MediaReaderTest, ADriveWithoutTheInvisibleTrackIsAskedByNumber) {
  const Medium medium = AppendableDvdPlusR();
  Insert(medium);
  device_->Give(opcode::kReadTrackInformation, [medium](Cdb cdb) -> absl::StatusOr<Bytes> {
    if (cdb[5] == 0xFF) {
      return AnsweringTransport::CheckCondition(SenseKey::kIllegalRequest, 0x24, 0x00);
    }
    return TrackAnswer(medium, cdb);
  });
  EXPECT_EQ(Read().AppendTrack()->next_writable, Lba(4'352));
}

TEST_F(MediaReaderTest, TrackAnswersThatEndBeforeTheHighBytesAreEnough) {
  const Medium medium = AppendableDvdPlusR();
  Insert(medium);
  device_->Give(opcode::kReadTrackInformation, [medium](Cdb cdb) {
    Bytes bytes = TrackAnswer(medium, cdb);
    bytes.resize(28);
    return bytes;
  });
  EXPECT_EQ(Read().tracks.back().session, SessionNumber(3));
}

// A transport that drops the residual says that the whole buffer came: behind the answer is what an
// earlier command left there.
TEST_F(MediaReaderTest, BytesBehindAnAnswersOwnLengthAreNotPartOfIt) {
  const auto stale = [](Bytes bytes) {
    bytes.resize(8192, 0xA5);
    return bytes;
  };
  Medium medium = AppendableDvdPlusR();
  medium.profile = Profile::kBdRSequential;
  Insert(medium);
  device_->Give(opcode::kGetConfiguration,
                stale(mmc::EncodeConfiguration(
                    {.current_profile = medium.profile, .features = medium.features})));
  device_->Give(opcode::kReadDiscInformation, stale(mmc::EncodeDiscInformation(medium.disc)));
  device_->Give(opcode::kReadTrackInformation, [&](Cdb cdb) {
    Bytes bytes = TrackAnswer(medium, cdb);
    bytes.resize(28);
    bytes[1] = 26;
    return stale(bytes);
  });
  device_->Give(opcode::kReadFormatCapacities,
                stale(mmc::EncodeFormatCapacities(
                    {.blocks = 12'219'392, .type = FormatDescriptor::kFormatted})));
  device_->Give(opcode::kReadToc, [&](Cdb cdb) { return stale(TocAnswer(medium, cdb)); });
  device_->Give(opcode::kReadDiscStructure, stale(mmc::EncodeWriteProtection({})));
  device_->Give(opcode::kGetPerformance,
                stale(mmc::EncodeWriteSpeeds({.speeds = {{.write_speed = 18'000}}})));
  device_->Give(opcode::kModeSense10,
                stale(mmc::EncodeModeData({.pages = {mmc::EncodeCapabilities({})}})));
  const MediaState state = Read();
  EXPECT_EQ(state.current_features.size(), 2u);
  ASSERT_EQ(state.tracks.size(), 3u);
  EXPECT_EQ(state.tracks.back().session, SessionNumber(3));
  EXPECT_EQ(state.LastCompleteSessionStart()->start, Lba(2'240));
  EXPECT_EQ(state.toc_last_session_start, Lba(2'240));
  EXPECT_EQ(state.format_capacity, Sectors(12'219'392));
  EXPECT_FALSE(state.write_protected);
  EXPECT_THAT(state.write_speeds, ElementsAre(8'789));
}

TEST_F(MediaReaderTest, AnAnswerThatCannotBeUnderstoodIsInternal) {
  Insert(AppendableDvdPlusR());
  device_->Give(opcode::kReadTrackInformation, Bytes{0, 0x22, 1, 1});
  EXPECT_THAT(drive_->ReadMediaState(), StatusIs(absl::StatusCode::kInternal));
  Insert(AppendableDvdPlusR());
  device_->Refuse(opcode::kReadDiscInformation, SenseKey::kIllegalRequest, 0x20, 0x00);
  const absl::Status refused = drive_->ReadMediaState().status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(scsi::GetSense(refused)->opcode, opcode::kReadDiscInformation);
  Insert(AppendableDvdPlusR());
  device_->Give(opcode::kGetConfiguration, Bytes());
  EXPECT_THAT(drive_->ReadMediaState(), StatusIs(absl::StatusCode::kInternal));
}

TEST_F(MediaReaderTest, TracksThatNoDiscHasAreRefusedBeforeTheyAreAskedFor) {
  Medium medium = AppendableDvdPlusR();
  medium.disc.last_track_in_last_session = 0xFFFF;
  Insert(medium);
  EXPECT_THAT(drive_->ReadMediaState(), StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(device_->asked(opcode::kReadTrackInformation), 0);
}

TEST_F(MediaReaderTest, AMediumThatChangesInTheMiddleIsReadAnew) {
  Insert(AppendableDvdPlusR());
  device_->OnceSense(opcode::kReadCapacity10, SenseKey::kUnitAttention, 0x28, 0x00);
  const MediaState state = Read();
  EXPECT_EQ(state.generation, drive_->generation());
  EXPECT_EQ(state.tracks.size(), 3u);
  EXPECT_EQ(device_->asked(opcode::kGetConfiguration), 2);
  EXPECT_THAT(state.contradictions, IsEmpty());
}

TEST_F(MediaReaderTest, AMediumThatChangesEachTimeIsAborted) {
  Insert(AppendableDvdPlusR());
  device_->Refuse(opcode::kReadCapacity10, SenseKey::kUnitAttention, 0x28, 0x00);
  EXPECT_THAT(drive_->ReadMediaState(), StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(device_->asked(opcode::kReadCapacity10), 3);
}

TEST_F(MediaReaderTest, AMediumThatIsTakenInTheMiddleIsGone) {
  Insert(AppendableDvdPlusR());
  device_->Once(opcode::kReadToc, [this](Cdb) {
    device_->Refuse(opcode::kTestUnitReady, SenseKey::kNotReady, 0x3A, 0x00);
    return AnsweringTransport::CheckCondition(SenseKey::kNotReady, 0x3A, 0x00);
  });
  EXPECT_FALSE(Read().present);
}

TEST_F(MediaReaderTest, BecomingReadyInTheMiddleIsWaitedFor) {
  Insert(AppendableDvdPlusR());
  device_->OnceSense(opcode::kReadDiscInformation, SenseKey::kNotReady, 0x04, 0x01);
  EXPECT_EQ(Read().tracks.size(), 3u);
}

TEST_F(MediaReaderTest, AHangInTheMiddleEndsTheReadingAtOnce) {
  Insert(AppendableDvdPlusR());
  device_->Once(opcode::kReadToc, [](Cdb) { return absl::DeadlineExceededError("60 s"); });
  EXPECT_THAT(drive_->ReadMediaState(), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(device_->asked(opcode::kGetConfiguration), 1);
}

TEST_F(MediaReaderTest, ASlowDriveEndsWithTheBudget) {
  const Medium medium = AppendableDvdPlusR();
  Insert(medium);
  device_->Give(opcode::kReadTrackInformation, [this, medium](Cdb cdb) {
    clock_.Advance(absl::Minutes(3));
    return TrackAnswer(medium, cdb);
  });
  EXPECT_THAT(drive_->ReadMediaState(), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(MediaReaderTest, WhatADriveNeedNotKnowIsLeftOut) {
  Insert(AppendableDvdPlusR());
  device_->Refuse(opcode::kReadCapacity10, SenseKey::kNotReady, 0x30, 0x00);
  device_->Refuse(opcode::kReadToc, SenseKey::kNotReady, 0x24, 0x00);  // the wrong key for 24/00
  const MediaState state = Read();
  EXPECT_FALSE(state.readable.has_value());
  EXPECT_FALSE(state.toc_last_session_start.has_value());
  EXPECT_EQ(state.ReadableEnd(), Lba(2'304)) << "by the tracks";
  EXPECT_FALSE(state.write_protected);
  EXPECT_THAT(state.write_speeds, IsEmpty());
}

TEST_F(MediaReaderTest, ATableTwoBytesShortIsNoReasonToFail) {
  const Medium medium = AppendableDvdPlusR();
  Insert(medium);
  device_->Give(opcode::kReadToc, [medium](Cdb cdb) {
    Bytes bytes = TocAnswer(medium, cdb);
    bytes.resize(bytes.size() - 2);
    return bytes;
  });
  const MediaState state = Read();
  EXPECT_FALSE(state.toc_last_session_start.has_value());
  EXPECT_THAT(state.contradictions, ElementsAre(HasSubstr("sessions' table")));
}

TEST_F(MediaReaderTest, ATableThatDisagreesIsNotedAndTheTracksHold) {
  Medium medium = AppendableDvdPlusR();
  medium.session.first_track_in_last_session.start = Lba(1'000);
  Insert(medium);
  const MediaState state = Read();
  EXPECT_EQ(state.LastCompleteSessionStart()->start, Lba(2'240));
  EXPECT_EQ(state.toc_last_session_start, Lba(1'000));
  EXPECT_THAT(state.contradictions, ElementsAre(HasSubstr("last session at LBA 1000")));
}

TEST_F(MediaReaderTest, SpeedsAndWriteProtectionAreRead) {
  Insert(AppendableDvdPlusR());
  device_->Give(
      opcode::kGetPerformance,
      mmc::EncodeWriteSpeeds(
          {.speeds = {{.write_speed = 5'540}, {.write_speed = 22'160}, {.write_speed = 5'540}}}));
  device_->Give(
      opcode::kModeSense10,
      mmc::EncodeModeData({.pages = {mmc::EncodeCapabilities({.current_write_speed = 11'080})}}));
  device_->Give(opcode::kReadDiscStructure, mmc::EncodeWriteProtection({.cartridge = true}));
  const MediaState state = Read();
  EXPECT_THAT(state.write_speeds, ElementsAre(10'820, 2'705));
  EXPECT_EQ(state.current_write_speed, 5'410);
  EXPECT_TRUE(state.write_protected);
}

TEST_F(MediaReaderTest, ABlankDiscWithANegativeNextWritableAddressBeginsAtItsTrack) {
  Medium medium;
  medium.profile = Profile::kBdRSequential;
  medium.disc = {.disc_status = DiscStatus::kBlank};
  medium.tracks = {{.track = 1,
                    .session = 1,
                    .track_mode = 4,
                    .packet = true,
                    .next_writable = Lba(-150),
                    .free = Sectors(12'219'392),
                    .size = Sectors(12'219'392)}};
  Insert(medium);
  const MediaState state = Read();
  EXPECT_EQ(state.AppendTrack()->next_writable, Lba(0));
  EXPECT_EQ(state.readable, Sectors(0)) << "last address 0 of a blank disc is none";
  EXPECT_EQ(state.total, Sectors(12'219'392));
  EXPECT_THAT(state.contradictions, ElementsAre(HasSubstr("-150")));
}

Medium CdR() {
  Medium medium = AppendableDvdPlusR();
  medium.profile = Profile::kCdR;
  medium.tracks[0].size = Sectors(610);  // 608 and two of run-out
  medium.tracks.erase(medium.tracks.begin() + 1);
  medium.tracks[1] = {.track = 2,
                      .session = 2,
                      .track_mode = 4,
                      .blank = true,
                      .start = Lba(12'010),
                      .next_writable = Lba(12'010),
                      .free = Sectors(300'000),
                      .size = Sectors(300'000)};
  medium.disc.sessions = 2;
  medium.disc.first_track_in_last_session = medium.disc.last_track_in_last_session = 2;
  medium.capacity = {.last_lba = 609};
  medium.session.first_track_in_last_session = {.adr = 1, .control = 4, .track = 1};
  return medium;
}

TEST_F(MediaReaderTest, TheRunOutOfACdTrackWrittenAtOnceIsNotReadable) {
  Insert(CdR());
  device_->Refuse(opcode::kRead10, SenseKey::kIllegalRequest, 0x64, 0x00);
  const MediaState state = Read();
  EXPECT_EQ(state.ReadableEnd(), Lba(608));
  EXPECT_THAT(state.contradictions, IsEmpty());
}

TEST_F(MediaReaderTest, ACdTrackWithoutRunOutIsReadableToItsEnd) {
  Insert(CdR());
  device_->Give(opcode::kRead10, Bytes(4096));
  EXPECT_EQ(Read().ReadableEnd(), Lba(610));
}

Medium PseudoOverwriteBdR() {
  Medium medium;
  medium.profile = Profile::kBdRSequential;
  medium.features = {{.code = mmc::feature::kBdWrite, .current = true},
                     {.code = mmc::feature::kPseudoOverwrite, .current = true}};
  medium.disc = {.disc_status = DiscStatus::kAppendable,
                 .last_session = LastSessionState::kIncomplete};
  medium.tracks = {{.track = 1, .session = 1, .track_mode = 4, .size = Sectors(12'088'320)}};
  medium.capacity = {.last_lba = 12'088'319};
  return medium;
}

TEST_F(MediaReaderTest, PseudoOverwriteIsAFormattedBdRWithItsFeature) {
  Insert(PseudoOverwriteBdR());
  device_->Give(
      opcode::kReadFormatCapacities,
      mmc::EncodeFormatCapacities({.blocks = 12'088'320, .type = FormatDescriptor::kFormatted}));
  const MediaState state = Read();
  EXPECT_TRUE(state.IsPseudoOverwrite());
  EXPECT_EQ(state.ReadableEnd(), Lba(12'088'320));
  EXPECT_EQ(state.total, Sectors(12'088'320));
}

TEST_F(MediaReaderTest, TheFeatureAloneOnABlankBdRIsNoPseudoOverwrite) {
  Medium medium = PseudoOverwriteBdR();
  medium.disc = {.disc_status = DiscStatus::kBlank};
  medium.tracks[0].next_writable = Lba(0);
  medium.capacity = {.last_lba = 0};
  Insert(medium);
  device_->Give(
      opcode::kReadFormatCapacities,
      mmc::EncodeFormatCapacities({.blocks = 12'219'392, .type = FormatDescriptor::kUnformatted}));
  const MediaState state = Read();
  EXPECT_FALSE(state.IsPseudoOverwrite());
  EXPECT_EQ(state.format, FormatDescriptor::kUnformatted);
}

TEST_F(MediaReaderTest, OverwritableMediaHaveOneTrackAndNoTables) {
  Medium medium;
  medium.profile = Profile::kDvdRam;
  medium.disc = {.disc_status = DiscStatus::kOther,
                 .last_session = LastSessionState::kComplete,
                 .erasable = true};
  medium.capacity = {.last_lba = 2'236'703};
  Insert(medium);
  device_->Refuse(opcode::kReadTrackInformation, SenseKey::kIllegalRequest, 0x20, 0x00);
  device_->Give(
      opcode::kReadFormatCapacities,
      mmc::EncodeFormatCapacities({.blocks = 2'236'704, .type = FormatDescriptor::kFormatted}));
  const MediaState state = Read();
  ASSERT_EQ(state.tracks.size(), 1u);
  EXPECT_EQ(state.tracks[0].size, Sectors(2'236'704));
  EXPECT_EQ(state.ReadableEnd(), Lba(2'236'704));
  EXPECT_EQ(state.total, Sectors(2'236'704));
  EXPECT_EQ(device_->asked(opcode::kReadToc), 0);
}

TEST_F(MediaReaderTest, AReadOnlyDriveIsReadByItsTable) {
  Medium medium = AppendableDvdPlusR();
  medium.profile = Profile::kDvdRom;
  medium.tracks.resize(2);
  Insert(medium);
  device_->Refuse(opcode::kReadDiscInformation, SenseKey::kIllegalRequest, 0x20, 0x00);
  device_->Refuse(opcode::kReadTrackInformation, SenseKey::kIllegalRequest, 0x20, 0x00);
  const MediaState state = Read();
  EXPECT_EQ(state.disc_status, DiscStatus::kComplete);
  ASSERT_EQ(state.tracks.size(), 2u);
  EXPECT_EQ(state.sessions, 2);
  EXPECT_EQ(state.LastCompleteSessionStart()->start, Lba(2'240));
  EXPECT_EQ(state.ReadableEnd(), Lba(2'304));
}

TEST_F(MediaReaderTest, ATableThatListsATrackTwiceIsNoted) {
  Medium medium;
  medium.profile = Profile::kDvdRom;
  medium.tracks = {{.track = 1}, {.track = 2, .start = Lba(2'240)}, {.track = 2, .start = Lba(9)}};
  medium.capacity = {.last_lba = 2'303};
  medium.session = {
      .first_session = 1,
      .last_session = 2,
      .first_track_in_last_session = {.adr = 1, .control = 4, .track = 2, .start = Lba(2'240)}};
  Insert(medium);
  device_->Refuse(opcode::kReadDiscInformation, SenseKey::kIllegalRequest, 0x20, 0x00);
  device_->Refuse(opcode::kReadTrackInformation, SenseKey::kIllegalRequest, 0x20, 0x00);
  const MediaState state = Read();
  EXPECT_EQ(state.tracks.size(), 2u);
  EXPECT_THAT(state.contradictions, testing::Contains(HasSubstr("track 2 behind track 2")));
}

TEST_F(MediaReaderTest, ATableThatEndsBeforeTheLastSessionStillHasItsAddress) {
  Medium medium;
  medium.profile = Profile::kDvdRom;
  for (uint16_t number = 1; number <= 99; ++number) {
    medium.tracks.push_back({.track = number, .start = Lba((number - 1) * 2'064)});
  }
  medium.capacity = {.last_lba = 313'743};
  medium.session = {
      .first_session = 1,
      .last_session = 153,
      .first_track_in_last_session = {.adr = 1, .control = 4, .track = 153, .start = Lba(313'728)}};
  Insert(medium);
  device_->Refuse(opcode::kReadDiscInformation, SenseKey::kIllegalRequest, 0x20, 0x00);
  device_->Refuse(opcode::kReadTrackInformation, SenseKey::kIllegalRequest, 0x20, 0x00);
  const MediaState state = Read();
  EXPECT_EQ(state.sessions, 153);
  ASSERT_EQ(state.tracks.size(), 100u);
  ASSERT_NE(state.LastCompleteSessionStart(), nullptr);
  EXPECT_EQ(state.LastCompleteSessionStart()->start, Lba(313'728));
  EXPECT_EQ(state.ReadableEnd(), Lba(313'744));
  EXPECT_EQ(state.tracks[98].start + state.tracks[98].size, Lba(313'728));
}

}  // namespace
}  // namespace carousel
