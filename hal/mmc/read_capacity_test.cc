#include "hal/mmc/read_capacity.h"

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(ReadCapacityTest, TheCommandIsReadBackByTheDevice) {
  std::vector<uint8_t> buffer(kReadCapacitySize);
  const scsi::Command command = MakeCommand(ReadCapacityCdb{}, absl::MakeSpan(buffer));
  EXPECT_THAT(DecodeReadCapacityCdb(command.cdb), IsOk());
  EXPECT_THAT(DecodeReadCapacityCdb(std::vector<uint8_t>(10)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ReadCapacityTest, ValuesSurviveARoundTrip) {
  const Capacity capacity{.last_lba = 0xFFFF'0001, .block_length = 2048};
  EXPECT_THAT(DecodeCapacity(EncodeCapacity(capacity)), IsOkAndHolds(capacity));
}

TEST(ReadCapacityTest, AShortAnswerIsRefused) {
  EXPECT_THAT(DecodeCapacity(std::vector<uint8_t>(7)), StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace carousel::mmc
