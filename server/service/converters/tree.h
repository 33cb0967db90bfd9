// AddTree on the wire.
#ifndef SERVER_SERVICE_CONVERTERS_TREE_H_
#define SERVER_SERVICE_CONVERTERS_TREE_H_

#include <string>

#include "google/longrunning/operations.pb.h"
#include "server/operations/operation_store.h"

namespace carousel {

// The metadata of an AddTree operation, and its response once it has succeeded.
void AddTreeToProto(const OperationView& view, const std::string& robot_id,
                    google::longrunning::Operation* proto);

}  // namespace carousel

#endif  // SERVER_SERVICE_CONVERTERS_TREE_H_
