// The service's own errors, beside those that IMAPI has a code for (server/imapi/error.h): one
// constructor each. An absl::Status whose payload is the reason and the facts that a client
// branches on; the service layer turns it into google.rpc.ErrorInfo.
#ifndef SERVER_ERRORS_ERRORS_H_
#define SERVER_ERRORS_ERRORS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace carousel {

struct ReasonDetail {
  std::string reason;  // UPPER_SNAKE, as common.proto lists it
  std::map<std::string, std::string> metadata;
};

// An error with a reason. The named constructors below are the only callers in the service;
// conversions from the wire are the other one.
absl::Status MakeReasonError(absl::StatusCode code, absl::string_view message, ReasonDetail detail);

// The detail of a status made here; nothing for any other.
std::optional<ReasonDetail> GetReason(const absl::Status& status);

// NOT_FOUND: no resource `name` ("images/0af1"), or it is gone. `type` is "carousel.dev/Image".
absl::Status NotFoundError(absl::string_view type, absl::string_view name);

// INVALID_NAME: `value` of `field` has not the form `pattern` ("drives/{drive}").
absl::Status InvalidNameError(absl::string_view field, absl::string_view value,
                              absl::string_view pattern);

// INVALID_FIELD: `field` has an impossible value; `why` is a sentence without its subject ("is
// negative").
absl::Status InvalidFieldError(absl::string_view field, absl::string_view why);

// REQUEST_ID_REUSED: the id came with another body before. `field` is the field that it came in.
absl::Status RequestIdReusedError(absl::string_view request_id,
                                  absl::string_view field = "request_id");

// ETAG_MISMATCH: `resource` has changed since the client read it.
absl::Status EtagMismatchError(absl::string_view resource, absl::string_view sent,
                               absl::string_view actual);

// OPERATION_RUNNING: `operation` has not ended.
absl::Status OperationRunningError(absl::string_view operation);

// LIMIT_REACHED: `limit` ("max_images") is `maximum`.
absl::Status LimitReachedError(absl::string_view limit, int64_t maximum);

// UPLOAD_BUSY: another stream writes the upload.
absl::Status UploadBusyError(absl::string_view upload_id);

// UPLOAD_GAP: bytes for `sent` came when `actual` was the next offset.
absl::Status UploadGapError(int64_t sent, int64_t actual);

// UPLOAD_INCOMPLETE: it was finished with `actual` of `expected` bytes.
absl::Status UploadIncompleteError(int64_t actual, int64_t expected);

// CONTENT_MISMATCH: the bytes that came are not those that `field` ("sha256", "data") speaks of;
// `sent` and `actual` are digests, or the offset of the bytes.
absl::Status ContentMismatchError(absl::string_view field, absl::string_view sent,
                                  absl::string_view actual);

// DISC_HELD: the disc takes no other action, since of `operation`'s action `number` ("close" 17) it
// is not known what it did to the disc. `outcome` is "running", "failed" or "interrupted".
absl::Status DiscHeldError(absl::string_view action, int64_t number, absl::string_view operation,
                           absl::string_view outcome);

// INTERRUPTED: ABORTED, the service ended while `operation` ran. `disc_state` ("untouched",
// "unknown") is what it did to the disc, as far as is known.
absl::Status InterruptedError(absl::string_view operation, absl::string_view disc_state);

// CHANGER_FAILURE: `code` as the operation's documentation says; `metadata` has outcome, disc,
// drive, slot, sense where they are known.
absl::Status ChangerFailureError(absl::StatusCode code, absl::string_view message,
                                 std::map<std::string, std::string> metadata = {});

// DRAINING: the service takes nothing new.
absl::Status DrainingError();

// PERMISSION_DENIED: the role of `principal`, a name of its certificate, may not call `method`.
absl::Status PermissionDeniedError(absl::string_view principal, absl::string_view role,
                                   absl::string_view method);
// UNAUTHENTICATED: the certificate has no name with a role; `name` is one that it has.
absl::Status UnauthenticatedError(absl::string_view name);

// DEADLINE_EXCEEDED, CANCELLED: the client's own.
absl::Status DeadlineExceededError();
absl::Status CancelledError();

}  // namespace carousel

#endif  // SERVER_ERRORS_ERRORS_H_
