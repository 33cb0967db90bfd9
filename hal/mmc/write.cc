#include "hal/mmc/write.h"

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/cdb.h"

namespace carousel::mmc {
namespace {

constexpr uint8_t kForceUnitAccess = 0x08;
constexpr uint8_t kStreaming = 0x80;

Lba SignedLba(uint32_t value) { return Lba(static_cast<int32_t>(value)); }

}  // namespace

scsi::Command MakeCommand(const WriteCdb& cdb, absl::Span<const uint8_t> sectors) {
  const auto blocks = static_cast<uint32_t>(sectors.size() / kSectorSize);
  const bool long_form = cdb.opcode == scsi::opcode::kWrite12;
  scsi::Command command =
      NewSendingCommand(long_form ? scsi::opcode::kWrite12 : scsi::opcode::kWrite10,
                        long_form ? 12 : 10, kWriteTimeout, sectors);
  command.cdb[1] = cdb.force_unit_access ? kForceUnitAccess : 0;
  StoreBe32(&command.cdb[2], static_cast<uint32_t>(cdb.lba.value()));
  if (long_form) {
    StoreBe32(&command.cdb[6], blocks);
    command.cdb[10] = cdb.streaming ? kStreaming : 0;
  } else {
    StoreBe16(&command.cdb[7], blocks & 0xFFFF);
  }
  return command;
}

absl::StatusOr<WriteCdb> DecodeWriteCdb(absl::Span<const uint8_t> cdb) {
  if (!cdb.empty() && cdb[0] == scsi::opcode::kWrite12) {
    RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kWrite12, 12));
    return WriteCdb{.opcode = scsi::opcode::kWrite12,
                    .lba = SignedLba(LoadBe32(&cdb[2])),
                    .blocks = Sectors(LoadBe32(&cdb[6])),
                    .force_unit_access = (cdb[1] & kForceUnitAccess) != 0,
                    .streaming = (cdb[10] & kStreaming) != 0};
  }
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kWrite10, 10));
  return WriteCdb{.opcode = scsi::opcode::kWrite10,
                  .lba = SignedLba(LoadBe32(&cdb[2])),
                  .blocks = Sectors(LoadBe16(&cdb[7])),
                  .force_unit_access = (cdb[1] & kForceUnitAccess) != 0};
}

}  // namespace carousel::mmc
