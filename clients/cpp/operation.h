// Waiting for a long-running operation.
#ifndef CLIENTS_CPP_OPERATION_H_
#define CLIENTS_CPP_OPERATION_H_

#include <functional>

#include "google/longrunning/operations.grpc.pb.h"
#include "google/longrunning/operations.pb.h"
#include "grpcpp/support/status.h"

namespace carousel::client {

// Asks for `*operation` until it is done, at least twice a second, and calls `progress` with each
// answer (may be null). Waiting is reading: a broken connection is asked again for up to a minute.
// OK: `*operation` is done; whether it succeeded is in it. Otherwise the call's error, and the
// operation goes on.
grpc::Status WaitForOperation(
    google::longrunning::Operations::StubInterface& stub, google::longrunning::Operation* operation,
    const std::function<void(const google::longrunning::Operation&)>& progress);

}  // namespace carousel::client

#endif  // CLIENTS_CPP_OPERATION_H_
