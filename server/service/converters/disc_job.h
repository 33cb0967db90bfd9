// Operations that verify, erase, close and repair discs on the wire, and what DescribeDisc answers.
#ifndef SERVER_SERVICE_CONVERTERS_DISC_JOB_H_
#define SERVER_SERVICE_CONVERTERS_DISC_JOB_H_

#include "absl/status/statusor.h"
#include "carousel/v1/disc_format.pb.h"
#include "google/longrunning/operations.pb.h"
#include "server/burn/verify_run.h"
#include "server/maintenance/close_run.h"
#include "server/maintenance/disc_describer.h"
#include "server/maintenance/disc_job_report.h"
#include "server/maintenance/erase_choice.h"
#include "server/operations/operation_store.h"

namespace carousel {

// INVALID_ARGUMENT (INVALID_FIELD): unspecified, or none that is known.
absl::StatusOr<VerifyLevel> VerifyLevelFromProto(v1::VerifySessionRequest::Level level);
absl::StatusOr<EraseMode> EraseModeFromProto(v1::EraseMediaRequest::Mode mode);
absl::StatusOr<CloseMode> CloseModeFromProto(v1::CloseDiscRequest::Mode mode);

// Fills the progress; what all metadata begin with is the caller's.
void DiscJobProgressToProto(const DiscJobProgress& progress, v1::DiscJobMetadata* metadata);
// The response, which depends on the operation's kind, of one that has succeeded.
void DiscJobResponseToProto(const OperationView& view, google::longrunning::Operation* proto);

// `with_files`: the manifest's, as many as an answer may have.
void DiscDescriptionToProto(const DiscDescription& description, bool with_files,
                            v1::DescribeDiscResponse* response);

}  // namespace carousel

#endif  // SERVER_SERVICE_CONVERTERS_DISC_JOB_H_
