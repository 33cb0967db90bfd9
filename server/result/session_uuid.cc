#include "server/result/session_uuid.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "server/digest/sha256.h"

namespace carousel {

std::string SessionUuid(absl::Span<const absl::string_view> parts) {
  const auto add = [](absl::string_view text, Sha256Hasher& hasher) {
    hasher.Update({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  };
  Sha256Hasher hasher;
  for (const absl::string_view part : parts) {
    add(absl::StrCat(part.size(), ":"), hasher);
    add(part, hasher);
  }
  Sha256Digest digest = hasher.Finish();
  // RFC 9562 5.8: version and variant; the rest is the application's.
  digest[6] = static_cast<uint8_t>((digest[6] & 0x0F) | 0x80);
  digest[8] = static_cast<uint8_t>((digest[8] & 0x3F) | 0x80);
  const std::string hex = ToHex(digest);
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-",
                      hex.substr(16, 4), "-", hex.substr(20, 12));
}

}  // namespace carousel
