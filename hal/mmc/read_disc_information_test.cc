#include "hal/mmc/read_disc_information.h"

#include <array>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(ReadDiscInformationTest, TheCommandIsReadBackByTheDevice) {
  std::vector<uint8_t> buffer(34);
  const scsi::Command command = MakeCommand(ReadDiscInformationCdb{}, absl::MakeSpan(buffer));
  EXPECT_EQ(command.opcode(), 0x51);
  EXPECT_THAT(DecodeReadDiscInformationCdb(command.cdb),
              IsOkAndHolds(ReadDiscInformationCdb{.allocation_length = 34}));
}

TEST(ReadDiscInformationTest, AnAppendableDiscAfterThreeSessions) {
  const std::vector<uint8_t> bytes = {0x00, 0x20, 0x01, 0x01, 0x04, 0x04, 0x04, 0x20, 0xFF, 0, 0, 0,
                                      0,    0,    0,    0,    0,    0,    0,    0,    0,    0, 0, 0,
                                      0,    0,    0,    0,    0,    0,    0,    0,    0,    0};
  ASSERT_OK_AND_ASSIGN(const DiscInformation info, DecodeDiscInformation(bytes));
  EXPECT_EQ(info.disc_status, DiscStatus::kAppendable);
  EXPECT_EQ(info.last_session, LastSessionState::kEmpty);
  EXPECT_FALSE(info.erasable);
  EXPECT_EQ(info.sessions, 4);
  EXPECT_EQ(info.last_track_in_last_session, 4);
  EXPECT_EQ(EncodeDiscInformation(info), bytes);
}

TEST(ReadDiscInformationTest, HighBytesOfSessionsAndTracksAreJoined) {
  const DiscInformation info{.disc_status = DiscStatus::kComplete,
                             .last_session = LastSessionState::kComplete,
                             .erasable = true,
                             .sessions = 300,
                             .first_track_in_last_session = 301,
                             .last_track_in_last_session = 302,
                             .background_format = BackgroundFormat::kComplete,
                             .disc_id = 0xDEADBEEF,
                             .bar_code = std::array<uint8_t, 8>{1, 2, 3, 4, 5, 6, 7, 8},
                             .opc_tables = 2};
  EXPECT_THAT(DecodeDiscInformation(EncodeDiscInformation(info)), IsOkAndHolds(info));
}

TEST(ReadDiscInformationTest, AShorterAnswerIsAcceptedUpToTheBackgroundFormat) {
  std::vector<uint8_t> bytes = EncodeDiscInformation({.sessions = 0x102});
  bytes.resize(8);
  ASSERT_OK_AND_ASSIGN(const DiscInformation info, DecodeDiscInformation(bytes));
  EXPECT_EQ(info.sessions, 2) << "the high byte is not there";
  bytes.resize(7);
  EXPECT_THAT(DecodeDiscInformation(bytes), StatusIs(absl::StatusCode::kInternal));
}

TEST(ReadDiscInformationTest, AnnouncedNothingAndOtherDataTypesAreRefused) {
  std::vector<uint8_t> bytes = EncodeDiscInformation({});
  bytes[2] = 1 << 5;
  EXPECT_THAT(DecodeDiscInformation(bytes), StatusIs(absl::StatusCode::kInternal));
  bytes[0] = bytes[1] = bytes[2] = 0;
  EXPECT_THAT(DecodeDiscInformation(bytes), StatusIs(absl::StatusCode::kInternal));
}

TEST(ReadDiscInformationTest, MoreOpcTablesThanWereSentAreNotCounted) {
  std::vector<uint8_t> bytes = EncodeDiscInformation({});
  bytes[33] = 200;
  ASSERT_OK_AND_ASSIGN(const DiscInformation info, DecodeDiscInformation(bytes));
  EXPECT_EQ(info.opc_tables, 0);
}

}  // namespace
}  // namespace carousel::mmc
