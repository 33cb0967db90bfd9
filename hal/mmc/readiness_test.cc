#include "hal/mmc/readiness.h"

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(ReadinessTest, TestUnitReadyHasNoFields) {
  const scsi::Command command = MakeCommand(TestUnitReadyCdb{});
  EXPECT_EQ(command.opcode(), 0x00);
  EXPECT_EQ(command.cdb_size, 6);
  EXPECT_THAT(DecodeTestUnitReadyCdb(command.cdb), IsOk());
  EXPECT_THAT(DecodeTestUnitReadyCdb({}), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ReadinessTest, RequestSenseAsksForNoMoreThanSenseCanHave) {
  std::vector<uint8_t> buffer(4096);
  const scsi::Command command =
      MakeCommand(RequestSenseCdb{.descriptor_format = true}, absl::MakeSpan(buffer));
  EXPECT_EQ(command.data_in.size(), 252u);
  EXPECT_THAT(DecodeRequestSenseCdb(command.cdb),
              IsOkAndHolds(RequestSenseCdb{.descriptor_format = true, .allocation_length = 252}));
}

}  // namespace
}  // namespace carousel::mmc
