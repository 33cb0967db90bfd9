// What an error of the service says beyond its code: the ErrorInfo that clients branch on.
#ifndef CLIENTS_CPP_ERROR_H_
#define CLIENTS_CPP_ERROR_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace carousel::client {

struct Error {
  grpc::StatusCode code = grpc::StatusCode::UNKNOWN;
  std::string message;
  // ErrorInfo.reason: the symbolic name of an IMAPI code or one of the service's own; empty if the
  // error is not the service's (a proxy, the gRPC library).
  std::string reason;
  std::map<std::string, std::string> metadata;
  // When to come back, where the service says so (RetryInfo).
  std::optional<absl::Duration> retry_delay;

  // The IMAPI code, 0xC0AAB159; nothing if the reason is not IMAPI's.
  std::optional<uint32_t> hresult() const;
};

// The error of a failed call. `status` is not OK.
Error ErrorOf(const grpc::Status& status);
// The error of a failed operation: the same details as a direct call's.
Error ErrorOf(const google::rpc::Status& status);

// The same as a status with all its details, which ErrorOf then finds. OK gives OK.
absl::Status StatusOf(const grpc::Status& status);
absl::Status StatusOf(const google::rpc::Status& status);
Error ErrorOf(const absl::Status& status);

}  // namespace carousel::client

#endif  // CLIENTS_CPP_ERROR_H_
