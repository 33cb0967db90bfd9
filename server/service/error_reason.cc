#include "server/service/error_reason.h"

#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {

std::string ErrorReason(const absl::Status& status) {
  if (const auto detail = imapi::GetDetail(status))
    return std::string(imapi::HresultName(detail->hresult));
  if (const auto detail = GetReason(status)) return detail->reason;
  return absl::StatusCodeToString(status.code());
}

}  // namespace carousel
