#include "hal/mmc/set_streaming.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/byte_order.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/mmc/speed.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

PerformanceDescriptor SixTimes() {
  return {.end = Lba(12'219'391),
          .read_speed = KilobytesPerSecond(26'970),
          .write_speed = KilobytesPerSecond(26'970)};
}

TEST(SetStreamingTest, TheCommandIsReadBackByTheDevice) {
  const std::vector<uint8_t> parameters = EncodePerformanceDescriptor(SixTimes());
  const scsi::Command command = MakeCommand(SetStreamingCdb{}, parameters);
  EXPECT_EQ(command.cdb[10], 28);
  EXPECT_EQ(command.data_out.size(), 28u);
  EXPECT_THAT(DecodeSetStreamingCdb(command.cdb),
              IsOkAndHolds(SetStreamingCdb{.parameter_list_length = 28}));
  EXPECT_THAT(DecodeSetStreamingCdb(std::vector<uint8_t>(11, 0xB6)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(SetStreamingTest, ASpeedIsSaidAsThatMuchInASecond) {
  std::vector<uint8_t> bytes = EncodePerformanceDescriptor(SixTimes());
  EXPECT_EQ(LoadBe32(&bytes[20]), 26'970u);
  EXPECT_EQ(LoadBe32(&bytes[24]), 1'000u);
  EXPECT_THAT(DecodePerformanceDescriptor(bytes), IsOkAndHolds(SixTimes()));
  StoreBe32(&bytes[24], 500);
  ASSERT_OK_AND_ASSIGN(const PerformanceDescriptor twice, DecodePerformanceDescriptor(bytes));
  EXPECT_EQ(twice.write_speed, KilobytesPerSecond(53'940));
  StoreBe32(&bytes[24], 0);
  ASSERT_OK_AND_ASSIGN(const PerformanceDescriptor none, DecodePerformanceDescriptor(bytes));
  EXPECT_EQ(none.write_speed, KilobytesPerSecond(0));
}

TEST(SetStreamingTest, EveryBitSurvivesARoundTrip) {
  const PerformanceDescriptor all{.rotation_control = 1,
                                  .restore_default = true,
                                  .exact = true,
                                  .random_access = true,
                                  .start = Lba(1),
                                  .end = Lba(2)};
  EXPECT_EQ(EncodePerformanceDescriptor(all)[0], 0x0F);
  EXPECT_THAT(DecodePerformanceDescriptor(EncodePerformanceDescriptor(all)), IsOkAndHolds(all));
  EXPECT_THAT(DecodePerformanceDescriptor(std::vector<uint8_t>(27)),
              StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace carousel::mmc
