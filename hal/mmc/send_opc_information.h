// SEND OPC INFORMATION: the drive finds the laser power that suits the disc (MMC-5 6.36).
#ifndef HAL_MMC_SEND_OPC_INFORMATION_H_
#define HAL_MMC_SEND_OPC_INFORMATION_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

// Without a list of OPC values of ours: the drive calibrates by itself.
struct SendOpcInformationCdb {
  bool calibrate = true;  // DoOPC
  uint16_t parameter_list_length = 0;
  bool operator==(const SendOpcInformationCdb&) const = default;
};
// Sends no values; the length that a decoded one has is not repeated.
scsi::Command MakeCommand(const SendOpcInformationCdb& cdb);
absl::StatusOr<SendOpcInformationCdb> DecodeSendOpcInformationCdb(absl::Span<const uint8_t> cdb);

}  // namespace carousel::mmc

#endif  // HAL_MMC_SEND_OPC_INFORMATION_H_
