// Resource names (AIP-122) to ids and back.
#ifndef SERVER_SERVICE_CONVERTERS_NAMES_H_
#define SERVER_SERVICE_CONVERTERS_NAMES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/operations/request_id.h"

namespace carousel {

// The id in `name`, which has the form "`collection`/{id}". An id is 1 to 63 letters, digits, '.',
// '_' or '-', and begins with none of the last three. INVALID_ARGUMENT (INVALID_NAME) for `field`.
absl::StatusOr<std::string> IdFromName(absl::string_view field, absl::string_view name,
                                       absl::string_view collection);

// The same of a field that may be empty, and then has no id.
absl::StatusOr<std::string> OptionalIdFromName(absl::string_view field, absl::string_view name,
                                               absl::string_view collection);

// "drives/drive0"; empty for an empty id.
std::string NameFromId(absl::string_view collection, absl::string_view id);

// A request's id with the fingerprint of its body. INVALID_ARGUMENT (INVALID_FIELD): it is neither
// empty nor a UUID.
absl::StatusOr<RequestId> ParseRequestId(absl::string_view id, absl::string_view body);

// The same of a message with a `request_id`: its type and wire form, since requests of two methods
// may have the same bytes and mean other things.
template <typename Request>
absl::StatusOr<RequestId> RequestIdOf(const Request& request) {
  return ParseRequestId(request.request_id(), absl::StrCat(Request::descriptor()->full_name(), " ",
                                                           request.SerializeAsString()));
}

}  // namespace carousel

#endif  // SERVER_SERVICE_CONVERTERS_NAMES_H_
