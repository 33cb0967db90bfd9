// What an upload is: who sends it, where it will lie in the image, and the bytes that it promises.
// And the record of it on disk, which a finished upload keeps as its reference to the content.
#ifndef SERVER_SPOOL_UPLOAD_SPEC_H_
#define SERVER_SPOOL_UPLOAD_SPEC_H_

#include <compare>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/digest/sha256.h"

namespace carousel {

// Names an upload, and later the use of its content. All are released together with their owner.
struct UploadKey {
  std::string owner;      // an image or a job, as its resource name: "images/0af1"
  std::string upload_id;  // the client's, one for each file
  auto operator<=>(const UploadKey&) const = default;
};

struct UploadSpec {
  UploadKey key;
  std::string path;  // in the image; never one of the host
  int64_t size = 0;
  Sha256Digest sha256{};
  bool operator==(const UploadSpec&) const = default;
};

// INVALID_ARGUMENT (INVALID_FIELD): a size below zero, an owner or id that is empty or longer than
// 256 bytes, a path longer than 32 KiB.
absl::Status CheckUploadSpec(const UploadSpec& spec);

// Text, one field a line. Decode takes what Encode made and nothing else: INVALID_ARGUMENT.
std::string EncodeUploadSpec(const UploadSpec& spec);
absl::StatusOr<UploadSpec> DecodeUploadSpec(absl::string_view text);

// More bytes than any record has.
inline constexpr size_t kMaxUploadRecord = 256 * 1024;

}  // namespace carousel

#endif  // SERVER_SPOOL_UPLOAD_SPEC_H_
