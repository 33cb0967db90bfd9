#include "hal/mmc/answer.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace carousel::mmc {

std::string Answer::Text(size_t at, size_t size) const {
  std::string text;
  for (const uint8_t byte : Part(at, size).bytes()) {
    if (byte == 0) break;
    text.push_back(byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '?');
  }
  return std::string(absl::StripAsciiWhitespace(text));
}

absl::Status ShortAnswer(absl::string_view what, size_t size, size_t needed) {
  return absl::InternalError(
      absl::StrCat(what, ": an answer of ", size, " bytes, ", needed, " are needed"));
}

}  // namespace carousel::mmc
