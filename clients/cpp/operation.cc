#include "clients/cpp/operation.h"

#include <chrono>
#include <thread>

#include "grpcpp/client_context.h"

namespace carousel::client {
namespace {

using google::longrunning::Operation;

constexpr auto kPollInterval = std::chrono::milliseconds(500);
constexpr auto kCallDeadline = std::chrono::seconds(10);
constexpr auto kGiveUpAfter = std::chrono::minutes(1);
constexpr auto kRetryPause = std::chrono::seconds(1);

grpc::Status WaitOnce(google::longrunning::Operations::StubInterface& stub, Operation* operation) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallDeadline);
  google::longrunning::WaitOperationRequest request;
  request.set_name(operation->name());
  request.mutable_timeout()->set_nanos(
      static_cast<int32_t>(std::chrono::nanoseconds(kPollInterval).count()));
  Operation answer;
  grpc::Status status = stub.WaitOperation(&context, request, &answer);
  if (status.ok()) *operation = answer;
  return status;
}

bool IsTransient(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
}

}  // namespace

grpc::Status WaitForOperation(google::longrunning::Operations::StubInterface& stub,
                              Operation* operation,
                              const std::function<void(const Operation&)>& progress) {
  auto last_answer = std::chrono::steady_clock::now();
  while (!operation->done()) {
    const grpc::Status status = WaitOnce(stub, operation);
    const auto now = std::chrono::steady_clock::now();
    if (status.ok()) {
      last_answer = now;
      if (progress) progress(*operation);
      continue;
    }
    if (!IsTransient(status) || now - last_answer > kGiveUpAfter) return status;
    std::this_thread::sleep_for(kRetryPause);
  }
  return grpc::Status::OK;
}

}  // namespace carousel::client
