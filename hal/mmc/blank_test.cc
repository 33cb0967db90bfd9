#include "hal/mmc/blank.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(BlankTest, EachTypeIsReadBackByTheDevice) {
  for (int type = 0; type < 8; ++type) {
    const BlankCdb cdb{
        .immediate = true, .type = static_cast<BlankType>(type), .start = 0x1234'5678};
    const scsi::Command command = MakeCommand(cdb);
    EXPECT_EQ(command.cdb_size, 12);
    EXPECT_EQ(command.cdb[1], 0x10 | type);
    EXPECT_THAT(DecodeBlankCdb(command.cdb), IsOkAndHolds(cdb));
  }
  EXPECT_THAT(DecodeBlankCdb(std::vector<uint8_t>(10, 0xA1)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace carousel::mmc
