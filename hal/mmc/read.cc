#include "hal/mmc/read.h"

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/cdb.h"

namespace carousel::mmc {
namespace {

constexpr uint32_t kRead6AddressMask = 0x1FFFFF;
constexpr uint32_t kRead6Blocks = 256;  // said as 0

// A drive tries a bad block for tens of seconds before it gives up.
constexpr absl::Duration kReadTimeout = absl::Seconds(60);

}  // namespace

scsi::Command MakeCommand(const ReadCdb& cdb, absl::Span<uint8_t> data_in) {
  switch (cdb.opcode) {
    case scsi::opcode::kRead6: {
      scsi::Command command = NewCommand(cdb.opcode, 6, kReadTimeout, data_in);
      StoreBe24(&command.cdb[1], cdb.lba & kRead6AddressMask);
      command.cdb[4] = cdb.blocks & 0xFF;
      return command;
    }
    case scsi::opcode::kRead12: {
      scsi::Command command = NewCommand(cdb.opcode, 12, kReadTimeout, data_in);
      StoreBe32(&command.cdb[2], cdb.lba);
      StoreBe32(&command.cdb[6], cdb.blocks);
      return command;
    }
    default: {
      scsi::Command command = NewCommand(scsi::opcode::kRead10, 10, kReadTimeout, data_in);
      StoreBe32(&command.cdb[2], cdb.lba);
      StoreBe16(&command.cdb[7], cdb.blocks & 0xFFFF);
      return command;
    }
  }
}

absl::StatusOr<ReadCdb> DecodeReadCdb(absl::Span<const uint8_t> cdb) {
  const uint8_t opcode = cdb.empty() ? 0 : cdb[0];
  switch (opcode) {
    case scsi::opcode::kRead6:
      RETURN_IF_ERROR(CheckCdb(cdb, opcode, 6));
      return ReadCdb{.opcode = opcode,
                     .lba = LoadBe24(&cdb[1]) & kRead6AddressMask,
                     .blocks = cdb[4] == 0 ? kRead6Blocks : cdb[4]};
    case scsi::opcode::kRead12:
      RETURN_IF_ERROR(CheckCdb(cdb, opcode, 12));
      return ReadCdb{.opcode = opcode, .lba = LoadBe32(&cdb[2]), .blocks = LoadBe32(&cdb[6])};
    default:
      RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kRead10, 10));
      return ReadCdb{.opcode = opcode, .lba = LoadBe32(&cdb[2]), .blocks = LoadBe16(&cdb[7])};
  }
}

}  // namespace carousel::mmc
