#include "proto/status/text.h"

#include <cstdint>

namespace carousel {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr absl::string_view kCut = "...";

bool InRange(uint8_t c, int low, int high) { return c >= low && c <= high; }

// Bytes of the well-formed character at the start of `bytes` (RFC 3629 section 4); 0 if there is
// none.
size_t CharacterLength(absl::string_view bytes) {
  const auto at = [&](size_t i) { return i < bytes.size() ? static_cast<uint8_t>(bytes[i]) : 0; };
  const uint8_t first = at(0);
  if (first < 0x80) return 1;
  const bool tail1 = InRange(at(1), 0x80, 0xBF);
  if (InRange(first, 0xC2, 0xDF)) return tail1 ? 2 : 0;
  const bool tail2 = tail1 && InRange(at(2), 0x80, 0xBF);
  if (InRange(first, 0xE0, 0xEF)) {
    if (first == 0xE0 && at(1) < 0xA0) return 0;  // overlong
    if (first == 0xED && at(1) > 0x9F) return 0;  // surrogates
    return tail2 ? 3 : 0;
  }
  if (!InRange(first, 0xF0, 0xF4)) return 0;
  if (first == 0xF0 && at(1) < 0x90) return 0;
  if (first == 0xF4 && at(1) > 0x8F) return 0;  // above U+10FFFF
  return tail2 && InRange(at(3), 0x80, 0xBF) ? 4 : 0;
}

bool IsControl(char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7F; }

}  // namespace

std::string CleanText(absl::string_view bytes, size_t max_bytes) {
  std::string text;
  while (!bytes.empty()) {
    const size_t length = CharacterLength(bytes);
    absl::string_view next = length == 0 ? kReplacement : bytes.substr(0, length);
    if (length == 1 && IsControl(bytes[0])) next = " ";
    if (text.size() + next.size() + kCut.size() > max_bytes && bytes.size() > kCut.size()) {
      text.append(kCut.data(), kCut.size());
      return text;
    }
    text.append(next.data(), next.size());
    bytes.remove_prefix(length == 0 ? 1 : length);
  }
  return text;
}

std::string ToUtf8(absl::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const size_t length = CharacterLength(bytes);
    const absl::string_view next = length == 0 ? kReplacement : bytes.substr(0, length);
    text.append(next.data(), next.size());
    bytes.remove_prefix(length == 0 ? 1 : length);
  }
  return text;
}

bool IsUtf8(absl::string_view bytes) {
  while (!bytes.empty()) {
    const size_t length = CharacterLength(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

}  // namespace carousel
