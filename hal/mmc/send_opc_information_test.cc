#include "hal/mmc/send_opc_information.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(SendOpcInformationTest, TheDriveIsAskedToCalibrateByItself) {
  const scsi::Command command = MakeCommand(SendOpcInformationCdb{});
  EXPECT_EQ(command.cdb_size, 10);
  EXPECT_EQ(command.cdb[1], 1);
  EXPECT_TRUE(command.data_out.empty());
  EXPECT_THAT(DecodeSendOpcInformationCdb(command.cdb), IsOkAndHolds(SendOpcInformationCdb{}));
}

TEST(SendOpcInformationTest, TheDeviceSeesAListOfValuesThatAnotherBurnerSends) {
  EXPECT_THAT(DecodeSendOpcInformationCdb(std::vector<uint8_t>{0x54, 0, 0, 0, 0, 0, 0, 0, 8, 0}),
              IsOkAndHolds(SendOpcInformationCdb{.calibrate = false, .parameter_list_length = 8}));
  EXPECT_THAT(DecodeSendOpcInformationCdb(std::vector<uint8_t>{0x54, 1}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace carousel::mmc
