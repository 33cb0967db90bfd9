#include "hal/mmc/format_unit.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(FormatUnitTest, TheCommandIsReadBackByTheDevice) {
  const std::vector<uint8_t> parameters = EncodeFormatParameters({});
  const scsi::Command command = MakeCommand(FormatUnitCdb{}, parameters);
  EXPECT_EQ(command.cdb_size, 6);
  EXPECT_EQ(command.cdb[1], 0x11);
  EXPECT_EQ(command.data_out.size(), kFormatParametersSize);
  EXPECT_THAT(DecodeFormatUnitCdb(command.cdb), IsOkAndHolds(FormatUnitCdb{}));
  EXPECT_THAT(DecodeFormatUnitCdb(std::vector<uint8_t>(6, 0x05)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(FormatUnitTest, ADvdPlusRwIsFormattedWhole) {
  EXPECT_EQ(EncodeFormatParameters({.type = FormatType::kDvdPlusRw}),
            (std::vector<uint8_t>{0, 0x02, 0, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0x98, 0, 0, 0}));
  EXPECT_EQ(
      EncodeFormatParameters({.type = FormatType::kDvdPlusRw, .parameter = kRestartFormat}).back(),
      1);
}

TEST(FormatUnitTest, ADvdRwGrowsByAQuickFormatOfNoBlocks) {
  EXPECT_EQ(EncodeFormatParameters({.type = FormatType::kDvdRwQuickGrow, .size = Sectors(0)}),
            (std::vector<uint8_t>{0, 0x02, 0, 8, 0, 0, 0, 0, 0x4C, 0, 0, 0}));
}

TEST(FormatUnitTest, EveryFieldSurvivesARoundTrip) {
  const FormatParameters parameters{.immediate = false,
                                    .options_valid = true,
                                    .disable_certification = true,
                                    .type = FormatType::kBdRWithSpares,
                                    .sub_type = 1,
                                    .size = Sectors(11'826'176),
                                    .parameter = 0x3000};
  EXPECT_THAT(DecodeFormatParameters(EncodeFormatParameters(parameters)), IsOkAndHolds(parameters));
  EXPECT_THAT(DecodeFormatParameters(EncodeFormatParameters({})), IsOkAndHolds(FormatParameters{}));
}

TEST(FormatUnitTest, AListThatIsNoneIsRefused) {
  EXPECT_THAT(DecodeFormatParameters(std::vector<uint8_t>(11)),
              StatusIs(absl::StatusCode::kInternal));
  std::vector<uint8_t> bytes = EncodeFormatParameters({});
  bytes[3] = 16;
  EXPECT_THAT(DecodeFormatParameters(bytes), StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace carousel::mmc
