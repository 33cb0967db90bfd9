// The rest of ImageService: what is on the disc, its import, and the tree.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/image/tree_editor.h"
#include "server/image/tree_lookup.h"
#include "server/service/converters/image.h"
#include "server/service/converters/image_edits.h"
#include "server/service/converters/names.h"
#include "server/service/converters/operation.h"
#include "server/service/converters/paging.h"
#include "server/service/image_service.h"

namespace carousel {

grpc::ServerUnaryReactor* ImageService::IdentifyFileSystems(
    Context* context, const v1::IdentifyFileSystemsRequest* request,
    v1::IdentifyFileSystemsResponse* response) {
  return calls_->ServeLater(context, identify_, [&](std::unique_ptr<Call> call) {
    const absl::StatusOr<ImagePtr> image = FindImage(*call, "image", request->image());
    if (!image.ok()) return call->Finish(image.status());
    absl::StatusOr<std::string> drive =
        request->drive().empty() ? std::string() : IdFromName("drive", request->drive(), "drives");
    if (!drive.ok()) return call->Finish(drive.status());
    call->set_drive(*drive);
    domain_.identifier->Run(
        **image, *drive,
        [call = std::move(call), response](absl::StatusOr<IdentifiedFileSystems> found) {
          if (!found.ok()) return call->Finish(found.status());
          for (const FileSystem file_system : found->file_systems)
            response->add_file_systems(FileSystemToProto(file_system));
          response->set_rock_ridge(found->rock_ridge);
          call->Finish(absl::OkStatus());
        });
  });
}

grpc::ServerUnaryReactor* ImageService::GetDefaultFileSystemForImport(
    Context* context, const v1::GetDefaultFileSystemForImportRequest* request,
    v1::GetDefaultFileSystemForImportResponse* response) {
  return calls_->Serve(context, default_, [&](Call& call) -> absl::Status {
    RETURN_IF_ERROR(FindImage(call, "image", request->image()).status());
    IdentifiedFileSystems found{.rock_ridge = request->rock_ridge()};
    for (const int number : request->file_systems()) {
      ASSIGN_OR_RETURN(const FileSystem file_system,
                       FileSystemFromProto("file_systems", static_cast<v1::FileSystem>(number)));
      found.file_systems.push_back(file_system);
    }
    ASSIGN_OR_RETURN(const ImportPreference preference,
                     PreferenceFromProto(request->import_preference()));
    ASSIGN_OR_RETURN(const FileSystem chosen, DefaultFileSystemForImport(found, preference));
    response->set_file_system(FileSystemToProto(chosen));
    return absl::OkStatus();
  });
}

absl::StatusOr<ImportJobs::Request> ImageService::ImportRequest(
    Call& call, const v1::ImportFileSystemRequest& request) {
  ImportJobs::Request out{.etag = request.etag(), .trace_id = call.trace_id()};
  ASSIGN_OR_RETURN(out.image, FindImage(call, "image", request.image()));
  ASSIGN_OR_RETURN(out.file_system, FileSystemFromProto("file_system", request.file_system()));
  ASSIGN_OR_RETURN(out.preference, PreferenceFromProto(request.import_preference()));
  out.hash_files = request.hash_files();
  ASSIGN_OR_RETURN(out.request, RequestIdOf(call, request));
  return out;
}

grpc::ServerUnaryReactor* ImageService::ImportFileSystem(Context* context,
                                                         const v1::ImportFileSystemRequest* request,
                                                         google::longrunning::Operation* response) {
  return calls_->Serve(context, import_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(ImportJobs::Request wanted, ImportRequest(call, *request));
    ASSIGN_OR_RETURN(const std::string id, domain_.imports->Start(std::move(wanted)));
    call.set_operation(id);
    ASSIGN_OR_RETURN(const OperationView view, domain_.operations->Get(id));
    call.set_drive(view.subject.drive);
    OperationToProto(view, calls_->robot_id(), *domain_.robots, response);
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ImageService::ListItems(Context* context,
                                                  const v1::ListItemsRequest* request,
                                                  v1::ListItemsResponse* response) {
  return calls_->Serve(context, list_items_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const ImagePtr image, FindImage(call, "image", request->image()));
    ASSIGN_OR_RETURN(const std::string path, PathFromProto("raw_directory", request->directory(),
                                                           request->raw_directory()));
    const ImageView view = image->view();
    const std::string list = absl::StrCat("items ", view.id, view.etag, path);
    ASSIGN_OR_RETURN(const Page page,
                     ParsePage(request->page_size(), request->page_token(), list, 0));
    return image->Look([&](const TreeEditor& tree) -> absl::Status {
      ASSIGN_OR_RETURN(const TreeEditor::Id directory, FindDirectory(tree, path));
      for (const TreeEditor::Id id : tree.Children(directory, page.position, page.size))
        ItemToProto(tree, id, response->add_items());
      const size_t end = page.position + response->items_size();
      if (end < tree.child_count(directory))
        response->set_next_page_token(MakePageToken(list, static_cast<int64_t>(end)));
      return absl::OkStatus();
    });
  });
}

grpc::ServerUnaryReactor* ImageService::GetItem(Context* context, const v1::GetItemRequest* request,
                                                v1::Item* response) {
  return calls_->Serve(context, get_item_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const ImagePtr image, FindImage(call, "image", request->image()));
    ASSIGN_OR_RETURN(const std::string path,
                     PathFromProto("raw_path", request->path(), request->raw_path()));
    return image->Look([&](const TreeEditor& tree) -> absl::Status {
      ASSIGN_OR_RETURN(const TreeEditor::Id id, tree.FindItem(path));
      ItemToProto(tree, id, response);
      return absl::OkStatus();
    });
  });
}

}  // namespace carousel
