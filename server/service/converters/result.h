// Result images on the wire.
#ifndef SERVER_SERVICE_CONVERTERS_RESULT_H_
#define SERVER_SERVICE_CONVERTERS_RESULT_H_

#include "absl/status/statusor.h"
#include "carousel/v1/image.pb.h"
#include "server/result/progress_items.h"
#include "server/result/result_jobs.h"

namespace carousel {

// What a request says of the result; image, trace and etag are the handler's affair.
// INVALID_ARGUMENT (INVALID_FIELD).
absl::StatusOr<ResultJobs::Request> ResultRequestFromProto(
    const v1::CreateResultImageRequest& proto);

void ResultReportToProto(const ResultReport& report, v1::CreateResultImageResponse* proto);
v1::CreateResultImageMetadata::Step ResultStepToProto(ResultStep step);
void ProgressItemToProto(const ProgressItem& item, v1::ProgressItem* proto);

}  // namespace carousel

#endif  // SERVER_SERVICE_CONVERTERS_RESULT_H_
