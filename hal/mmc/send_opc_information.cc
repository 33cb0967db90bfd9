#include "hal/mmc/send_opc_information.h"

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/cdb.h"
#include "hal/scsi/opcode.h"

namespace carousel::mmc {

scsi::Command MakeCommand(const SendOpcInformationCdb& cdb) {
  scsi::Command command = NewCommand(scsi::opcode::kSendOpcInformation, 10, kWriteTimeout);
  command.cdb[1] = cdb.calibrate;
  return command;
}

absl::StatusOr<SendOpcInformationCdb> DecodeSendOpcInformationCdb(absl::Span<const uint8_t> cdb) {
  RETURN_IF_ERROR(CheckCdb(cdb, scsi::opcode::kSendOpcInformation, 10));
  return SendOpcInformationCdb{.calibrate = (cdb[1] & 1) != 0,
                               .parameter_list_length = LoadBe16(&cdb[7])};
}

}  // namespace carousel::mmc
