// Burns on the wire.
#ifndef SERVER_SERVICE_CONVERTERS_WRITE_IMAGE_H_
#define SERVER_SERVICE_CONVERTERS_WRITE_IMAGE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "carousel/v1/disc_format.pb.h"
#include "server/burn/burn_jobs.h"
#include "server/burn/write_report.h"
#include "server/journal/action.h"

namespace carousel {

// All but the trace. INVALID_ARGUMENT (INVALID_NAME, INVALID_FIELD).
absl::StatusOr<BurnJobs::Request> WriteImageFromProto(const v1::WriteImageRequest& proto);

void WriteReportToProto(const WriteReport& report, v1::WriteImageResponse* proto);
void WriteProgressToProto(const WriteProgress& progress, v1::WriteImageMetadata* proto);

// INVALID_ARGUMENT (INVALID_FIELD).
absl::StatusOr<Acknowledgement> AcknowledgementFromProto(const v1::AcknowledgeDiscRequest& proto);
void ReleasedToProto(const std::vector<ActionRecord>& actions, v1::AcknowledgeDiscResponse* proto);

}  // namespace carousel

#endif  // SERVER_SERVICE_CONVERTERS_WRITE_IMAGE_H_
