#include "hal/mmc/read_toc.h"

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TocTracks TwoTracks() {
  return {.first_track = 1,
          .last_track = 2,
          .tracks = {{.adr = 1, .control = 4, .track = 1, .start = Lba(0)},
                     {.adr = 1, .control = 4, .track = 2, .start = Lba(12'010)},
                     {.adr = 1, .control = 4, .track = kLeadOutTrack, .start = Lba(17'900)}}};
}

TEST(ReadTocTest, TheFormatIsTakenFromWhereverTheInitiatorPutIt) {
  std::vector<uint8_t> buffer(12);
  const scsi::Command command =
      MakeCommand(ReadTocCdb{.format = kTocSession}, absl::MakeSpan(buffer));
  EXPECT_THAT(DecodeReadTocCdb(command.cdb),
              IsOkAndHolds(ReadTocCdb{.format = 1, .allocation_length = 12}));
  const std::vector<uint8_t> old = {0x43, 0x02, 0, 0, 0, 0, 1, 0, 12, 0x80};
  EXPECT_THAT(DecodeReadTocCdb(old),
              IsOkAndHolds(ReadTocCdb{
                  .msf = true, .format = 2, .track_or_session = 1, .allocation_length = 12}));
}

TEST(ReadTocTest, TracksSurviveARoundTrip) {
  EXPECT_THAT(DecodeTocTracks(EncodeTocTracks(TwoTracks())), IsOkAndHolds(TwoTracks()));
}

TEST(ReadTocTest, ADescriptorThatIsCutIsLeftOut) {
  std::vector<uint8_t> bytes = EncodeTocTracks(TwoTracks());
  bytes.resize(bytes.size() - 2);
  ASSERT_OK_AND_ASSIGN(const TocTracks toc, DecodeTocTracks(bytes));
  ASSERT_EQ(toc.tracks.size(), 2u);
  EXPECT_EQ(toc.tracks[1].start, Lba(12'010));
}

TEST(ReadTocTest, TwoHeaderBytesAreNoTable) {
  // What drives send for a blank disc.
  EXPECT_THAT(DecodeTocTracks(std::vector<uint8_t>{0, 0}), StatusIs(absl::StatusCode::kInternal));
}

TEST(ReadTocTest, TheLastSessionSurvivesARoundTripAndIsRefusedWhenCut) {
  const TocSession session{
      .first_session = 1,
      .last_session = 3,
      .first_track_in_last_session = {.adr = 1, .control = 4, .track = 3, .start = Lba(1'339'392)}};
  std::vector<uint8_t> bytes = EncodeTocSession(session);
  EXPECT_THAT(DecodeTocSession(bytes), IsOkAndHolds(session));
  bytes.resize(10);
  EXPECT_THAT(DecodeTocSession(bytes), StatusIs(absl::StatusCode::kInternal));
}

TEST(ReadTocTest, LeadInEntriesSurviveARoundTrip) {
  const RawToc toc{
      .first_session = 1,
      .last_session = 2,
      .entries = {{.session = 1, .adr = 1, .control = 4, .point = 0xA0, .point_minute = 1},
                  {.session = 2,
                   .adr = 5,
                   .control = 4,
                   .track = 0,
                   .point = 0xB0,
                   .minute = 2,
                   .second = 42,
                   .frame = 10,
                   .zero = 2,
                   .point_minute = 79,
                   .point_second = 59,
                   .point_frame = 74}}};
  EXPECT_THAT(DecodeRawToc(EncodeRawToc(toc)), IsOkAndHolds(toc));
}

}  // namespace
}  // namespace carousel::mmc
