#include "server/fs/iso9660/utf16.h"

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

}  // namespace

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
