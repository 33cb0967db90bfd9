#include "hal/mmc/read.h"

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/command.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

TEST(ReadTest, EachOpcodeIsReadBackByTheDevice) {
  std::vector<uint8_t> buffer(2048);
  for (const ReadCdb& cdb : {ReadCdb{scsi::opcode::kRead6, 0x1F1234, 200},
                             ReadCdb{scsi::opcode::kRead10, 0xFFFF'FF6A, 0xFFFF},
                             ReadCdb{scsi::opcode::kRead12, 62'500'863, 0x1'0000}}) {
    EXPECT_THAT(DecodeReadCdb(MakeCommand(cdb, absl::MakeSpan(buffer)).cdb), IsOkAndHolds(cdb));
  }
}

TEST(ReadTest, Read6SaysTwoHundredAndFiftySixBlocksAsZero) {
  const ReadCdb cdb{scsi::opcode::kRead6, 16, 256};
  const scsi::Command command = MakeCommand(cdb, {});
  EXPECT_EQ(command.cdb[4], 0);
  EXPECT_THAT(DecodeReadCdb(command.cdb), IsOkAndHolds(cdb));
}

TEST(ReadTest, OtherCommandsAndCutOnesAreRefused) {
  EXPECT_THAT(DecodeReadCdb({}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(DecodeReadCdb(std::vector<uint8_t>(12, 0x2A)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(DecodeReadCdb(std::vector<uint8_t>(10, 0xA8)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace carousel::mmc
