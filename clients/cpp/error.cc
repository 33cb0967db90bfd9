#include "clients/cpp/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "google/rpc/error_details.pb.h"

namespace carousel::client {
namespace {

// Payload of a status: the whole of what came.
constexpr char kPayload[] = "type.googleapis.com/google.rpc.Status";

google::rpc::Status RichOf(const grpc::Status& status) {
  google::rpc::Status rich;
  // Details that do not parse (a proxy's, say) leave the plain code and message.
  if (!rich.ParseFromString(status.error_details()) ||
      rich.code() != static_cast<int>(status.error_code())) {
    rich.Clear();
    rich.set_code(status.error_code());
    rich.set_message(status.error_message());
  }
  return rich;
}

}  // namespace

std::optional<uint32_t> Error::hresult() const {
  const auto found = metadata.find("hresult");
  uint32_t code = 0;
  if (found == metadata.end() || !absl::SimpleHexAtoi(found->second, &code)) return std::nullopt;
  return code;
}

Error ErrorOf(const google::rpc::Status& status) {
  Error error{.code = static_cast<grpc::StatusCode>(status.code()), .message = status.message()};
  google::rpc::ErrorInfo info;
  google::rpc::RetryInfo retry;
  for (const google::protobuf::Any& detail : status.details()) {
    if (error.reason.empty() && detail.UnpackTo(&info)) {
      error.reason = info.reason();
      error.metadata.insert(info.metadata().begin(), info.metadata().end());
    } else if (detail.UnpackTo(&retry)) {
      error.retry_delay = absl::Seconds(retry.retry_delay().seconds()) +
                          absl::Nanoseconds(retry.retry_delay().nanos());
    }
  }
  return error;
}

Error ErrorOf(const grpc::Status& status) { return ErrorOf(RichOf(status)); }

absl::Status StatusOf(const google::rpc::Status& status) {
  absl::Status result(static_cast<absl::StatusCode>(status.code()), status.message());
  if (!result.ok()) result.SetPayload(kPayload, absl::Cord(status.SerializeAsString()));
  return result;
}

absl::Status StatusOf(const grpc::Status& status) { return StatusOf(RichOf(status)); }

Error ErrorOf(const absl::Status& status) {
  google::rpc::Status rich;
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayload);
  if (payload.has_value() && rich.ParseFromString(std::string(*payload))) return ErrorOf(rich);
  return {.code = static_cast<grpc::StatusCode>(status.code()),
          .message = std::string(status.message())};
}

}  // namespace carousel::client
