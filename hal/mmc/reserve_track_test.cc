#include "hal/mmc/reserve_track.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(ReserveTrackTest, TheSizeIsInBytesFiveToEight) {
  const scsi::Command command = MakeCommand(ReserveTrackCdb{.size = Sectors(0x23'0FE0)});
  EXPECT_EQ(std::vector<uint8_t>(command.cdb.begin(), command.cdb.begin() + 10),
            (std::vector<uint8_t>{0x53, 0, 0, 0, 0, 0, 0x23, 0x0F, 0xE0, 0}));
  EXPECT_THAT(DecodeReserveTrackCdb(command.cdb),
              IsOkAndHolds(ReserveTrackCdb{.size = Sectors(0x23'0FE0)}));
}

TEST(ReserveTrackTest, TheDeviceTellsAReservationByAddress) {
  ASSERT_OK_AND_ASSIGN(const ReserveTrackCdb cdb, DecodeReserveTrackCdb(std::vector<uint8_t>{
                                                      0x53, 1, 0, 0, 1, 0, 0, 0, 0, 0}));
  EXPECT_TRUE(cdb.by_address);
  EXPECT_THAT(DecodeReserveTrackCdb({}), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace carousel::mmc
