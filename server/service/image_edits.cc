// The part of ImageService that changes an image: its properties and its tree.
#include <set>
#include <string>

#include "absl/functional/function_ref.h"
#include "hal/base/status_macros.h"
#include "server/image/tree_editor.h"
#include "server/service/converters/image.h"
#include "server/service/converters/image_edits.h"
#include "server/service/converters/upload.h"
#include "server/service/image_service.h"

namespace carousel {

grpc::ServerUnaryReactor* ImageService::UpdateImage(Context* context,
                                                    const v1::UpdateImageRequest* request,
                                                    v1::Image* response) {
  return calls_->Serve(context, update_, [&](Call& call) -> absl::Status {
    const v1::Image& wanted = request->image();
    ASSIGN_OR_RETURN(const ImagePtr image, FindImage(call, "image.name", wanted.name()));
    ASSIGN_OR_RETURN(const std::set<std::string> fields, UpdatedFields(*request));
    ASSIGN_OR_RETURN(const ImageView view,
                     image->Update(wanted.etag(), [&](ImageProperties& properties) {
                       return ApplyUpdate(wanted, fields, properties);
                     }));
    ImageToProto(view, response);
    return absl::OkStatus();
  });
}

absl::Status ImageService::Edit(Call& call, const std::string& name, const std::string& etag,
                                absl::FunctionRef<absl::Status(TreeEditor&)> edit,
                                v1::Image* response) {
  ASSIGN_OR_RETURN(const ImagePtr image, FindImage(call, "image", name));
  ASSIGN_OR_RETURN(const ImageView view, image->Edit(etag, edit));
  ImageToProto(view, response);
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* ImageService::AddDirectory(Context* context,
                                                     const v1::AddDirectoryRequest* request,
                                                     v1::Image* response) {
  return calls_->Serve(context, add_directory_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const TreeEditor::Attributes attributes,
                     AttributesFromProto("attributes", request->attributes()));
    const auto edit = [&](TreeEditor& tree) {
      return tree.AddDirectory(request->path(), attributes).status();
    };
    return Edit(call, request->image(), request->etag(), edit, response);
  });
}

grpc::ServerUnaryReactor* ImageService::AddSymlink(Context* context,
                                                   const v1::AddSymlinkRequest* request,
                                                   v1::Image* response) {
  return calls_->Serve(context, add_symlink_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const TreeEditor::Attributes attributes,
                     AttributesFromProto("attributes", request->attributes()));
    const auto edit = [&](TreeEditor& tree) {
      return tree.AddSymlink(request->path(), request->target(), attributes).status();
    };
    return Edit(call, request->image(), request->etag(), edit, response);
  });
}

grpc::ServerUnaryReactor* ImageService::RemoveItem(Context* context,
                                                   const v1::RemoveItemRequest* request,
                                                   v1::Image* response) {
  return calls_->Serve(context, remove_item_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string path,
                     PathFromProto("raw_path", request->path(), request->raw_path()));
    const auto edit = [&](TreeEditor& tree) { return tree.RemoveItem(path); };
    return Edit(call, request->image(), request->etag(), edit, response);
  });
}

grpc::ServerUnaryReactor* ImageService::RemoveTree(Context* context,
                                                   const v1::RemoveTreeRequest* request,
                                                   v1::Image* response) {
  return calls_->Serve(context, remove_tree_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string path,
                     PathFromProto("raw_path", request->path(), request->raw_path()));
    const auto edit = [&](TreeEditor& tree) { return tree.RemoveTree(path); };
    return Edit(call, request->image(), request->etag(), edit, response);
  });
}

grpc::ServerUnaryReactor* ImageService::MoveItem(Context* context,
                                                 const v1::MoveItemRequest* request,
                                                 v1::Image* response) {
  return calls_->Serve(context, move_item_, [&](Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string path,
                     PathFromProto("raw_path", request->path(), request->raw_path()));
    const auto edit = [&](TreeEditor& tree) { return tree.MoveItem(path, request->destination()); };
    return Edit(call, request->image(), request->etag(), edit, response);
  });
}

grpc::ServerUnaryReactor* ImageService::LockInChangePoint(
    Context* context, const v1::LockInChangePointRequest* request, v1::Image* response) {
  return calls_->Serve(context, lock_in_, [&](Call& call) {
    const auto edit = [](TreeEditor& tree) {
      tree.LockInChangePoint();
      return absl::OkStatus();
    };
    return Edit(call, request->image(), request->etag(), edit, response);
  });
}

grpc::ServerUnaryReactor* ImageService::RollbackToChangePoint(
    Context* context, const v1::RollbackToChangePointRequest* request, v1::Image* response) {
  return calls_->Serve(context, rollback_, [&](Call& call) {
    const auto edit = [&](TreeEditor& tree) {
      return tree.RollbackToChangePoint(request->change_point());
    };
    return Edit(call, request->image(), request->etag(), edit, response);
  });
}

}  // namespace carousel
