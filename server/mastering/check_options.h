// Whether a session can be made as its options say, before any tree is looked at.
#ifndef SERVER_MASTERING_CHECK_OPTIONS_H_
#define SERVER_MASTERING_CHECK_OPTIONS_H_

#include "absl/status/status.h"
#include "server/mastering/options.h"

namespace carousel::mastering {

// As imapi::MakeError: IMAPI_E_INVALID_PARAM with metadata parameter, IMAPI_E_INVALID_VOLUME_NAME.
absl::Status CheckOptions(const Options& options);

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_CHECK_OPTIONS_H_
