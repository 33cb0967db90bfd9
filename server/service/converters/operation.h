// Operations on the wire.
#ifndef SERVER_SERVICE_CONVERTERS_OPERATION_H_
#define SERVER_SERVICE_CONVERTERS_OPERATION_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/longrunning/operations.pb.h"
#include "server/library/robot_view.h"
#include "server/operations/operation_store.h"

namespace carousel {

// `robots` tells of the drive or slot in a finished move's response.
void OperationToProto(const OperationView& view, const std::string& robot_id,
                      const RobotView& robots, google::longrunning::Operation* proto);

// A filter of ListOperations as common.proto describes it. INVALID_ARGUMENT (INVALID_FIELD).
absl::StatusOr<OperationFilter> FilterFromText(absl::string_view text);

}  // namespace carousel

#endif  // SERVER_SERVICE_CONVERTERS_OPERATION_H_
