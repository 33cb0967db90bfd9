#include "hal/mmc/set_cd_speed.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/mmc/speed.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(SetCdSpeedTest, TheCommandIsReadBackByTheDevice) {
  const SetCdSpeedCdb cdb{.rotation_control = 1,
                          .read_speed = KilobytesPerSecond(7'056),
                          .write_speed = KilobytesPerSecond(2'822)};
  const scsi::Command command = MakeCommand(cdb);
  EXPECT_EQ(command.cdb_size, 12);
  EXPECT_EQ(command.cdb[2], 0x1B);
  EXPECT_EQ(command.cdb[4], 0x0B);
  EXPECT_THAT(DecodeSetCdSpeedCdb(command.cdb), IsOkAndHolds(cdb));
  EXPECT_THAT(DecodeSetCdSpeedCdb(std::vector<uint8_t>(12)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(SetCdSpeedTest, WhatDoesNotFitTheFieldIsAsFastAsPossible) {
  const scsi::Command command = MakeCommand({.write_speed = KilobytesPerSecond(0x1'0000)});
  EXPECT_THAT(DecodeSetCdSpeedCdb(command.cdb), IsOkAndHolds(SetCdSpeedCdb{}));
}

}  // namespace
}  // namespace carousel::mmc
