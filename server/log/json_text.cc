#include "server/log/json_text.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_format.h"

namespace carousel {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr absl::string_view kEllipsis = "\xE2\x80\xA6";     // U+2026
constexpr uint32_t kInvalid = 0xFFFFFFFF;

struct Character {
  uint32_t code = kInvalid;
  size_t size = 1;
};

// The first character of `text`, which is not empty, by Unicode's table 3-7 of well-formed UTF-8.
Character Decode(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  uint32_t code = lead & (0xFF >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3F);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, size};
}

// Characters that do something to a terminal, to a line, or to the direction of the text.
bool IsUnsafe(uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

// How many characters at the beginning of `text` are ASCII and stand for themselves: nearly all
// that is ever logged.
size_t PlainLength(absl::string_view text) {
  const auto* const end = std::find_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~' || c == '"' || c == '\\'; });
  return end - text.begin();
}

void AppendCharacter(Character character, absl::string_view bytes, std::string* out) {
  if (character.code == kInvalid) {
    out->append(kReplacement.data(), kReplacement.size());
  } else if (character.code == '"' || character.code == '\\') {
    out->push_back('\\');
    out->push_back(static_cast<char>(character.code));
  } else if (IsUnsafe(character.code)) {
    absl::StrAppendFormat(out, "\\u%04x", character.code);
  } else {
    out->append(bytes.data(), bytes.size());
  }
}

}  // namespace

void AppendJsonString(absl::string_view text, size_t max_bytes, std::string* out) {
  out->push_back('"');
  size_t done = 0;
  while (true) {
    const absl::string_view plain = text.substr(0, max_bytes).substr(done);
    const size_t length = PlainLength(plain);
    out->append(plain.data(), length);
    done += length;
    if (done == text.size()) break;
    const Character character = Decode(text.substr(done));
    if (done + character.size > max_bytes) {
      out->append(kEllipsis.data(), kEllipsis.size());
      break;
    }
    AppendCharacter(character, text.substr(done, character.size), out);
    done += character.size;
  }
  out->push_back('"');
}

}  // namespace carousel
