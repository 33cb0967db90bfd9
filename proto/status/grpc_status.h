// absl::Status of the domain <-> grpc::Status with google.rpc.Status in its details.
#ifndef PROTO_STATUS_GRPC_STATUS_H_
#define PROTO_STATUS_GRPC_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "grpcpp/support/status.h"

namespace carousel {

// As ToRpcStatus.
grpc::Status ToGrpcStatus(const absl::Status& status, absl::string_view robot);

// As FromRpcStatus; details that cannot be parsed count as none.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace carousel

#endif  // PROTO_STATUS_GRPC_STATUS_H_
