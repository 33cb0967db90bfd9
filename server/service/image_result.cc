// The result image of ImageService: its making, its blocks and what lies where in it; and the bytes
// of single files.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/result/progress_items.h"
#include "server/result/result_bytes.h"
#include "server/service/byte_stream.h"
#include "server/service/converters/names.h"
#include "server/service/converters/operation.h"
#include "server/service/converters/paging.h"
#include "server/service/converters/result.h"
#include "server/service/image_service.h"

namespace carousel {
namespace {

absl::StatusOr<std::shared_ptr<const ResultImage>> ResultOf(const FileSystemImage& image) {
  std::shared_ptr<const ResultImage> result = image.result();
  if (result != nullptr) return result;
  const std::string name = NameFromId("images", image.id());
  return imapi::MakeError(imapi::Hresult::IMAPI_E_IMAGEMANAGER_NO_IMAGE,
                          absl::StrCat(name, " has no result image"), {{"resource", name}});
}

}  // namespace

grpc::ServerUnaryReactor* ImageService::CreateResultImage(
    Context* context, const v1::CreateResultImageRequest* request,
    google::longrunning::Operation* response) {
  return calls_->Serve(context, create_result_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(ImagePtr image, FindImage(call, "image", request->image()));
    ASSIGN_OR_RETURN(ResultJobs::Request wanted, ResultRequestFromProto(*request));
    wanted.image = std::move(image);
    wanted.etag = request->etag();
    wanted.trace_id = call.trace_id();
    ASSIGN_OR_RETURN(wanted.request, RequestIdOf(call, *request));
    ASSIGN_OR_RETURN(const std::string id, domain_.results->Start(std::move(wanted)));
    call.set_operation(id);
    ASSIGN_OR_RETURN(const OperationView view, domain_.operations->Get(id));
    OperationToProto(view, calls_->robot_id(), *domain_.robots, response);
    return absl::OkStatus();
  });
}

grpc::ServerWriteReactor<v1::ReadResultImageResponse>* ImageService::ReadResultImage(
    Context* context, const v1::ReadResultImageRequest* request) {
  return ByteStream<v1::ReadResultImageResponse>::Start(
      calls_, &read_result_, context,
      [&](Call& call,
          std::function<void()>& on_piece) -> absl::StatusOr<std::unique_ptr<ByteSource>> {
        ASSIGN_OR_RETURN(const ImagePtr image, FindImage(call, "image", request->image()));
        ASSIGN_OR_RETURN(std::shared_ptr<const ResultImage> result, ResultOf(*image));
        on_piece = [image] { image->Touch(); };
        return ResultBytes::Open(std::move(result), request->offset_blocks(),
                                 request->count_blocks(), domain_.disk_work);
      });
}

grpc::ServerUnaryReactor* ImageService::GetProgressItems(Context* context,
                                                         const v1::GetProgressItemsRequest* request,
                                                         v1::GetProgressItemsResponse* response) {
  return calls_->Serve(context, progress_items_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const ImagePtr image, FindImage(call, "image", request->image()));
    ASSIGN_OR_RETURN(const std::shared_ptr<const ResultImage> result, ResultOf(*image));
    const std::string list = absl::StrCat("progress items ", image->id());
    ASSIGN_OR_RETURN(const Page page,
                     ParsePage(request->page_size(), request->page_token(), list, 0));
    const auto first = static_cast<size_t>(page.position);
    for (const ProgressItem& item : ProgressItems(*result, first, page.size))
      ProgressItemToProto(item, response->add_items());
    const size_t end = first + static_cast<size_t>(response->items_size());
    if (end < ProgressItemCount(*result))
      response->set_next_page_token(MakePageToken(list, static_cast<int64_t>(end)));
    return absl::OkStatus();
  });
}

grpc::ServerWriteReactor<v1::ReadFileResponse>* ImageService::ReadFile(
    Context* context, const v1::ReadFileRequest* request) {
  return ByteStream<v1::ReadFileResponse>::Start(
      calls_, &read_file_, context,
      [&](Call& call,
          std::function<void()>& on_piece) -> absl::StatusOr<std::unique_ptr<ByteSource>> {
        ASSIGN_OR_RETURN(const ImagePtr image, FindImage(call, "image", request->image()));
        on_piece = [image] { image->Touch(); };
        return domain_.files->Open(*image, request->path(), request->offset());
      });
}

}  // namespace carousel
