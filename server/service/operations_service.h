// google.longrunning.Operations over the operation store.
#ifndef SERVER_SERVICE_OPERATIONS_SERVICE_H_
#define SERVER_SERVICE_OPERATIONS_SERVICE_H_

#include "google/longrunning/operations.grpc.pb.h"
#include "server/library/robot_view.h"
#include "server/operations/operation_store.h"
#include "server/service/call.h"

namespace carousel {

class OperationsService final : public google::longrunning::Operations::CallbackService {
 public:
  // All must outlive the service.
  OperationsService(Calls* calls, OperationStore* operations, const RobotView* robots);

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;
  Reactor* ListOperations(Context*, const google::longrunning::ListOperationsRequest*,
                          google::longrunning::ListOperationsResponse*) override;
  Reactor* GetOperation(Context*, const google::longrunning::GetOperationRequest*,
                        google::longrunning::Operation*) override;
  // See OperationWait.
  Reactor* WaitOperation(Context*, const google::longrunning::WaitOperationRequest*,
                         google::longrunning::Operation*) override;
  Reactor* CancelOperation(Context*, const google::longrunning::CancelOperationRequest*,
                           google::protobuf::Empty*) override;
  Reactor* DeleteOperation(Context*, const google::longrunning::DeleteOperationRequest*,
                           google::protobuf::Empty*) override;

 private:
  absl::Status Describe(absl::string_view id, google::longrunning::Operation* response) const;

  Calls* const calls_;
  OperationStore* const operations_;
  const RobotView* const robots_;
  const Method list_, get_, wait_, cancel_, delete_;
};

}  // namespace carousel

#endif  // SERVER_SERVICE_OPERATIONS_SERVICE_H_
