// The methods of DiscFormatService that verify, erase, close, repair and describe a disc.
#include <memory>
#include <utility>

#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/service/converters/disc_job.h"
#include "server/service/converters/names.h"
#include "server/service/converters/operation.h"
#include "server/service/disc_format_service.h"

namespace carousel {
namespace {

using google::longrunning::Operation;

// What all requests of jobs have.
template <typename Request>
absl::StatusOr<DiscJobs::Request> JobRequest(const Request& request, Call& call) {
  DiscJobs::Request job;
  ASSIGN_OR_RETURN(job.drive, IdFromName("drive", request.drive(), "drives"));
  call.set_drive(job.drive);
  ASSIGN_OR_RETURN(job.request, RequestIdOf(call, request));
  job.trace_id = call.trace_id();
  return job;
}

absl::Status NotConfirmed() {
  return InvalidFieldError("confirmed_disc", "is empty; it names the disc that is meant");
}

}  // namespace

absl::Status DiscFormatService::ToOperation(Call& call, const absl::StatusOr<std::string>& id,
                                            Operation* response) {
  RETURN_IF_ERROR(id.status());
  call.set_operation(*id);
  ASSIGN_OR_RETURN(const OperationView view, parts_.operations->Get(*id));
  OperationToProto(view, calls_->robot_id(), *parts_.robots, response);
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* DiscFormatService::DescribeDisc(Context* context,
                                                          const v1::DescribeDiscRequest* request,
                                                          v1::DescribeDiscResponse* response) {
  return calls_->ServeLater(context, describe_, [&](std::unique_ptr<Call> call) {
    const absl::StatusOr<std::string> drive = IdFromName("drive", request->drive(), "drives");
    if (!drive.ok()) return call->Finish(drive.status());
    call->set_drive(*drive);
    const bool with_files = request->view() == v1::DescribeDiscRequest::VIEW_FILES;
    parts_.describer->Run(*drive, request->view() != v1::DescribeDiscRequest::VIEW_SESSIONS,
                          [call = std::move(call), with_files,
                           response](absl::StatusOr<DiscDescription> description) mutable {
                            if (description.ok())
                              DiscDescriptionToProto(*description, with_files, response);
                            call->Finish(description.status());
                          });
  });
}

grpc::ServerUnaryReactor* DiscFormatService::VerifySession(Context* context,
                                                           const v1::VerifySessionRequest* request,
                                                           Operation* response) {
  return calls_->Serve(context, verify_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const DiscJobs::Request job, JobRequest(*request, call));
    ASSIGN_OR_RETURN(const VerifyLevel level, VerifyLevelFromProto(request->level()));
    if (request->session() < 0) return InvalidFieldError("session", "is negative");
    return ToOperation(call, parts_.jobs->StartVerification(job, level, request->session()),
                       response);
  });
}

grpc::ServerUnaryReactor* DiscFormatService::EraseMedia(Context* context,
                                                        const v1::EraseMediaRequest* request,
                                                        Operation* response) {
  return calls_->Serve(context, erase_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(DiscJobs::Request job, JobRequest(*request, call));
    ASSIGN_OR_RETURN(const EraseMode mode, EraseModeFromProto(request->mode()));
    if (request->confirmed_disc().empty()) return NotConfirmed();
    job.confirmed_disc = request->confirmed_disc();
    return ToOperation(call, parts_.jobs->StartErase(job, mode), response);
  });
}

grpc::ServerUnaryReactor* DiscFormatService::CloseDisc(Context* context,
                                                       const v1::CloseDiscRequest* request,
                                                       Operation* response) {
  return calls_->Serve(context, close_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(DiscJobs::Request job, JobRequest(*request, call));
    ASSIGN_OR_RETURN(const CloseMode mode, CloseModeFromProto(request->mode()));
    if (mode == CloseMode::kDisc && request->confirmed_disc().empty()) return NotConfirmed();
    job.confirmed_disc = request->confirmed_disc();
    return ToOperation(call, parts_.jobs->StartClose(job, mode), response);
  });
}

grpc::ServerUnaryReactor* DiscFormatService::RepairDisc(Context* context,
                                                        const v1::RepairDiscRequest* request,
                                                        Operation* response) {
  return calls_->Serve(context, repair_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const DiscJobs::Request job, JobRequest(*request, call));
    return ToOperation(call, parts_.jobs->StartRepair(job), response);
  });
}

}  // namespace carousel
