#include "server/errors/errors.h"

#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace carousel {
namespace {

constexpr char kPayloadUrl[] = "carousel/service.Reason";
// Separates fields of the payload; a value that has one loses it.
constexpr char kSeparator = '\x1F';
// What a client sent is repeated to it up to this length.
constexpr size_t kMaxEcho = 128;

std::string Encode(const ReasonDetail& detail) {
  std::string payload = detail.reason;
  for (const auto& [key, value] : detail.metadata) {
    std::string clean = value;
    for (char& c : clean) {
      if (c == kSeparator) c = '?';
    }
    payload.append(1, kSeparator).append(key).append(1, kSeparator).append(clean);
  }
  return payload;
}

std::string Echo(absl::string_view value) { return absl::CHexEscape(value.substr(0, kMaxEcho)); }

}  // namespace

absl::Status MakeReasonError(absl::StatusCode code, absl::string_view message,
                             ReasonDetail detail) {
  absl::Status status(code, message);
  status.SetPayload(kPayloadUrl, absl::Cord(Encode(detail)));
  return status;
}

std::optional<ReasonDetail> GetReason(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return std::nullopt;
  const std::vector<std::string> fields = absl::StrSplit(std::string(*payload), kSeparator);
  ReasonDetail detail{.reason = fields[0]};
  for (size_t i = 1; i + 1 < fields.size(); i += 2) detail.metadata[fields[i]] = fields[i + 1];
  return detail;
}

absl::Status NotFoundError(absl::string_view type, absl::string_view name) {
  return MakeReasonError(
      absl::StatusCode::kNotFound, absl::StrCat("there is no ", Echo(name)),
      {"NOT_FOUND", {{"resource", Echo(name)}, {"resource_type", std::string(type)}}});
}

absl::Status InvalidNameError(absl::string_view field, absl::string_view value,
                              absl::string_view pattern) {
  return MakeReasonError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat(field, " is \"", Echo(value), "\", which has not the form ", pattern),
      {"INVALID_NAME",
       {{"field", std::string(field)}, {"sent", Echo(value)}, {"pattern", std::string(pattern)}}});
}

absl::Status InvalidFieldError(absl::string_view field, absl::string_view why) {
  return MakeReasonError(
      absl::StatusCode::kInvalidArgument, absl::StrCat(field, " ", why),
      {"INVALID_FIELD", {{"field", std::string(field)}, {"violation", std::string(why)}}});
}

absl::Status RequestIdReusedError(absl::string_view request_id, absl::string_view field) {
  return MakeReasonError(
      absl::StatusCode::kAlreadyExists,
      absl::StrCat(field, " ", Echo(request_id), " was used with another body"),
      {"REQUEST_ID_REUSED", {{"field", std::string(field)}, {"sent", Echo(request_id)}}});
}

absl::Status EtagMismatchError(absl::string_view resource, absl::string_view sent,
                               absl::string_view actual) {
  return MakeReasonError(
      absl::StatusCode::kAborted,
      absl::StrCat(resource, " has changed: its etag is ", actual, ", not ", Echo(sent)),
      {"ETAG_MISMATCH",
       {{"resource", std::string(resource)},
        {"sent", Echo(sent)},
        {"actual", std::string(actual)}}});
}

absl::Status OperationRunningError(absl::string_view operation) {
  return MakeReasonError(absl::StatusCode::kFailedPrecondition,
                         absl::StrCat(operation, " has not ended"),
                         {"OPERATION_RUNNING", {{"operation", std::string(operation)}}});
}

absl::Status LimitReachedError(absl::string_view limit, int64_t maximum) {
  return MakeReasonError(
      absl::StatusCode::kResourceExhausted,
      absl::StrCat("the limit ", limit, " = ", maximum, " is reached"),
      {"LIMIT_REACHED", {{"limit", std::string(limit)}, {"maximum", absl::StrCat(maximum)}}});
}

absl::Status UploadBusyError(absl::string_view upload_id) {
  return MakeReasonError(absl::StatusCode::kAborted,
                         absl::StrCat("another stream writes the upload ", Echo(upload_id)),
                         {"UPLOAD_BUSY", {{"field", "upload_id"}, {"sent", Echo(upload_id)}}});
}

absl::Status UploadGapError(int64_t sent, int64_t actual) {
  return MakeReasonError(
      absl::StatusCode::kOutOfRange,
      absl::StrCat("bytes for offset ", sent, " came, but the next are those at ", actual),
      {"UPLOAD_GAP",
       {{"field", "offset"}, {"sent", absl::StrCat(sent)}, {"actual", absl::StrCat(actual)}}});
}

absl::Status UploadIncompleteError(int64_t actual, int64_t expected) {
  return MakeReasonError(
      absl::StatusCode::kFailedPrecondition,
      absl::StrCat("the upload has ", actual, " of ", expected, " bytes"),
      {"UPLOAD_INCOMPLETE",
       {{"actual", absl::StrCat(actual)}, {"expected", absl::StrCat(expected)}}});
}

absl::Status ContentMismatchError(absl::string_view field, absl::string_view sent,
                                  absl::string_view actual) {
  return MakeReasonError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("the content that came is not that of ", field, ": sent ", Echo(sent),
                   ", actual ", Echo(actual)),
      {"CONTENT_MISMATCH",
       {{"field", std::string(field)}, {"sent", Echo(sent)}, {"actual", Echo(actual)}}});
}

absl::Status DiscHeldError(absl::string_view action, int64_t number, absl::string_view operation,
                           absl::string_view outcome) {
  const std::string name = absl::StrCat("operations/", Echo(operation));
  return MakeReasonError(
      absl::StatusCode::kFailedPrecondition,
      absl::StrCat("on this disc is the ", action, " of ", name, " (action ", number, ", ", outcome,
                   "): ",
                   outcome == "running" ? "wait for its end"
                                        : "verify the disc or acknowledge its state first"),
      {"DISC_HELD",
       {{"action", absl::StrCat(number)},
        {"cause", std::string(action)},
        {"operation", name},
        {"outcome", std::string(outcome)}}});
}

absl::Status InterruptedError(absl::string_view operation, absl::string_view disc_state) {
  return MakeReasonError(
      absl::StatusCode::kAborted,
      absl::StrCat("the service ended while the operation ran; the disc: ", disc_state),
      {"INTERRUPTED",
       {{"operation", absl::StrCat("operations/", Echo(operation))},
        {"disc_state", std::string(disc_state)}}});
}

absl::Status ChangerFailureError(absl::StatusCode code, absl::string_view message,
                                 std::map<std::string, std::string> metadata) {
  return MakeReasonError(code, message, {"CHANGER_FAILURE", std::move(metadata)});
}

absl::Status DrainingError() {
  return MakeReasonError(absl::StatusCode::kUnavailable,
                         "the service is draining and takes nothing new", {"DRAINING", {}});
}

absl::Status PermissionDeniedError(absl::string_view principal, absl::string_view role,
                                   absl::string_view method) {
  return MakeReasonError(
      absl::StatusCode::kPermissionDenied,
      absl::StrCat(principal, ", ", role, ", may not call ", method),
      {"PERMISSION_DENIED", {{"principal", std::string(principal)}, {"role", std::string(role)}}});
}

absl::Status UnauthenticatedError(absl::string_view name) {
  return MakeReasonError(absl::StatusCode::kUnauthenticated,
                         name.empty() ? std::string("the certificate has no name to be known by")
                                      : absl::StrCat("nobody knows ", name),
                         {"UNAUTHENTICATED", {{"principal", std::string(name)}}});
}

absl::Status DeadlineExceededError() {
  return MakeReasonError(absl::StatusCode::kDeadlineExceeded, "the call's deadline has passed",
                         {"DEADLINE_EXCEEDED", {}});
}

absl::Status CancelledError() {
  return MakeReasonError(absl::StatusCode::kCancelled, "the client cancelled the call",
                         {"CANCELLED", {}});
}

}  // namespace carousel
