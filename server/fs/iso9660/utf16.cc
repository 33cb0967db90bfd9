#include "server/fs/iso9660/utf16.h"

#include <optional>

#include "hal/base/byte_order.h"

namespace carousel::iso9660 {
namespace {

bool IsHighSurrogate(uint32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool IsLowSurrogate(uint32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

void AppendCodePoint(uint32_t code, std::string& out) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
    return;
  }
  if (code < 0x800) {
    out.push_back(static_cast<char>(0xC0 | code >> 6));
  } else {
    if (code < 0x10000) {
      out.push_back(static_cast<char>(0xE0 | code >> 12));
    } else {
      out.push_back(static_cast<char>(0xF0 | code >> 18));
      out.push_back(static_cast<char>(0x80 | (code >> 12 & 0x3F)));
    }
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
  }
  out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
}

struct Sequence {
  uint32_t code;
  size_t bytes;
};

// The code point at the start of `text`, which is not empty; nothing if there is none. Surrogates
// count as such.
std::optional<Sequence> NextCodePoint(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return Sequence{first, 1};
  const size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < bytes) return std::nullopt;
  uint32_t code = first & (0xFFu >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return std::nullopt;
    code = code << 6 | (byte(i) & 0x3Fu);
  }
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kLeast[bytes] || code > 0x10FFFF) return std::nullopt;
  return Sequence{code, bytes};
}

}  // namespace

void AppendUcs2(absl::string_view text, std::string& units) {
  while (!text.empty()) {
    const std::optional<Sequence> next = NextCodePoint(text);
    const uint32_t code = next.has_value() && next->code < 0x10000 ? next->code : '_';
    units.push_back(static_cast<char>(code >> 8));
    units.push_back(static_cast<char>(code & 0xFF));
    text.remove_prefix(next.has_value() ? next->bytes : 1);
  }
}

void AppendUtf8(absl::Span<const uint8_t> units, std::string& out) {
  for (size_t i = 0; i + 1 < units.size(); i += 2) {
    uint32_t code = LoadBe16(&units[i]);
    if (IsHighSurrogate(code) && i + 3 < units.size()) {
      const uint32_t next = LoadBe16(&units[i + 2]);
      if (IsLowSurrogate(next)) {
        code = 0x10000 + ((code - 0xD800) << 10) + (next - 0xDC00);
        i += 2;
      }
    }
    AppendCodePoint(code, out);
  }
}

}  // namespace carousel::iso9660
