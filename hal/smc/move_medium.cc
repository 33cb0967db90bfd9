#include "hal/smc/move_medium.h"

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::smc {
namespace {

// A swap takes real arms up to half a minute; one that retries a grip several times that.
constexpr absl::Duration kMoveTimeout = absl::Minutes(5);

}  // namespace

scsi::Command MakeCommand(const MoveMediumCdb& cdb) {
  scsi::Command command = mmc::NewCommand(scsi::opcode::kMoveMedium, 12, kMoveTimeout);
  StoreBe16(&command.cdb[2], cdb.transport);
  StoreBe16(&command.cdb[4], cdb.source);
  StoreBe16(&command.cdb[6], cdb.destination);
  command.cdb[10] = cdb.invert;
  return command;
}

absl::StatusOr<MoveMediumCdb> DecodeMoveMediumCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(mmc::CheckCdb(cdb, scsi::opcode::kMoveMedium, 12));
  return MoveMediumCdb{.transport = LoadBe16(&cdb[2]),
                       .source = LoadBe16(&cdb[4]),
                       .destination = LoadBe16(&cdb[6]),
                       .invert = (cdb[10] & 1) != 0};
}

scsi::Command MakeCommand(const ExchangeMediumCdb& cdb) {
  scsi::Command command = mmc::NewCommand(scsi::opcode::kExchangeMedium, 12, 2 * kMoveTimeout);
  StoreBe16(&command.cdb[2], cdb.transport);
  StoreBe16(&command.cdb[4], cdb.source);
  StoreBe16(&command.cdb[6], cdb.first_destination);
  StoreBe16(&command.cdb[8], cdb.second_destination);
  return command;
}

absl::StatusOr<ExchangeMediumCdb> DecodeExchangeMediumCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(mmc::CheckCdb(cdb, scsi::opcode::kExchangeMedium, 12));
  return ExchangeMediumCdb{.transport = LoadBe16(&cdb[2]),
                           .source = LoadBe16(&cdb[4]),
                           .first_destination = LoadBe16(&cdb[6]),
                           .second_destination = LoadBe16(&cdb[8])};
}

scsi::Command MakeCommand(const PositionToElementCdb& cdb) {
  scsi::Command command = mmc::NewCommand(scsi::opcode::kPositionToElement, 10, kMoveTimeout);
  StoreBe16(&command.cdb[2], cdb.transport);
  StoreBe16(&command.cdb[4], cdb.destination);
  return command;
}

absl::StatusOr<PositionToElementCdb> DecodePositionToElementCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(mmc::CheckCdb(cdb, scsi::opcode::kPositionToElement, 10));
  return PositionToElementCdb{.transport = LoadBe16(&cdb[2]), .destination = LoadBe16(&cdb[4])};
}

}  // namespace carousel::smc
