#include "clients/cpp/error.h"

#include "google/rpc/error_details.pb.h"

namespace carousel::client {

Error ErrorOf(const google::rpc::Status& status) {
  Error error{.code = static_cast<grpc::StatusCode>(status.code()), .message = status.message()};
  google::rpc::ErrorInfo info;
  for (const google::protobuf::Any& detail : status.details()) {
    if (!detail.UnpackTo(&info)) continue;
    error.reason = info.reason();
    error.metadata.insert(info.metadata().begin(), info.metadata().end());
    break;
  }
  return error;
}

Error ErrorOf(const grpc::Status& status) {
  google::rpc::Status rich;
  // Details that do not parse (a proxy's, say) leave the plain code and message.
  if (!rich.ParseFromString(status.error_details()) ||
      rich.code() != static_cast<int>(status.error_code())) {
    rich.Clear();
    rich.set_code(status.error_code());
    rich.set_message(status.error_message());
  }
  return ErrorOf(rich);
}

}  // namespace carousel::client
