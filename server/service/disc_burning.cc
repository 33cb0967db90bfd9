// The methods of DiscFormatService that write sessions, and that let a disc be written again.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/service/converters/names.h"
#include "server/service/converters/write_image.h"
#include "server/service/disc_format_service.h"

namespace carousel {

grpc::ServerUnaryReactor* DiscFormatService::WriteImage(Context* context,
                                                        const v1::WriteImageRequest* request,
                                                        google::longrunning::Operation* response) {
  return calls_->ServeLater(context, write_, [&](std::unique_ptr<Call> call) {
    absl::StatusOr<BurnJobs::Request> wanted = WriteImageFromProto(*request);
    if (!wanted.ok()) return call->Finish(wanted.status());
    call->set_image(wanted->image);
    call->set_drive(wanted->drive);
    wanted->trace_id = call->trace_id();
    // The journal syncs what it is told.
    parts_.disk_work->Post(
        [this, call = std::move(call), wanted = *std::move(wanted), response]() mutable {
          call->Finish(ToOperation(*call, parts_.burns->Start(std::move(wanted)), response));
        });
  });
}

grpc::ServerUnaryReactor* DiscFormatService::AcknowledgeDisc(
    Context* context, const v1::AcknowledgeDiscRequest* request,
    v1::AcknowledgeDiscResponse* response) {
  return calls_->ServeLater(context, acknowledge_, [&](std::unique_ptr<Call> call) {
    const absl::StatusOr<std::string> disc = IdFromName("disc", request->disc(), "discs");
    if (!disc.ok()) return call->Finish(disc.status());
    const absl::StatusOr<Acknowledgement> acknowledgement = AcknowledgementFromProto(*request);
    if (!acknowledgement.ok()) return call->Finish(acknowledgement.status());
    parts_.disk_work->Post([this, call = std::move(call), disc = *disc,
                            acknowledgement = *acknowledgement, response]() mutable {
      const absl::StatusOr<std::vector<ActionRecord>> released =
          parts_.held->Acknowledge(disc, acknowledgement);
      if (released.ok()) ReleasedToProto(*released, response);
      call->Finish(released.status());
    });
  });
}

}  // namespace carousel
