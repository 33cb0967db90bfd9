// SHA-256 of bytes that come in pieces. What names contents and proves that they are whole; it
// keeps no secrets.
#ifndef SERVER_DIGEST_SHA256_H_
#define SERVER_DIGEST_SHA256_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

struct evp_md_ctx_st;

namespace carousel {

using Sha256Digest = std::array<uint8_t, 32>;

// 64 hexadecimal digits in small letters.
std::string ToHex(const Sha256Digest& digest);

// What ToHex made, letters of either case. INVALID_ARGUMENT: any other text.
absl::StatusOr<Sha256Digest> ParseSha256(absl::string_view hex);

Sha256Digest Sha256(absl::Span<const uint8_t> bytes);

// Not thread-safe.
class Sha256Hasher {
 public:
  Sha256Hasher();
  void Update(absl::Span<const uint8_t> bytes);
  // The digest of all bytes so far. Begins anew.
  Sha256Digest Finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace carousel

#endif  // SERVER_DIGEST_SHA256_H_
