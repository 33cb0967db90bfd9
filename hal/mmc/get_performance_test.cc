#include "hal/mmc/get_performance.h"

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(GetPerformanceTest, TheCommandAsksForAsManyDescriptorsAsFit) {
  std::vector<uint8_t> buffer(8 + 16 * 5 + 15);
  const scsi::Command command = MakeCommand(GetPerformanceCdb{}, absl::MakeSpan(buffer));
  EXPECT_THAT(DecodeGetPerformanceCdb(command.cdb),
              IsOkAndHolds(GetPerformanceCdb{.maximum_descriptors = 5}));
}

TEST(GetPerformanceTest, SpeedsSurviveARoundTrip) {
  const WriteSpeeds speeds{.speeds = {{.rotation_control = 1,
                                       .exact = true,
                                       .end_lba = 2'295'103,
                                       .read_speed = 22'160,
                                       .write_speed = 22'160},
                                      {.end_lba = 2'295'103, .write_speed = 5'540}}};
  EXPECT_THAT(DecodeWriteSpeeds(EncodeWriteSpeeds(speeds)), IsOkAndHolds(speeds));
}

TEST(GetPerformanceTest, LengthsThatLieAreCut) {
  std::vector<uint8_t> bytes = EncodeWriteSpeeds({.speeds = {{}, {}}});
  bytes[0] = 0xFF;
  bytes.resize(bytes.size() - 1);
  ASSERT_OK_AND_ASSIGN(const WriteSpeeds speeds, DecodeWriteSpeeds(bytes));
  EXPECT_EQ(speeds.speeds.size(), 1u);
  EXPECT_THAT(DecodeWriteSpeeds(std::vector<uint8_t>(7)), StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace carousel::mmc
