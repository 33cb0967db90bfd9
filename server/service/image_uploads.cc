// What comes into an image of ImageService: files that clients send, trees of the staging folder.
#include <memory>
#include <string>
#include <utility>

#include "hal/base/status_macros.h"
#include "server/service/converters/names.h"
#include "server/service/converters/operation.h"
#include "server/service/converters/upload.h"
#include "server/service/image_service.h"
#include "server/service/upload_stream.h"

namespace carousel {

grpc::ServerReadReactor<v1::UploadFileRequest>* ImageService::UploadFile(
    Context* context, v1::UploadFileResponse* response) {
  return UploadStream::Start(calls_, &upload_, context, domain_.uploads, domain_.upload_rates,
                             domain_.disk_work, response);
}

grpc::ServerUnaryReactor* ImageService::GetUpload(Context* context,
                                                  const v1::GetUploadRequest* request,
                                                  v1::Upload* response) {
  return calls_->ServeLater(context, get_upload_, [&](std::unique_ptr<Call> call) {
    absl::StatusOr<std::string> image = IdFromName("image", request->image(), "images");
    if (!image.ok()) return call->Finish(image.status());
    call->set_image(*image);
    if (const absl::Status id = CheckUploadId("upload_id", request->upload_id()); !id.ok())
      return call->Finish(id);
    // It syncs what has come.
    domain_.disk_work->Post(
        [this, call = std::move(call), image = *image, request, response]() mutable {
          const auto state = domain_.uploads->Get(image, request->upload_id());
          if (state.ok()) UploadToProto(*state, response);
          call->Finish(state.status());
        });
  });
}

grpc::ServerUnaryReactor* ImageService::AddTree(Context* context, const v1::AddTreeRequest* request,
                                                google::longrunning::Operation* response) {
  return calls_->Serve(context, add_tree_, [&](Call& call) -> absl::Status {
    TreeJobs::Request wanted{.etag = request->etag(),
                             .source = request->source(),
                             .directory = request->directory(),
                             .with_base = request->include_base_directory(),
                             .trace_id = call.trace_id()};
    ASSIGN_OR_RETURN(wanted.image, FindImage(call, "image", request->image()));
    ASSIGN_OR_RETURN(wanted.request, RequestIdOf(call, *request));
    ASSIGN_OR_RETURN(const std::string id, domain_.trees->Start(std::move(wanted)));
    call.set_operation(id);
    ASSIGN_OR_RETURN(const OperationView view, domain_.operations->Get(id));
    OperationToProto(view, calls_->robot_id(), *domain_.robots, response);
    return absl::OkStatus();
  });
}

}  // namespace carousel
