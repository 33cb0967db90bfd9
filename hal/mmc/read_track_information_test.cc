#include "hal/mmc/read_track_information.h"

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TrackInformation Appendable() {
  return {.track = 4,
          .session = 4,
          .track_mode = 5,
          .packet = true,
          .data_mode = 1,
          .start = Lba(1'435'616),
          .next_writable = Lba(1'435'616),
          .free = Sectors(859'488),
          .packet_size = 16,
          .size = Sectors(859'488)};
}

TEST(ReadTrackInformationTest, TheCommandIsReadBackByTheDevice) {
  std::vector<uint8_t> buffer(36);
  const scsi::Command command =
      MakeCommand(ReadTrackInformationCdb{.address = kInvisibleTrack}, absl::MakeSpan(buffer));
  EXPECT_THAT(DecodeReadTrackInformationCdb(command.cdb),
              IsOkAndHolds(ReadTrackInformationCdb{
                  .address_type = TrackAddress::kTrack, .address = 0xFF, .allocation_length = 36}));
}

TEST(ReadTrackInformationTest, TheSessionIsInByteThree) {
  std::vector<uint8_t> bytes = EncodeTrackInformation(Appendable());
  EXPECT_EQ(bytes[2], 4);
  bytes[3] = 3;
  ASSERT_OK_AND_ASSIGN(const TrackInformation info, DecodeTrackInformation(bytes));
  EXPECT_EQ(info.track, 4);
  EXPECT_EQ(info.session, 3);
}

TEST(ReadTrackInformationTest, EveryFieldSurvivesARoundTrip) {
  EXPECT_THAT(DecodeTrackInformation(EncodeTrackInformation(Appendable())),
              IsOkAndHolds(Appendable()));
  const TrackInformation other{.track = 0x102,
                               .session = 0x101,
                               .track_mode = 0xF,
                               .damage = true,
                               .reserved = true,
                               .blank = true,
                               .fixed_packet = true,
                               .data_mode = 0xF,
                               .start = Lba(-150),
                               .size = Sectors(0xFFFFFFFF),
                               .last_recorded = Lba(77),
                               .read_compatibility_lba = 5};
  EXPECT_THAT(DecodeTrackInformation(EncodeTrackInformation(other)), IsOkAndHolds(other));
}

TEST(ReadTrackInformationTest, AnAddressThatIsNotDeclaredValidIsAbsent) {
  std::vector<uint8_t> bytes = EncodeTrackInformation(Appendable());
  bytes[7] = 0;
  ASSERT_OK_AND_ASSIGN(const TrackInformation info, DecodeTrackInformation(bytes));
  EXPECT_FALSE(info.next_writable.has_value());
  EXPECT_FALSE(info.last_recorded.has_value());
}

TEST(ReadTrackInformationTest, ANegativeNextWritableAddressStaysNegative) {
  std::vector<uint8_t> bytes = EncodeTrackInformation({.next_writable = Lba(-150)});
  EXPECT_EQ(bytes[15], 0x6A);
  ASSERT_OK_AND_ASSIGN(const TrackInformation info, DecodeTrackInformation(bytes));
  EXPECT_EQ(info.next_writable, Lba(-150));
}

TEST(ReadTrackInformationTest, ShorterAnswersAreAcceptedUpToTheSize) {
  std::vector<uint8_t> bytes = EncodeTrackInformation(
      {.track = 0x101, .session = 0x201, .size = Sectors(9), .last_recorded = Lba(8)});
  bytes.resize(28);
  ASSERT_OK_AND_ASSIGN(const TrackInformation info, DecodeTrackInformation(bytes));
  EXPECT_EQ(info.track, 1);
  EXPECT_EQ(info.session, 1) << "byte 33 absent counts as zero";
  EXPECT_FALSE(info.last_recorded.has_value()) << "its bytes did not come";
  EXPECT_EQ(info.size, Sectors(9));
  bytes.resize(27);
  EXPECT_THAT(DecodeTrackInformation(bytes), StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(DecodeTrackInformation({}), StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace carousel::mmc
