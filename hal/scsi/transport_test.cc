#include "hal/scsi/transport.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/scripted_transport.h"

namespace carousel::scsi {
namespace {

TEST(TransportTest, AMalformedCommandIsRefusedBeforeItIsSent) {
  ScriptedTransport transport;
  EXPECT_THAT(transport.Execute(Command{}), StatusIs(absl::StatusCode::kInvalidArgument));
  std::vector<uint8_t> large(transport.max_transfer() + 1);
  EXPECT_THAT(transport.Execute(Command{.cdb_size = 6, .data_in = absl::MakeSpan(large)}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  std::vector<uint8_t> in(8), out(8);
  EXPECT_THAT(
      transport.Execute(Command{.cdb_size = 6, .data_in = absl::MakeSpan(in), .data_out = out}),
      StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(TransportTest, AClaimedTransferNeverExceedsTheBuffer) {
  ScriptedTransport transport;
  transport.Expect({.opcode = 0x12, .reply = {1, 2, 3}, .claimed_transfer = 4096});
  std::vector<uint8_t> in(8);
  ASSERT_OK_AND_ASSIGN(
      const Result result,
      transport.Execute(Command{.cdb = {0x12}, .cdb_size = 6, .data_in = absl::MakeSpan(in)}));
  EXPECT_EQ(result.transferred, 8u);
}

}  // namespace
}  // namespace carousel::scsi
