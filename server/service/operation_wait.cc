#include "server/service/operation_wait.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/service/converters/names.h"

namespace carousel {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;
using std::chrono::system_clock;

// For a client that does not say how long it waits; it asks again.
constexpr seconds kUnsaid{60};
// Longer timeouts count as this one; the call's deadline bounds them anyway.
constexpr seconds kLongest = std::chrono::hours(24 * 365);
// What is kept of the call's time for the answer's way: a quarter of what is left, at most this.
constexpr std::chrono::milliseconds kLongestWay{500};

nanoseconds TimeoutOf(const google::protobuf::Duration& timeout) {
  const int64_t whole = std::clamp<int64_t>(timeout.seconds(), 0, kLongest.count());
  return seconds(whole) + nanoseconds(std::clamp(timeout.nanos(), 0, 999'999'999));
}

system_clock::time_point WaitUntil(const google::longrunning::WaitOperationRequest& request,
                                   system_clock::time_point deadline) {
  const auto now = system_clock::now();
  const bool endless = deadline == system_clock::time_point::max();
  if (!request.has_timeout() && endless) return now + kUnsaid;
  auto until = deadline;
  if (!endless) {
    const nanoseconds left = deadline - now;
    until -= std::chrono::duration_cast<system_clock::duration>(
        std::min<nanoseconds>(left / 4, kLongestWay));
  }
  if (!request.has_timeout()) return until;
  const nanoseconds timeout = TimeoutOf(request.timeout());
  return std::min(until, now + std::chrono::duration_cast<system_clock::duration>(timeout));
}

}  // namespace

OperationWait::OperationWait(const Calls* calls, const Method* method,
                             grpc::CallbackServerContext* context, OperationStore* operations,
                             Describe describe)
    : operations_(operations),
      describe_(std::move(describe)),
      call_(calls, method, context, [this](const grpc::Status& end) { Finish(end); }) {}

grpc::ServerUnaryReactor* OperationWait::Start(
    const Calls* calls, const Method* method, grpc::CallbackServerContext* context,
    const google::longrunning::WaitOperationRequest& request, OperationStore* operations,
    Describe describe) {
  const std::shared_ptr<OperationWait> wait(
      new OperationWait(calls, method, context, operations, std::move(describe)));
  wait->self_ = wait;
  const absl::Status begun = wait->Begin(*context, request);
  if (!begun.ok() && wait->TakeAnswer()) wait->call_.Finish(begun);
  // Not before the handler has returned does gRPC call OnCancel and OnDone.
  return wait.get();
}

absl::Status OperationWait::Begin(const grpc::CallbackServerContext& context,
                                  const google::longrunning::WaitOperationRequest& request) {
  RETURN_IF_ERROR(call_.Admit());
  ASSIGN_OR_RETURN(id_, IdFromName("name", request.name(), "operations"));
  call_.set_operation(id_);
  const std::weak_ptr<OperationWait> weak = self_;
  ASSIGN_OR_RETURN(wait_, operations_->OnDone(id_, [weak] {
    if (const auto wait = weak.lock()) wait->OnOperationDone();
  }));
  if (answered_) return absl::OkStatus();
  alarm_.Set(WaitUntil(request, context.deadline()), [weak](bool expired) {
    const auto wait = weak.lock();
    if (expired && wait != nullptr) wait->OnTimeout();
  });
  return absl::OkStatus();
}

void OperationWait::OnOperationDone() {
  if (TakeAnswer()) call_.Finish(describe_(id_));
}

void OperationWait::OnTimeout() {
  operations_->StopWaiting(id_, wait_);
  if (TakeAnswer()) call_.Finish(describe_(id_));
}

void OperationWait::OnCancel() {
  operations_->StopWaiting(id_, wait_);
  if (TakeAnswer()) call_.Finish(CancelledError());
}

void OperationWait::OnDone() {
  // The object ends with the last share: this one, or that of a callback which is running.
  const std::shared_ptr<OperationWait> last = std::move(self_);
}

}  // namespace carousel
