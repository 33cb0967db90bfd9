#include "server/service/operations_service.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/alarm.h"
#include "hal/base/status_macros.h"
#include "server/service/converters/names.h"
#include "server/service/converters/operation.h"
#include "server/service/converters/paging.h"

namespace carousel {
namespace {

using google::longrunning::Operation;

constexpr char kService[] = "google.longrunning.Operations";
// Without a timeout of its own a wait is answered after this; the client asks again.
constexpr std::chrono::seconds kLongestWait{60};

std::chrono::system_clock::time_point WaitUntil(
    const google::longrunning::WaitOperationRequest& request, const grpc::ServerContextBase& call) {
  std::chrono::nanoseconds wait = kLongestWait;
  if (request.has_timeout()) {
    const auto seconds = std::clamp<int64_t>(request.timeout().seconds(), 0, kLongestWait.count());
    const auto nanos = std::clamp(request.timeout().nanos(), 0, 999'999'999);
    wait = std::chrono::seconds(seconds) + std::chrono::nanoseconds(nanos);
  }
  const auto until = std::chrono::system_clock::now() +
                     std::chrono::duration_cast<std::chrono::system_clock::duration>(wait);
  return std::min(until, call.deadline());
}

}  // namespace

// Shared by whoever comes first: the operation's end or the alarm.
struct OperationsService::Waiter {
  std::unique_ptr<Call> call;
  std::string id;
  Operation* response = nullptr;
  grpc::Alarm alarm;
  std::atomic<bool> answered = false;
  std::atomic<OperationStore::WaitId> wait = -1;
};

OperationsService::OperationsService(Calls* calls, OperationStore* operations,
                                     const RobotView* robots)
    : calls_(calls),
      operations_(operations),
      robots_(robots),
      list_(calls->NewMethod(kService, "ListOperations")),
      get_(calls->NewMethod(kService, "GetOperation")),
      wait_(calls->NewMethod(kService, "WaitOperation")),
      cancel_(calls->NewMethod(kService, "CancelOperation")),
      delete_(calls->NewMethod(kService, "DeleteOperation")) {}

absl::Status OperationsService::Describe(absl::string_view id, Operation* response) const {
  ASSIGN_OR_RETURN(const OperationView view, operations_->Get(id));
  OperationToProto(view, calls_->robot_id(), *robots_, response);
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* OperationsService::ListOperations(
    Context* context, const google::longrunning::ListOperationsRequest* request,
    google::longrunning::ListOperationsResponse* response) {
  return calls_->Serve(context, list_, [&](Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const OperationFilter filter, FilterFromText(request->filter()));
    const std::string list = absl::StrCat("operations ", request->filter());
    ASSIGN_OR_RETURN(const Page page, ParsePage(request->page_size(), request->page_token(), list,
                                                std::numeric_limits<int64_t>::max()));
    const auto views = operations_->List(filter, page.position, page.size + 1);
    for (size_t i = 0; i < views.size() && i < page.size; ++i) {
      OperationToProto(views[i], calls_->robot_id(), *robots_, response->add_operations());
    }
    if (views.size() > page.size) {
      response->set_next_page_token(MakePageToken(list, views[page.size - 1].number));
    }
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* OperationsService::GetOperation(
    Context* context, const google::longrunning::GetOperationRequest* request,
    Operation* response) {
  return calls_->Serve(context, get_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string id, IdFromName("name", request->name(), "operations"));
    call.set_operation(id);
    return Describe(id, response);
  });
}

void OperationsService::Answer(Waiter& waiter) const {
  if (waiter.answered.exchange(true)) return;
  waiter.call->Finish(Describe(waiter.id, waiter.response));
}

grpc::ServerUnaryReactor* OperationsService::WaitOperation(
    Context* context, const google::longrunning::WaitOperationRequest* request,
    Operation* response) {
  return calls_->ServeLater(context, wait_, [&](std::unique_ptr<Call> call) {
    const absl::StatusOr<std::string> id = IdFromName("name", request->name(), "operations");
    if (!id.ok()) return call->Finish(id.status());
    call->set_operation(*id);
    const auto waiter = std::make_shared<Waiter>();
    waiter->call = std::move(call);
    waiter->id = *id;
    waiter->response = response;
    waiter->alarm.Set(WaitUntil(*request, *context), [this, waiter](bool) {
      Answer(*waiter);
      const OperationStore::WaitId wait = waiter->wait.exchange(-1);
      if (wait >= 0) operations_->StopWaiting(waiter->id, wait);
    });
    const absl::StatusOr<OperationStore::WaitId> wait = operations_->OnDone(*id, [this, waiter] {
      Answer(*waiter);
      waiter->alarm.Cancel();
    });
    if (wait.ok()) {
      waiter->wait = *wait;
      return;
    }
    Answer(*waiter);
    waiter->alarm.Cancel();
  });
}

grpc::ServerUnaryReactor* OperationsService::CancelOperation(
    Context* context, const google::longrunning::CancelOperationRequest* request,
    google::protobuf::Empty*) {
  return calls_->Serve(context, cancel_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string id, IdFromName("name", request->name(), "operations"));
    call.set_operation(id);
    return operations_->Cancel(id);
  });
}

grpc::ServerUnaryReactor* OperationsService::DeleteOperation(
    Context* context, const google::longrunning::DeleteOperationRequest* request,
    google::protobuf::Empty*) {
  return calls_->Serve(context, delete_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string id, IdFromName("name", request->name(), "operations"));
    call.set_operation(id);
    return operations_->Delete(id);
  });
}

}  // namespace carousel
