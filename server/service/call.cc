#include "server/service/call.h"

#include <chrono>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "proto/status/grpc_status.h"
#include "server/errors/errors.h"
#include "server/service/converters/names.h"
#include "server/service/error_reason.h"

namespace carousel {
namespace {

std::string CallersTrace(const grpc::CallbackServerContext& context) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find("traceparent");
  if (found == metadata.end()) return "";
  return carousel::TraceIdOf(absl::string_view(found->second.data(), found->second.size()));
}

}  // namespace

// version "-" trace-id "-" parent-id "-" flags; trace-id is not all zeros. Later versions may be
// longer.
std::string TraceIdOf(absl::string_view traceparent) {
  constexpr size_t kTraceBegin = 3;
  constexpr size_t kTraceDigits = 32;
  constexpr size_t kLength = 55;
  if (traceparent.size() < kLength || traceparent[2] != '-' || traceparent[35] != '-') return "";
  const absl::string_view id = traceparent.substr(kTraceBegin, kTraceDigits);
  bool zero = true;
  for (const char c : id) {
    if (!absl::ascii_isxdigit(c) || absl::ascii_isupper(c)) return "";
    zero = zero && c == '0';
  }
  return zero ? "" : std::string(id);
}

Method Calls::NewMethod(absl::string_view service, absl::string_view name,
                        Method::Kind kind) const {
  Method method{.path = absl::StrCat("/", service, "/", name), .kind = kind};
  method.least_role = LeastRole(method.path);
  method.changes = Changes(method.path);
  if (observer_ != nullptr) method.observer = observer_->Method(method.path);
  return method;
}

Call::Call(const Calls* calls, const Method* method, grpc::CallbackServerContext* context, End end,
           Shape shape)
    : calls_(calls),
      method_(method),
      context_(context),
      end_(std::move(end)),
      shape_(shape),
      start_(absl::Now()),
      trace_id_(CallersTrace(*context)) {
  if (method_->observer == nullptr) return;
  method_->observer->OnStarted();
  if (shape_ != Shape::kClientStream) CountReceived();
}

void Call::CountReceived() const {
  if (method_->observer != nullptr) method_->observer->OnMessageReceived();
}

void Call::CountSent() const {
  if (method_->observer != nullptr) method_->observer->OnMessageSent();
}

absl::Status Call::Admit() {
  if (calls_->access() != nullptr) {
    ASSIGN_OR_RETURN(principal_, calls_->access()->Admit(method_->path, method_->least_role,
                                                         *context_->auth_context()));
  }
  if (absl::FromChrono(context_->deadline()) <= start_) return DeadlineExceededError();
  if (context_->IsCancelled()) return CancelledError();
  if (method_->kind == Method::Kind::kStarts && calls_->draining()) return DrainingError();
  return absl::OkStatus();
}

void Call::Finish(const absl::Status& status) {
  const absl::Duration took = absl::Now() - start_;
  if (method_->observer != nullptr) {
    if (status.ok() && shape_ != Shape::kServerStream) CountSent();
    method_->observer->OnHandled(status.code(), took);
  }
  if (calls_->log() != nullptr) WriteLog(status, took);
  // Last: the context may be gone after it.
  end_(ToGrpcStatus(status, calls_->robot_id()));
}

void Call::WriteLog(const absl::Status& status, absl::Duration took) const {
  const bool ok = status.ok();
  calls_->log()->Write(ok ? Severity::kInfo : Severity::kWarning, "call",
                       {{log_key::kMethod, method_->path},
                        {log_key::kCode, absl::StatusCodeToString(status.code())},
                        {log_key::kReason, ok ? "" : ErrorReason(status)},
                        {log_key::kError, status.message()},
                        {log_key::kTraceId, trace_id_},
                        {log_key::kDrive, NameFromId("drives", drive_)},
                        {log_key::kImage, NameFromId("images", image_)},
                        {log_key::kOperation, NameFromId("operations", operation_)},
                        {log_key::kPrincipal, principal_},
                        {log_key::kRequestId, request_},
                        {log_key::kAudit, method_->changes ? "change" : ""},
                        {log_key::kSeconds, absl::ToDoubleSeconds(took)}});
}

}  // namespace carousel
