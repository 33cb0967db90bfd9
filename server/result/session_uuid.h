// The UUID of a session: made from what the session is, so that the same session has the same one.
#ifndef SERVER_RESULT_SESSION_UUID_H_
#define SERVER_RESULT_SESSION_UUID_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace carousel {

// Of version 8 (RFC 9562), from the SHA-256 of `parts`, each with its length.
std::string SessionUuid(absl::Span<const absl::string_view> parts);

}  // namespace carousel

#endif  // SERVER_RESULT_SESSION_UUID_H_
