// Text for protobuf strings out of bytes from anywhere.
#ifndef PROTO_STATUS_TEXT_H_
#define PROTO_STATUS_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace carousel {

// Valid UTF-8 of at most `max_bytes`: bytes that are no part of a character become U+FFFD, control
// characters become spaces, and what is cut off is marked by "...".
std::string CleanText(absl::string_view bytes, size_t max_bytes);

// As CleanText, but nothing is cut and control characters stay: for names.
std::string ToUtf8(absl::string_view bytes);

// Whether `bytes` are UTF-8 as RFC 3629 has it.
bool IsUtf8(absl::string_view bytes);

}  // namespace carousel

#endif  // PROTO_STATUS_TEXT_H_
