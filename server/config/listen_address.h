// Which addresses a listener may have: this machine's own unless something says who may reach it.
#ifndef SERVER_CONFIG_LISTEN_ADDRESS_H_
#define SERVER_CONFIG_LISTEN_ADDRESS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace carousel {

enum class Reach { kLoopback, kAnywhere };

// OK for a literal address with port ("127.0.0.1:0", "[::1]:7070"), within `reach`, or "unix:" with
// an absolute path. INVALID_ARGUMENT: anything else, host names included, since what they mean is
// decided elsewhere.
absl::Status CheckGrpcAddress(absl::string_view address, Reach reach = Reach::kLoopback);

// OK for a literal IPv4 address with port, which is what the HTTP server can listen on.
absl::Status CheckHttpAddress(absl::string_view address, Reach reach = Reach::kLoopback);

}  // namespace carousel

#endif  // SERVER_CONFIG_LISTEN_ADDRESS_H_
