#include "hal/mmc/mode_select.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/mmc/mode_sense.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(ModeSelectTest, TheCommandIsReadBackByTheDevice) {
  const std::vector<uint8_t> parameters(60);
  const scsi::Command command = MakeCommand(ModeSelectCdb{}, parameters);
  EXPECT_EQ(command.cdb[1], 0x10);
  EXPECT_EQ(command.data_out.size(), 60u);
  EXPECT_THAT(DecodeModeSelectCdb(command.cdb),
              IsOkAndHolds(ModeSelectCdb{.parameter_list_length = 60}));
  EXPECT_THAT(DecodeModeSelectCdb(std::vector<uint8_t>(9, 0x55)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ModeSelectTest, TheListIsAHeaderOfZerosAndThePageWithoutItsPsBit) {
  const ModePage page{.code = kWriteParametersPage, .savable = true, .data = {1, 2, 3}};
  EXPECT_EQ(EncodeModeParameters(page),
            (std::vector<uint8_t>{0, 0, 0, 0, 0, 0, 0, 0, 0x05, 3, 1, 2, 3}));
}

TEST(ModeSelectTest, TheDeviceReadsThePage) {
  const ModePage page = EncodeWriteParameters({.write_type = 1, .multi_session = 3});
  ASSERT_OK_AND_ASSIGN(const ModeData read, DecodeModeParameters(EncodeModeParameters(page)));
  ASSERT_NE(read.Find(kWriteParametersPage), nullptr);
  EXPECT_EQ(*read.Find(kWriteParametersPage), page);
  EXPECT_THAT(DecodeModeParameters(std::vector<uint8_t>(7)), StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace carousel::mmc
