#include "hal/mmc/write.h"

#include <cstdint>
#include <type_traits>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/scsi/command.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {
namespace {

TEST(WriteTest, EachOpcodeIsReadBackByTheDevice) {
  const std::vector<uint8_t> sectors(32 * kSectorSize);
  for (const WriteCdb& cdb :
       {WriteCdb{.lba = Lba(12'010), .blocks = Sectors(32)},
        WriteCdb{.lba = Lba(62'500'832), .blocks = Sectors(32), .force_unit_access = true},
        WriteCdb{.opcode = scsi::opcode::kWrite12,
        .lba = Lba(0),
        .blocks = Sectors(32),
        .force_unit_access = true,
        .streaming = true}}) {
    const scsi::Command command = MakeCommand(cdb, sectors);
    EXPECT_EQ(command.data_out.size(), sectors.size());
    EXPECT_THAT(DecodeWriteCdb(command.cdb), IsOkAndHolds(cdb));
  }
}

TEST(WriteTest, ThePregapOfACdIsANegativeAddress) {
  const std::vector<uint8_t> sector(kSectorSize);
  const scsi::Command command = MakeCommand(WriteCdb{.lba = Lba(-150)}, sector);
  EXPECT_EQ(std::vector<uint8_t>(command.cdb.begin(), command.cdb.begin() + 10),
            (std::vector<uint8_t>{0x2A, 0, 0xFF, 0xFF, 0xFF, 0x6A, 0, 0, 1, 0}));
  EXPECT_THAT(DecodeWriteCdb(command.cdb),
              IsOkAndHolds(WriteCdb{.lba = Lba(-150), .blocks = Sectors(1)}));
}

TEST(WriteTest, AnAddressIsNoLength) {
  EXPECT_FALSE((std::is_convertible_v<Sectors, Lba>));
  EXPECT_FALSE((std::is_convertible_v<int, Sectors>));
}

TEST(WriteTest, OtherCommandsAndCutOnesAreRefused) {
  EXPECT_THAT(DecodeWriteCdb({}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(DecodeWriteCdb(std::vector<uint8_t>(12, 0x28)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(DecodeWriteCdb(std::vector<uint8_t>(10, 0xAA)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace carousel::mmc
