#include "hal/mmc/close_track_session.h"

#include <cstdint>
#include <type_traits>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(CloseTrackSessionTest, EachFunctionIsReadBackByTheDevice) {
  for (int function = 0; function < 8; ++function) {
    const CloseTrackSessionCdb cdb{.immediate = true,
                                   .function = static_cast<CloseFunction>(function)};
    const scsi::Command command = MakeCommand(cdb);
    EXPECT_EQ(command.cdb[1], 1);
    EXPECT_EQ(command.cdb[2], function);
    EXPECT_THAT(DecodeCloseTrackSessionCdb(command.cdb), IsOkAndHolds(cdb));
  }
}

TEST(CloseTrackSessionTest, TheTrackHasSixteenBits) {
  const scsi::Command command = MakeCommand(
      CloseTrackSessionCdb{.function = CloseFunction::kTrack, .track = TrackNumber(0x102)});
  EXPECT_EQ(std::vector<uint8_t>(command.cdb.begin(), command.cdb.begin() + 10),
            (std::vector<uint8_t>{0x5B, 0, 1, 0, 1, 2, 0, 0, 0, 0}));
  EXPECT_THAT(DecodeCloseTrackSessionCdb(std::vector<uint8_t>(5, 0x5B)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(CloseTrackSessionTest, ASessionIsNoTrack) {
  EXPECT_FALSE((std::is_constructible_v<TrackNumber, SessionNumber>));
}

}  // namespace
}  // namespace carousel::mmc
