// One call of WaitOperation: answered when the operation ends, or with the operation as it is when
// the time is up. No thread waits.
//
//   gRPC ---owns, until OnDone---> OperationWait ---owns---> alarm
//                                     ^     ^
//   OperationStore ---callback, weak--+     +---callback, weak--- the alarm's timer
//
//   (waiting) ---the operation ends-----------------> (answered) ---sent---> OnDone: lets go of
//      |  +------the alarm, unsubscribed first-----------^                   itself
//      +---------the client cancels, unsubscribed first--+
//
// A callback that comes while the call ends keeps the object for its own time; one that comes later
// finds nothing.
#ifndef SERVER_SERVICE_OPERATION_WAIT_H_
#define SERVER_SERVICE_OPERATION_WAIT_H_

#include <atomic>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "google/longrunning/operations.pb.h"
#include "grpcpp/alarm.h"
#include "grpcpp/support/server_callback.h"
#include "server/operations/operation_store.h"
#include "server/service/call.h"

namespace carousel {

class OperationWait final : public grpc::ServerUnaryReactor {
 public:
  // Writes the operation of an id into the response. NOT_FOUND.
  using Describe = absl::AnyInvocable<absl::Status(const std::string& id)>;

  // What the handler returns. The operation that ends first answers, or the alarm: at the request's
  // timeout, or a little before the call's deadline so that the answer still arrives; after a
  // minute if there is neither. Everything given must outlive the call; `describe` is called at
  // most once, on any thread.
  //
  // The call ends with INVALID_ARGUMENT (INVALID_NAME); NOT_FOUND: no such operation, or it was
  // forgotten; CANCELLED; DEADLINE_EXCEEDED.
  static grpc::ServerUnaryReactor* Start(const Calls* calls, const Method* method,
                                         grpc::CallbackServerContext* context,
                                         const google::longrunning::WaitOperationRequest& request,
                                         OperationStore* operations, Describe describe);

  void OnCancel() override;
  void OnDone() override;

 private:
  OperationWait(const Calls* calls, const Method* method, grpc::CallbackServerContext* context,
                OperationStore* operations, Describe describe);
  absl::Status Begin(const grpc::CallbackServerContext& context,
                     const google::longrunning::WaitOperationRequest& request);
  void OnOperationDone();
  void OnTimeout();
  // True for the one caller that may answer.
  bool TakeAnswer() { return !answered_.exchange(true); }

  OperationStore* const operations_;
  Describe describe_;
  Call call_;
  std::string id_;
  // Set before the alarm is and before gRPC has the object, so that whoever unsubscribes sees it.
  OperationStore::WaitId wait_ = 0;
  std::atomic<bool> answered_ = false;
  grpc::Alarm alarm_;
  std::shared_ptr<OperationWait> self_;  // gRPC's share
};

}  // namespace carousel

#endif  // SERVER_SERVICE_OPERATION_WAIT_H_
