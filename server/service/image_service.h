// FileSystemImageService: validate, convert, one domain call, convert.
#ifndef SERVER_SERVICE_IMAGE_SERVICE_H_
#define SERVER_SERVICE_IMAGE_SERVICE_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "carousel/v1/image.grpc.pb.h"
#include "server/image/image_store.h"
#include "server/image/multisession_binder.h"
#include "server/image/tree_editor.h"
#include "server/library/robot_view.h"
#include "server/operations/operation_store.h"
#include "server/operations/worker_pool.h"
#include "server/result/file_bytes.h"
#include "server/result/result_jobs.h"
#include "server/service/call.h"
#include "server/service/message_pool.h"
#include "server/session_import/file_system_identifier.h"
#include "server/session_import/import_jobs.h"
#include "server/uploads/tree_jobs.h"
#include "server/uploads/upload_rates.h"
#include "server/uploads/uploads.h"

namespace carousel {

class ImageService final : public v1::FileSystemImageService::CallbackService {
 public:
  // What the handlers call. All must outlive the service.
  struct Domain {
    ImageStore* images;
    MultisessionBinder* binder;
    FileSystemIdentifier* identifier;
    ImportJobs* imports;
    ResultJobs* results;
    const FileBytes* files;
    OperationStore* operations;
    const RobotView* robots;
    Uploads* uploads;
    UploadRates* upload_rates;
    TreeJobs* trees;
    WorkerPool* disk_work;  // for what blocks for the spool's disk
  };
  ImageService(Calls* calls, Domain domain);

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;
  Reactor* CreateImage(Context*, const v1::CreateImageRequest*, v1::Image*) override;
  Reactor* GetImage(Context*, const v1::GetImageRequest*, v1::Image*) override;
  Reactor* ListImages(Context*, const v1::ListImagesRequest*, v1::ListImagesResponse*) override;
  Reactor* DeleteImage(Context*, const v1::DeleteImageRequest*, google::protobuf::Empty*) override;
  Reactor* SetMultisessionInterfaces(Context*, const v1::SetMultisessionInterfacesRequest*,
                                     v1::SetMultisessionInterfacesResponse*) override;
  Reactor* GetMultisessionInterfaces(Context*, const v1::GetMultisessionInterfacesRequest*,
                                     v1::GetMultisessionInterfacesResponse*) override;
  Reactor* IdentifyFileSystems(Context*, const v1::IdentifyFileSystemsRequest*,
                               v1::IdentifyFileSystemsResponse*) override;
  Reactor* GetDefaultFileSystemForImport(Context*, const v1::GetDefaultFileSystemForImportRequest*,
                                         v1::GetDefaultFileSystemForImportResponse*) override;
  Reactor* ImportFileSystem(Context*, const v1::ImportFileSystemRequest*,
                            google::longrunning::Operation*) override;
  Reactor* ListItems(Context*, const v1::ListItemsRequest*, v1::ListItemsResponse*) override;
  Reactor* GetItem(Context*, const v1::GetItemRequest*, v1::Item*) override;
  grpc::ServerReadReactor<v1::UploadFileRequest>* UploadFile(Context*,
                                                             v1::UploadFileResponse*) override;
  Reactor* GetUpload(Context*, const v1::GetUploadRequest*, v1::Upload*) override;
  Reactor* UpdateImage(Context*, const v1::UpdateImageRequest*, v1::Image*) override;
  Reactor* AddDirectory(Context*, const v1::AddDirectoryRequest*, v1::Image*) override;
  Reactor* AddSymlink(Context*, const v1::AddSymlinkRequest*, v1::Image*) override;
  Reactor* RemoveItem(Context*, const v1::RemoveItemRequest*, v1::Image*) override;
  Reactor* RemoveTree(Context*, const v1::RemoveTreeRequest*, v1::Image*) override;
  Reactor* MoveItem(Context*, const v1::MoveItemRequest*, v1::Image*) override;
  Reactor* LockInChangePoint(Context*, const v1::LockInChangePointRequest*, v1::Image*) override;
  Reactor* RollbackToChangePoint(Context*, const v1::RollbackToChangePointRequest*,
                                 v1::Image*) override;
  Reactor* AddTree(Context*, const v1::AddTreeRequest*, google::longrunning::Operation*) override;
  Reactor* CalculateDiscIdentifier(Context*, const v1::CalculateDiscIdentifierRequest*,
                                   v1::CalculateDiscIdentifierResponse*) override;
  Reactor* CreateResultImage(Context*, const v1::CreateResultImageRequest*,
                             google::longrunning::Operation*) override;
  grpc::ServerWriteReactor<v1::ReadResultImageResponse>* ReadResultImage(
      Context*, const v1::ReadResultImageRequest*) override;
  Reactor* GetProgressItems(Context*, const v1::GetProgressItemsRequest*,
                            v1::GetProgressItemsResponse*) override;
  grpc::ServerWriteReactor<v1::ReadFileResponse>* ReadFile(Context*,
                                                           const v1::ReadFileRequest*) override;

 private:
  // The image that a request names, noted in the call's log line.
  absl::StatusOr<ImagePtr> FindImage(Call& call, absl::string_view field, absl::string_view name);
  absl::StatusOr<MultisessionBinder::Request> BinderRequest(
      Call& call, const v1::SetMultisessionInterfacesRequest& request);
  absl::StatusOr<ImportJobs::Request> ImportRequest(Call& call,
                                                    const v1::ImportFileSystemRequest& request);
  // Edits the tree of the image `name`, and answers with the image.
  absl::Status Edit(Call& call, const std::string& name, const std::string& etag,
                    absl::FunctionRef<absl::Status(TreeEditor&)> edit, v1::Image* response);

  Calls* const calls_;
  const Domain domain_;
  const Method create_, get_, list_, delete_, set_interfaces_, get_interfaces_, identify_, default_,
      import_, list_items_, get_item_, upload_, get_upload_, update_, add_directory_, add_symlink_,
      remove_item_, remove_tree_, move_item_, lock_in_, rollback_, add_tree_, identifier_;
  const Method create_result_, read_result_, progress_items_, read_file_;
  MessagePool<v1::SetMultisessionInterfacesRequest, v1::SetMultisessionInterfacesResponse>
      set_interfaces_messages_;
};

}  // namespace carousel

#endif  // SERVER_SERVICE_IMAGE_SERVICE_H_
