// The word by which logs and metrics name an error.
#ifndef SERVER_SERVICE_ERROR_REASON_H_
#define SERVER_SERVICE_ERROR_REASON_H_

#include <string>

#include "absl/status/status.h"

namespace carousel {

// What clients get as ErrorInfo.reason: "IMAPI_E_IMPORT_READ_FAILURE", "CHANGER_FAILURE"; the
// code's name for an error that has none.
std::string ErrorReason(const absl::Status& status);

}  // namespace carousel

#endif  // SERVER_SERVICE_ERROR_REASON_H_
