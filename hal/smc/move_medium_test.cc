#include "hal/smc/move_medium.h"

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel::smc {
namespace {

TEST(MoveMediumTest, TheCommandsAreReadBackByTheDevice) {
  const MoveMediumCdb move{.transport = 1, .source = 0x400, .destination = 0x100, .invert = true};
  EXPECT_THAT(DecodeMoveMediumCdb(MakeCommand(move).cdb), IsOkAndHolds(move));
  const ExchangeMediumCdb exchange{
      .transport = 1, .source = 0x400, .first_destination = 0x100, .second_destination = 0x401};
  EXPECT_THAT(DecodeExchangeMediumCdb(MakeCommand(exchange).cdb), IsOkAndHolds(exchange));
  const PositionToElementCdb position{.transport = 1, .destination = 0x400};
  EXPECT_THAT(DecodePositionToElementCdb(MakeCommand(position).cdb), IsOkAndHolds(position));
}

TEST(MoveMediumTest, OtherCommandsAreRefused) {
  const std::vector<uint8_t> cdb(16);
  EXPECT_THAT(DecodeMoveMediumCdb(cdb), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(DecodeExchangeMediumCdb(cdb), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(DecodePositionToElementCdb(cdb), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace carousel::smc
