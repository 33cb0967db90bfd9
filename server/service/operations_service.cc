#include "server/service/operations_service.h"

#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/service/converters/names.h"
#include "server/service/converters/operation.h"
#include "server/service/converters/paging.h"
#include "server/service/operation_wait.h"

namespace carousel {
namespace {

using google::longrunning::Operation;

constexpr char kService[] = "google.longrunning.Operations";
constexpr char kCollection[] = "operations";

}  // namespace

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
    // The collection of this robot's operations: there is no other.
    if (!request->name().empty() && request->name() != kCollection)
      return InvalidNameError("name", request->name(), kCollection);
    ASSIGN_OR_RETURN(const OperationFilter filter, FilterFromText(request->filter()));
    const std::string list = absl::StrCat(kCollection, " ", request->filter());
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
    ASSIGN_OR_RETURN(const std::string id, IdFromName("name", request->name(), kCollection));
    call.set_operation(id);
    return Describe(id, response);
  });
}

grpc::ServerUnaryReactor* OperationsService::WaitOperation(
    Context* context, const google::longrunning::WaitOperationRequest* request,
    Operation* response) {
  return OperationWait::Start(
      calls_, &wait_, context, *request, operations_,
      [this, response](const std::string& id) { return Describe(id, response); });
}

grpc::ServerUnaryReactor* OperationsService::CancelOperation(
    Context* context, const google::longrunning::CancelOperationRequest* request,
    google::protobuf::Empty*) {
  return calls_->Serve(context, cancel_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string id, IdFromName("name", request->name(), kCollection));
    call.set_operation(id);
    return operations_->Cancel(id);
  });
}

grpc::ServerUnaryReactor* OperationsService::DeleteOperation(
    Context* context, const google::longrunning::DeleteOperationRequest* request,
    google::protobuf::Empty*) {
  return calls_->Serve(context, delete_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string id, IdFromName("name", request->name(), kCollection));
    call.set_operation(id);
    return operations_->Delete(id);
  });
}

}  // namespace carousel
