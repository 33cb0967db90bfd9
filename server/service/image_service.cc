// The image itself: creation to deletion, and the disc that it continues.
#include "server/service/image_service.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/service/converters/image.h"
#include "server/service/converters/multisession.h"
#include "server/service/converters/names.h"
#include "server/service/converters/paging.h"

namespace carousel {
namespace {

constexpr char kService[] = "carousel.v1.FileSystemImageService";
constexpr Method::Kind kStarts = Method::Kind::kStarts;

}  // namespace

ImageService::ImageService(Calls* calls, Domain domain)
    : calls_(calls),
      domain_(domain),
      create_(calls->NewMethod(kService, "CreateImage", kStarts)),
      get_(calls->NewMethod(kService, "GetImage")),
      list_(calls->NewMethod(kService, "ListImages")),
      delete_(calls->NewMethod(kService, "DeleteImage")),
      set_interfaces_(calls->NewMethod(kService, "SetMultisessionInterfaces", kStarts)),
      get_interfaces_(calls->NewMethod(kService, "GetMultisessionInterfaces")),
      identify_(calls->NewMethod(kService, "IdentifyFileSystems")),
      default_(calls->NewMethod(kService, "GetDefaultFileSystemForImport")),
      import_(calls->NewMethod(kService, "ImportFileSystem", kStarts)),
      list_items_(calls->NewMethod(kService, "ListItems")),
      get_item_(calls->NewMethod(kService, "GetItem")),
      upload_(calls->NewMethod(kService, "UploadFile", kStarts)),
      get_upload_(calls->NewMethod(kService, "GetUpload")),
      update_(calls->NewMethod(kService, "UpdateImage", kStarts)),
      add_directory_(calls->NewMethod(kService, "AddDirectory", kStarts)),
      add_symlink_(calls->NewMethod(kService, "AddSymlink", kStarts)),
      remove_item_(calls->NewMethod(kService, "RemoveItem", kStarts)),
      remove_tree_(calls->NewMethod(kService, "RemoveTree", kStarts)),
      move_item_(calls->NewMethod(kService, "MoveItem", kStarts)),
      lock_in_(calls->NewMethod(kService, "LockInChangePoint", kStarts)),
      rollback_(calls->NewMethod(kService, "RollbackToChangePoint", kStarts)),
      add_tree_(calls->NewMethod(kService, "AddTree", kStarts)),
      identifier_(calls->NewMethod(kService, "CalculateDiscIdentifier")),
      create_result_(calls->NewMethod(kService, "CreateResultImage", kStarts)),
      read_result_(calls->NewMethod(kService, "ReadResultImage")),
      progress_items_(calls->NewMethod(kService, "GetProgressItems")),
      read_file_(calls->NewMethod(kService, "ReadFile")) {
  SetMessageAllocatorFor_SetMultisessionInterfaces(&set_interfaces_messages_);
}

absl::StatusOr<ImagePtr> ImageService::FindImage(Call& call, absl::string_view field,
                                                 absl::string_view name) {
  ASSIGN_OR_RETURN(const std::string id, IdFromName(field, name, "images"));
  call.set_image(id);
  return domain_.images->Find(id);
}

grpc::ServerUnaryReactor* ImageService::CreateImage(Context* context,
                                                    const v1::CreateImageRequest* request,
                                                    v1::Image* response) {
  return calls_->Serve(context, create_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(ImageOptions options, ImageOptionsFromProto(request->image()));
    options.creator = call.principal();
    ASSIGN_OR_RETURN(RequestId id, RequestIdOf(call, *request));
    ASSIGN_OR_RETURN(const ImagePtr image,
                     domain_.images->Create(std::move(options), std::move(id)));
    call.set_image(image->id());
    ImageToProto(image->view(), response);
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ImageService::GetImage(Context* context,
                                                 const v1::GetImageRequest* request,
                                                 v1::Image* response) {
  return calls_->Serve(context, get_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const ImagePtr image, FindImage(call, "name", request->name()));
    ImageToProto(image->view(), response);
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ImageService::ListImages(Context* context,
                                                   const v1::ListImagesRequest* request,
                                                   v1::ListImagesResponse* response) {
  return calls_->Serve(context, list_, [&](Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const Page page,
                     ParsePage(request->page_size(), request->page_token(), "images", 0));
    const std::vector<ImagePtr> images = domain_.images->List(page.position, page.size + 1);
    for (const ImagePtr& image : images) {
      if (response->images_size() == static_cast<int>(page.size)) {
        response->set_next_page_token(MakePageToken("images", images[page.size - 1]->number()));
        break;
      }
      ImageToProto(image->view(), response->add_images());
    }
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ImageService::DeleteImage(Context* context,
                                                    const v1::DeleteImageRequest* request,
                                                    google::protobuf::Empty*) {
  return calls_->ServeLater(context, delete_, [&](std::unique_ptr<Call> call) {
    absl::StatusOr<std::string> id = IdFromName("name", request->name(), "images");
    if (!id.ok()) return call->Finish(id.status());
    call->set_image(*id);
    // Shared: the deletion that is refused drops its callback.
    std::shared_ptr<Call> shared = std::move(call);
    const absl::Status started = domain_.images->Delete(
        *id, request->etag(), [shared] { shared->Finish(absl::OkStatus()); });
    if (!started.ok()) shared->Finish(started);
  });
}

absl::StatusOr<MultisessionBinder::Request> ImageService::BinderRequest(
    Call& call, const v1::SetMultisessionInterfacesRequest& request) {
  MultisessionBinder::Request out{.etag = request.etag(), .validate_only = request.validate_only()};
  ASSIGN_OR_RETURN(out.image, FindImage(call, "image", request.image()));
  ASSIGN_OR_RETURN(out.list, ListFromProto(request.has_multisession_interfaces()
                                               ? &request.multisession_interfaces()
                                               : nullptr));
  if (out.list.has_value() && !out.list->empty()) call.set_drive(out.list->front().import_recorder);
  return out;
}

grpc::ServerUnaryReactor* ImageService::SetMultisessionInterfaces(
    Context* context, const v1::SetMultisessionInterfacesRequest* request,
    v1::SetMultisessionInterfacesResponse* response) {
  return calls_->ServeLater(context, set_interfaces_, [&](std::unique_ptr<Call> call) {
    absl::StatusOr<MultisessionBinder::Request> wanted = BinderRequest(*call, *request);
    if (!wanted.ok()) return call->Finish(wanted.status());
    domain_.binder->Bind(
        *std::move(wanted),
        [call = std::move(call), response](absl::StatusOr<MultisessionBinder::Outcome> outcome) {
          if (outcome.ok()) OutcomeToProto(*outcome, response);
          call->Finish(outcome.status());
        });
  });
}

grpc::ServerUnaryReactor* ImageService::GetMultisessionInterfaces(
    Context* context, const v1::GetMultisessionInterfacesRequest* request,
    v1::GetMultisessionInterfacesResponse* response) {
  return calls_->Serve(context, get_interfaces_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const ImagePtr image, FindImage(call, "image", request->image()));
    const std::shared_ptr<const BoundDisc> bound = image->bound();
    v1::MultisessionInterfaceList* list = response->mutable_multisession_interfaces();
    if (bound != nullptr) ListToProto(bound->interfaces, *bound->facts, list);
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ImageService::CalculateDiscIdentifier(
    Context* context, const v1::CalculateDiscIdentifierRequest* request,
    v1::CalculateDiscIdentifierResponse* response) {
  return calls_->Serve(context, identifier_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const ImagePtr image, FindImage(call, "image", request->image()));
    const std::shared_ptr<const BoundDisc> bound = image->bound();
    if (bound == nullptr) {
      return imapi::MakeError(imapi::Hresult::IMAPI_E_MULTISESSION_NOT_SET,
                              absl::StrCat(request->image(), " has no multi-session interfaces"),
                              {{"resource", request->image()}});
    }
    response->set_disc_identifier(bound->facts->disc_identifier);
    return absl::OkStatus();
  });
}

}  // namespace carousel
