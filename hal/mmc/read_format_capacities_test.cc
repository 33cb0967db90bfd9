#include "hal/mmc/read_format_capacities.h"

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

FormatCapacities BlankBdR() {
  return {.blocks = 12'219'392,
          .type = FormatDescriptor::kUnformatted,
          .formattable = {{.blocks = 11'826'176, .type = 0x00, .parameter = 12'288},
                          {.blocks = 12'088'320, .type = 0x32, .sub_type = 1, .parameter = 4'096}}};
}

TEST(ReadFormatCapacitiesTest, TheCommandIsReadBackByTheDevice) {
  std::vector<uint8_t> buffer(kMaxFormatCapacitiesSize);
  const scsi::Command command = MakeCommand(ReadFormatCapacitiesCdb{}, absl::MakeSpan(buffer));
  EXPECT_THAT(DecodeReadFormatCapacitiesCdb(command.cdb),
              IsOkAndHolds(ReadFormatCapacitiesCdb{.allocation_length = kMaxFormatCapacitiesSize}));
}

TEST(ReadFormatCapacitiesTest, DescriptorsSurviveARoundTrip) {
  EXPECT_THAT(DecodeFormatCapacities(EncodeFormatCapacities(BlankBdR())), IsOkAndHolds(BlankBdR()));
}

TEST(ReadFormatCapacitiesTest, TheCurrentDescriptorAloneIsEnoughAndLessIsNot) {
  std::vector<uint8_t> bytes = EncodeFormatCapacities(BlankBdR());
  bytes.resize(13);
  ASSERT_OK_AND_ASSIGN(const FormatCapacities capacities, DecodeFormatCapacities(bytes));
  EXPECT_EQ(capacities.blocks, 12'219'392u);
  EXPECT_TRUE(capacities.formattable.empty());
  bytes.resize(11);
  EXPECT_THAT(DecodeFormatCapacities(bytes), StatusIs(absl::StatusCode::kInternal));
}

TEST(ReadFormatCapacitiesTest, NoMoreDescriptorsAreSentThanTheLengthByteCanSay) {
  FormatCapacities many = BlankBdR();
  many.formattable.resize(100);
  const std::vector<uint8_t> bytes = EncodeFormatCapacities(many);
  EXPECT_EQ(bytes.size(), kMaxFormatCapacitiesSize);
  ASSERT_OK_AND_ASSIGN(const FormatCapacities decoded, DecodeFormatCapacities(bytes));
  EXPECT_EQ(decoded.formattable.size(), 30u);
}

}  // namespace
}  // namespace carousel::mmc
