#include "server/uploads/spool_error.h"

#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {

absl::Status SpoolError(const absl::Status& status) {
  if (status.ok() || GetReason(status).has_value() || imapi::GetDetail(status).has_value())
    return status;
  const char* cause = "EIO";
  if (absl::IsResourceExhausted(status)) cause = "ENOSPC";
  if (absl::IsFailedPrecondition(status)) cause = "EROFS";
  return imapi::MakeError(imapi::Hresult::IMAPI_E_STASHFILE_WRITE_FAILURE, status.message(),
                          {{"cause", cause}});
}

}  // namespace carousel
