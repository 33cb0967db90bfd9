// Errors of the domain: an absl::Status whose payload is an IMAPI code with the facts that a client
// branches on. The service layer turns the payload into google.rpc.ErrorInfo; nothing below it
// knows gRPC.
#ifndef SERVER_IMAPI_ERROR_H_
#define SERVER_IMAPI_ERROR_H_

#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/imapi/hresult.h"

namespace carousel::imapi {

// Facts about an error, as ErrorInfo.metadata has them: lower_snake keys such as rule, element,
// block, media, drive, property, cause, sense. Every dynamic part of the message is also here
// (AIP-193).
using Metadata = std::map<std::string, std::string>;

// The machine-readable side of an error.
struct ErrorDetail {
  Hresult hresult = Hresult::E_FAIL;
  Metadata metadata;
};

// An error of `hresult` with its canonical code, `message` for people and `metadata` for machines.
// The code is overridden where IMAPI's own would mislead a retry (imapi2 contract 7.1): metadata
// "cause" naming a retryable recorder code (BECOMING_READY, BUSY, FORMAT_IN_PROGRESS, LOCKED) under
// BAD_MULTISESSION_PARAMETER or NO_COMPATIBLE_MULTISESSION_TYPE gives UNAVAILABLE. `hresult` must
// be a failure code.
absl::Status MakeError(Hresult hresult, absl::string_view message, Metadata metadata = {});

// The detail of a status made by MakeError; nothing for any other.
std::optional<ErrorDetail> GetDetail(const absl::Status& status);

// The same error with `key` added to its metadata, kept as it is if it already has the key or no
// detail.
absl::Status WithMetadata(const absl::Status& status, absl::string_view key,
                          absl::string_view value);

// A device's failure as an IMAPI error: sense by the table of the IMAPI2 sample (docs/contract.md),
// DEADLINE_EXCEEDED as COMMAND_TIMEOUT, UNAVAILABLE without sense as ERROR_DEV_NOT_EXIST. A status
// that already has a detail is returned as it is, OK too.
absl::Status FromDevice(const absl::Status& status);

}  // namespace carousel::imapi

#endif  // SERVER_IMAPI_ERROR_H_
