#include "hal/drive/media_checks.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/types.h"
#include "hal/drive/fake_media.h"
#include "hal/drive/media_state.h"
#include "hal/mmc/profile.h"
#include "hal/mmc/read_toc.h"

namespace carousel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

MediaState TwoSessions() {
  const std::vector<FakeSession> sessions = {{Lba(0), Sectors(192)}, {Lba(2'240), Sectors(64)}};
  return AppendableMedia(mmc::Profile::kDvdPlusR, sessions, Lba(4'352), Sectors(2'295'104));
}

TEST(MediaChecksTest, SoundAnswersStayAsTheyAre) {
  MediaState state = TwoSessions();
  CheckTracks(state);
  CheckBlank(state);
  CheckReadable(state);
  EXPECT_THAT(state.contradictions, IsEmpty());
  EXPECT_EQ(state.sessions, 3);
  EXPECT_EQ(state.AppendTrack()->next_writable, Lba(4'352));
}

TEST(MediaChecksTest, SessionsThatAreNotNamedAreCountedFromTheTracks) {
  MediaState state = TwoSessions();
  for (TrackState& track : state.tracks) track.session = SessionNumber(0);
  CheckTracks(state);
  EXPECT_EQ(state.tracks[0].session, SessionNumber(1));
  EXPECT_EQ(state.tracks[2].session, SessionNumber(3));
  EXPECT_EQ(state.contradictions.size(), 3u);
}

TEST(MediaChecksTest, ASessionBehindItsSuccessorIsRaised) {
  MediaState state = TwoSessions();
  state.tracks[1].session = SessionNumber(3);
  state.tracks[2].session = SessionNumber(2);
  CheckTracks(state);
  EXPECT_EQ(state.tracks[2].session, SessionNumber(3));
  EXPECT_THAT(state.contradictions, ElementsAre(HasSubstr("session 2 after session 3")));
}

TEST(MediaChecksTest, TheTracksDecideHowManySessionsThereAre) {
  MediaState state = TwoSessions();
  state.sessions = 4;
  CheckTracks(state);
  EXPECT_EQ(state.sessions, 3);
  EXPECT_EQ(state.LastCompleteSessionStart()->start, Lba(2'240));
  EXPECT_THAT(state.contradictions, ElementsAre(HasSubstr("counts 4 sessions")));
}

TEST(MediaChecksTest, ANextWritableAddressOutsideOfItsTrackIsNotUsed) {
  for (const Lba nwa : {Lba(-150), Lba(4'351), Lba(3'000'000)}) {
    MediaState state = TwoSessions();
    state.tracks[2].next_writable = nwa;
    CheckTracks(state);
    EXPECT_EQ(state.AppendTrack(), nullptr);
    EXPECT_EQ(state.contradictions.size(), 1u);
  }
}

TEST(MediaChecksTest, ATrackInsideOfAnotherAndOneBeyondEveryDiscAreNoted) {
  MediaState state = TwoSessions();
  state.tracks[0].size = Sectors(5'000);
  state.tracks[1].size = Sectors(4'294'770'690);
  state.tracks[2].next_writable.reset();
  CheckTracks(state);
  FindTotal(state);
  EXPECT_EQ(state.total, Sectors(2'295'104)) << "nonsense does not count";
  EXPECT_THAT(state.contradictions,
              ElementsAre(HasSubstr("track 2: 4294770690 sectors"), HasSubstr("inside of track 1"),
                          HasSubstr("inside of track 2")));
}

TEST(MediaChecksTest, AFormattedButUnwrittenBdRIsBlank) {
  MediaState state = BlankMedia(mmc::Profile::kBdRSequential, Sectors(11'826'176));
  state.disc_status = DiscStatus::kAppendable;
  state.readable = Sectors(1);
  CheckBlank(state);
  EXPECT_EQ(state.disc_status, DiscStatus::kBlank);
  EXPECT_THAT(state.contradictions, ElementsAre(HasSubstr("taken as blank")));
}

TEST(MediaChecksTest, AMissingSessionIsNeverBelowTheOneBefore) {
  MediaState state = TwoSessions();
  state.sessions = 2;
  state.tracks[0].session = SessionNumber(176);
  state.tracks[1].session = SessionNumber(0);
  CheckTracks(state);
  EXPECT_EQ(state.tracks[1].session, SessionNumber(176));
}

TEST(MediaChecksTest, AnOpenFirstSessionIsNotBlank) {
  MediaState state =
      OpenSessionMedia(mmc::Profile::kDvdPlusR, {}, Lba(0), Sectors(16), Sectors(2'295'104));
  CheckBlank(state);
  EXPECT_EQ(state.disc_status, DiscStatus::kAppendable);
}

TEST(MediaChecksTest, AnOpenFirstSessionLeavesNothingToRead) {
  MediaState state =
      OpenSessionMedia(mmc::Profile::kBdRSequential, {}, Lba(0), Sectors(64), Sectors(48'878'592));
  state.readable = Sectors(1);
  CheckReadable(state);
  EXPECT_EQ(state.ReadableEnd(), Lba(0));
}

TEST(MediaChecksTest, AnAbsurdCapacityIsNotUsed) {
  MediaState state = TwoSessions();
  state.readable = Sectors(4'294'770'690);
  CheckReadable(state);
  EXPECT_FALSE(state.readable.has_value());
  EXPECT_EQ(state.ReadableEnd(), Lba(2'304));
  EXPECT_THAT(state.contradictions, ElementsAre(HasSubstr("4294770690")));
}

TEST(MediaChecksTest, ACapacityThatDiffersFromTheTracksIsNoted) {
  MediaState state = TwoSessions();
  state.readable = Sectors(192);
  CheckReadable(state);
  EXPECT_THAT(state.contradictions, ElementsAre(HasSubstr("READ CAPACITY ends at LBA 192")));
}

TEST(MediaChecksTest, TablesAreComparedTrackByTrack) {
  MediaState state = TwoSessions();
  CheckToc({.tracks = {{.track = 1, .start = Lba(0)},
                       {.track = 2, .start = Lba(2'241)},
                       {.track = 9, .start = Lba(5)},
                       {.track = mmc::kLeadOutTrack, .start = Lba(-196'607)}}},
           state);
  EXPECT_THAT(state.contradictions,
              ElementsAre(HasSubstr("track 2 at LBA 2241"), HasSubstr("a track 9"),
                          HasSubstr("lead-out at -196607")));
}

TEST(MediaChecksTest, TheTotalIsTheWholeDisc) {
  MediaState sequential = TwoSessions();
  sequential.total = Sectors(0);
  FindTotal(sequential);
  EXPECT_EQ(sequential.total, Sectors(2'295'104));
  MediaState rewritable = OverwritableMedia(mmc::Profile::kBdRe, Sectors(11'826'176));
  rewritable.total = Sectors(0);
  rewritable.format_capacity.reset();
  FindTotal(rewritable);
  EXPECT_EQ(rewritable.total, Sectors(11'826'176)) << "by READ CAPACITY";
}

TEST(MediaChecksTest, TheTotalOfAPartlyFormattedDiscIsTheWholeDisc) {
  MediaState state = OverwritableMedia(mmc::Profile::kDvdPlusRw, Sectors(2'295'104));
  state.background_format = BackgroundFormat::kSuspended;
  state.readable = state.format_capacity = Sectors(4'096);
  state.total = Sectors(0);
  FindTotal(state);
  EXPECT_EQ(state.total, Sectors(2'295'104));
  EXPECT_EQ(state.ReadableEnd(), Lba(4'096));
}

}  // namespace
}  // namespace carousel
