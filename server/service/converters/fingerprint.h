// A short hash of bytes, the same in every run: for bodies of repeated requests and for the lists
// that page tokens belong to. Not against an attacker.
#ifndef SERVER_SERVICE_CONVERTERS_FINGERPRINT_H_
#define SERVER_SERVICE_CONVERTERS_FINGERPRINT_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace carousel {

// FNV-1a, 64 bits.
constexpr uint64_t Fingerprint(absl::string_view bytes) {
  uint64_t hash = 0xCBF29CE484222325;
  for (const char c : bytes) {
    hash ^= static_cast<uint8_t>(c);
    hash *= 0x100000001B3;
  }
  return hash;
}

}  // namespace carousel

#endif  // SERVER_SERVICE_CONVERTERS_FINGERPRINT_H_
