#include "hal/scsi/transport.h"

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/answering_transport.h"
#include "hal/scsi/command.h"
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

TEST(TransportTest, CommandsAreTimedByTheClockThatWasSet) {
  class Stopwatch : public TransportObserver {
   public:
    void OnCommand(const Command&, const absl::StatusOr<Result>&, absl::Duration took) override {
      last = took;
    }
    absl::Duration last;
  };
  FakeClock clock;
  Stopwatch stopwatch;
  AnsweringTransport transport;
  transport.set_clock(&clock);
  transport.set_observer(&stopwatch);
  transport.Give(0x00, [&clock](AnsweringTransport::Cdb) {
    clock.Advance(absl::Seconds(7));
    return std::vector<uint8_t>();
  });
  ASSERT_OK(transport.Execute(Command{.cdb_size = 6}));
  EXPECT_EQ(stopwatch.last, absl::Seconds(7));
}

}  // namespace
}  // namespace carousel::scsi
