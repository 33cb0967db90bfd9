// Text as a JSON string.
#ifndef SERVER_LOG_JSON_TEXT_H_
#define SERVER_LOG_JSON_TEXT_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace carousel {

// Appends `text` in quotation marks. Control characters, C1 ones and line separators too, are
// escaped; bytes that are no UTF-8 become U+FFFD; what is beyond `max_bytes` of `text` becomes an
// ellipsis.
void AppendJsonString(absl::string_view text, size_t max_bytes, std::string* out);

}  // namespace carousel

#endif  // SERVER_LOG_JSON_TEXT_H_
