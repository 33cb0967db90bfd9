#include "server/service/converters/names.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/errors/errors.h"
#include "server/service/converters/fingerprint.h"

namespace carousel {
namespace {

constexpr size_t kMaxId = 63;
constexpr size_t kUuidLength = 36;

bool IsId(absl::string_view id) {
  if (id.empty() || id.size() > kMaxId || !absl::ascii_isalnum(id[0])) return false;
  for (const char c : id) {
    if (!absl::ascii_isalnum(c) && c != '.' && c != '_' && c != '-') return false;
  }
  return true;
}

// RFC 4122 section 3.
bool IsUuid(absl::string_view id) {
  if (id.size() != kUuidLength) return false;
  for (size_t i = 0; i < id.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen ? id[i] != '-' : !absl::ascii_isxdigit(id[i])) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<std::string> IdFromName(absl::string_view field, absl::string_view name,
                                       absl::string_view collection) {
  absl::string_view id = name;
  if (absl::ConsumePrefix(&id, collection) && absl::ConsumePrefix(&id, "/") && IsId(id))
    return std::string(id);
  const absl::string_view singular = absl::StripSuffix(collection, "s");
  return InvalidNameError(field, name, absl::StrCat(collection, "/{", singular, "}"));
}

absl::StatusOr<std::string> OptionalIdFromName(absl::string_view field, absl::string_view name,
                                               absl::string_view collection) {
  if (name.empty()) return std::string();
  return IdFromName(field, name, collection);
}

std::string NameFromId(absl::string_view collection, absl::string_view id) {
  return id.empty() ? "" : absl::StrCat(collection, "/", id);
}

absl::StatusOr<RequestId> ParseRequestId(absl::string_view id, absl::string_view body) {
  if (id.empty()) return RequestId();
  if (!IsUuid(id)) return InvalidFieldError("request_id", "is no UUID");
  return RequestId{absl::AsciiStrToLower(id), Fingerprint(body)};
}

}  // namespace carousel
