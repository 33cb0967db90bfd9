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
// BAD_MULTISESSION_PARAMETER or NO_COMPATIBLE_MULTISESSION_TYPE gives UNAVAILABLE; cause ENOSPC or
// EDQUOT under a stash file's code gives RESOURCE_EXHAUSTED. `hresult` must be a failure code.
absl::Status MakeError(Hresult hresult, absl::string_view message, Metadata metadata = {});

// The detail of a status made by MakeError; nothing for any other.
std::optional<ErrorDetail> GetDetail(const absl::Status& status);

// The same error with `key` added to its metadata, kept as it is if it already has the key or no
// detail.
absl::Status WithMetadata(const absl::Status& status, absl::string_view key,
                          absl::string_view value);

// `status` once the first WRITE, BLANK or FORMAT was sent: UNAVAILABLE becomes ABORTED, since
// clients repeat on UNAVAILABLE and a repeated burn ruins discs. Message and detail stay.
absl::Status AfterWrite(const absl::Status& status);

// A device's failure as an IMAPI error: sense by the table of docs/contract.md, with metadata sense
// and opcode; a CHECK CONDITION that gives no reason is
// E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE. Without sense: DEADLINE_EXCEEDED is
// E_IMAPI_RECORDER_COMMAND_TIMEOUT, UNAVAILABLE is ERROR_DEV_NOT_EXIST, ABORTED (the medium changed
// meanwhile) is E_IMAPI_RECORDER_MEDIA_BECOMING_READY, INTERNAL and DATA_LOSS are
// E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE, CANCELLED is E_IMAPI_REQUEST_CANCELLED, the rest
// E_FAIL. A status that already has a detail is returned as it is, OK too. OK for sense that means
// success: loss of streaming in answer to SYNCHRONIZE CACHE, a recovered 73/01.
absl::Status FromDevice(const absl::Status& status);

}  // namespace carousel::imapi

#endif  // SERVER_IMAPI_ERROR_H_
