// FromDevice of error.h, apart from it because only this part knows the device layer.
#include <optional>
#include <string>

#include "hal/scsi/command.h"
#include "hal/scsi/sense.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/imapi/sense_table.h"

namespace carousel::imapi {
namespace {

// What a device layer's status without sense means (hal/drive/drive.h).
Hresult HresultOfCode(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kDeadlineExceeded:
      return Hresult::E_IMAPI_RECORDER_COMMAND_TIMEOUT;
    case absl::StatusCode::kUnavailable:
      return Hresult::ERROR_DEV_NOT_EXIST;
    case absl::StatusCode::kAborted:
      // The medium changed while it was being read: it will settle.
      return Hresult::E_IMAPI_RECORDER_MEDIA_BECOMING_READY;
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
      return Hresult::E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE;
    case absl::StatusCode::kCancelled:
      return Hresult::E_IMAPI_REQUEST_CANCELLED;
    default:
      return Hresult::E_FAIL;
  }
}

}  // namespace

absl::Status FromDevice(const absl::Status& status) {
  if (status.ok() || GetDetail(status).has_value()) return status;
  const std::optional<scsi::SensePayload> payload = scsi::GetSense(status);
  if (!payload.has_value()) return MakeError(HresultOfCode(status.code()), status.message());
  Metadata metadata = {{"sense", payload->sense.ToString()},
                       {"opcode", scsi::OpcodeName(payload->opcode)}};
  const std::optional<Hresult> hresult = HresultOfSense(payload->sense, payload->opcode);
  if (hresult.has_value()) return MakeError(*hresult, status.message(), std::move(metadata));
  // A refusal without a reason is no success: nothing says that the command was carried out.
  if (payload->sense.key == scsi::SenseKey::kNoSense) {
    return MakeError(Hresult::E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE, status.message(),
                     std::move(metadata));
  }
  return absl::OkStatus();
}

}  // namespace carousel::imapi
