// The error of a path that a client sent.
#ifndef SERVER_IMAGE_PATH_ERROR_H_
#define SERVER_IMAGE_PATH_ERROR_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/imapi/hresult.h"

namespace carousel {

// `hresult` with the text "`path`" `what` and metadata field and path. The path is escaped and cut
// off at 256 bytes.
absl::Status PathError(imapi::Hresult hresult, absl::string_view path, absl::string_view what,
                       absl::string_view field = "path");

}  // namespace carousel

#endif  // SERVER_IMAGE_PATH_ERROR_H_
