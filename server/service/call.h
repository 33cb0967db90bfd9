// What all methods have in common: deadline, trace, draining, the answer's details, the log line
// and the metrics. A handler is left with: validate, convert, one domain call, convert.
#ifndef SERVER_SERVICE_CALL_H_
#define SERVER_SERVICE_CALL_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "server/log/log.h"
#include "server/metrics/observers.h"
#include "server/operations/request_id.h"
#include "server/service/access.h"
#include "server/service/converters/names.h"

namespace carousel {

// A method that the service serves.
struct Method {
  enum class Kind : uint8_t {
    kReads,   // served while draining
    kStarts,  // refused while draining
  };
  std::string path;  // "/carousel.v1.RobotService/GetRobot"
  Kind kind = Kind::kReads;
  std::optional<Role> least_role;  // that may call it; nothing: nobody may
  bool changes = false;            // it is a matter of the audit
  GrpcMethodObserver* observer = nullptr;
};

// What the calls of one server share. Thread-safe.
class Calls {
 public:
  // All may be null, and must outlive the calls. Without `access` everybody may do everything.
  Calls(std::string robot_id, GrpcObserver* observer, Log* log, const Access* access = nullptr)
      : robot_id_(std::move(robot_id)), observer_(observer), log_(log), access_(access) {}

  const std::string& robot_id() const { return robot_id_; }
  Log* log() const { return log_; }
  const Access* access() const { return access_; }

  // The method `name` of the service `service`, "carousel.v1.RobotService".
  Method NewMethod(absl::string_view service, absl::string_view name,
                   Method::Kind kind = Method::Kind::kReads) const;

  // From now on methods that start work answer UNAVAILABLE (DRAINING).
  void StartDraining() { draining_ = true; }
  bool draining() const { return draining_; }

  // Serves a call whose answer is at hand. `body`: absl::Status(Call&).
  template <typename Body>
  grpc::ServerUnaryReactor* Serve(grpc::CallbackServerContext* context, const Method& method,
                                  Body body);
  // Serves a call that may be answered later, from another thread, by Call::Finish, once.
  // `start`: void(std::unique_ptr<Call>).
  template <typename Start>
  grpc::ServerUnaryReactor* ServeLater(grpc::CallbackServerContext* context, const Method& method,
                                       Start start);

 private:
  const std::string robot_id_;
  GrpcObserver* const observer_;
  Log* const log_;
  const Access* const access_;
  std::atomic<bool> draining_ = false;
};

// One call from its arrival to its answer. Used by one thread at a time.
class Call {
 public:
  enum class Shape : uint8_t { kUnary, kClientStream, kServerStream };
  // Ends the call for gRPC: the Finish of the reactor that the handler returns.
  using End = std::function<void(const grpc::Status&)>;

  // Everything given must outlive the call.
  Call(const Calls* calls, const Method* method, grpc::CallbackServerContext* context, End end,
       Shape shape = Shape::kUnary);

  // DEADLINE_EXCEEDED or CANCELLED for a call that nobody waits for any more; UNAUTHENTICATED and
  // PERMISSION_DENIED as Access::Admit; DRAINING.
  absl::Status Admit();

  // The W3C trace id of the caller's `traceparent`, 32 hexadecimal digits; empty if it has none.
  const std::string& trace_id() const { return trace_id_; }

  // The caller's name, of its certificate; empty if the service asks for none, and before Admit.
  const std::string& principal() const { return principal_; }

  // Ids of what the log line names beside the method.
  void set_drive(absl::string_view id) { drive_ = std::string(id); }
  void set_image(absl::string_view id) { image_ = std::string(id); }
  void set_operation(absl::string_view id) { operation_ = std::string(id); }
  void set_request(absl::string_view id) { request_ = std::string(id); }

  // The client's own cancellation, or the end of its patience.
  bool IsCancelled() const { return context_->IsCancelled(); }

  // Counts a message of a stream: of the client's, or one of the server's. All others count by
  // themselves.
  void CountReceived() const;
  void CountSent() const;

  // Answers the call, logs and counts it. Once.
  void Finish(const absl::Status& status);

 private:
  void WriteLog(const absl::Status& status, absl::Duration took) const;

  const Calls* const calls_;
  const Method* const method_;
  grpc::CallbackServerContext* const context_;
  const End end_;
  const Shape shape_;
  const absl::Time start_;
  std::string trace_id_;
  std::string drive_;
  std::string image_;
  std::string operation_;
  std::string request_;
  std::string principal_;
};

template <typename Body>
grpc::ServerUnaryReactor* Calls::Serve(grpc::CallbackServerContext* context, const Method& method,
                                       Body body) {
  // Asked for once: gRPC makes the default one anew each time.
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  Call call(this, &method, context, [reactor](const grpc::Status& end) { reactor->Finish(end); });
  absl::Status status = call.Admit();
  if (status.ok()) status = body(call);
  call.Finish(status);
  return reactor;
}

template <typename Start>
grpc::ServerUnaryReactor* Calls::ServeLater(grpc::CallbackServerContext* context,
                                            const Method& method, Start start) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  auto call = std::make_unique<Call>(this, &method, context,
                                     [reactor](const grpc::Status& end) { reactor->Finish(end); });
  if (absl::Status status = call->Admit(); !status.ok())
    call->Finish(status);
  else
    start(std::move(call));
  return reactor;
}

// A request's id, which the call's log line then names. Codes of ParseRequestId.
template <typename Request>
absl::StatusOr<RequestId> RequestIdOf(Call& call, const Request& request) {
  call.set_request(request.request_id());
  return RequestIdOf(request);
}

// The trace id of a `traceparent` header (W3C Trace Context 3.2), lower-case; empty if it is
// malformed.
std::string TraceIdOf(absl::string_view traceparent);

}  // namespace carousel

#endif  // SERVER_SERVICE_CALL_H_
