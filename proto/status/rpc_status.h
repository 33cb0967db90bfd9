// absl::Status of the domain <-> google.rpc.Status of the wire: the one conversion each way, shared
// by the server, its operations and the clients. What the details are: common.proto.
#ifndef PROTO_STATUS_RPC_STATUS_H_
#define PROTO_STATUS_RPC_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/rpc/status.pb.h"

namespace carousel {

// ErrorInfo.domain of every error.
inline constexpr char kErrorDomain[] = "carousel.v1";

// `status` with an ErrorInfo, and the further details that its code asks for. A status without a
// detail of the domain gets its code's name as reason. Text is made valid UTF-8 and cut so that the
// whole fits into gRPC's 8 KiB of trailing metadata. `robot` is the configured identity, or empty
// where none is known. OK gives an empty message.
google::rpc::Status ToRpcStatus(const absl::Status& status, absl::string_view robot);

// The domain's status: with imapi::GetDetail if the ErrorInfo names an IMAPI or COM code, with
// GetReason if it is another one of the service's, without either if it is not the service's.
absl::Status FromRpcStatus(const google::rpc::Status& rpc);

}  // namespace carousel

#endif  // PROTO_STATUS_RPC_STATUS_H_
