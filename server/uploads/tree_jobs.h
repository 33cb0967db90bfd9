// AddTree as the service does it: an operation that has the image for itself, lists a tree of the
// staging folder, takes each file's bytes into the spool, and puts the whole into the image.
#ifndef SERVER_UPLOADS_TREE_JOBS_H_
#define SERVER_UPLOADS_TREE_JOBS_H_

#include <any>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "hal/base/mutex.h"
#include "server/image/image_store.h"
#include "server/image/image_view.h"
#include "server/operations/operation_runner.h"
#include "server/operations/operation_store.h"
#include "server/operations/request_id.h"
#include "server/spool/spool.h"
#include "server/uploads/staged_tree.h"
#include "server/uploads/staging_folder.h"

namespace carousel {

struct TreeProgress {
  std::string current_item;  // below the source
  int64_t files_done = 0;
  int64_t bytes_done = 0;
  // Absent until the tree has been listed.
  std::optional<int64_t> files_total;
  std::optional<int64_t> bytes_total;
  std::optional<int64_t> directories_total;
};

// Response of the operation.
struct TreeReport {
  ImageView image;  // after it
  int64_t files = 0;
  int64_t directories = 0;
  int64_t links = 0;
  int64_t bytes = 0;
};

// Thread-safe. What it is given must outlive it and its operations.
class TreeJobs {
 public:
  struct Request {
    ImagePtr image;
    std::string etag;
    std::string source;      // relative to the staging folder
    std::string directory;   // of the image
    bool with_base = false;  // in a directory named as the source's last one
    std::string trace_id;
    RequestId request;
  };

  // `staging` may be null: there is no such folder, and every start is refused.
  TreeJobs(const StagingFolder* staging, StagingFolder::Limits limits, Spool* spool,
           OperationStore* operations, OperationRunner* runner);

  // Starts the operation and returns its id, or the id of the one that the same request started
  // before. Waits for no disk. Codes of FileSystemImage::BeginOperation. INVALID_ARGUMENT
  // (INVALID_FIELD): `source` is absolute, or has empty, "." or ".." components.
  // IMAPI_E_INVALID_WORKING_DIRECTORY: no staging folder is configured. IMAPI_E_DIR_NOT_FOUND,
  // IMAPI_E_NOT_DIR, IMAPI_E_INVALID_PATH: the destination. DRAINING; ALREADY_EXISTS
  // (REQUEST_ID_REUSED).
  //
  // The operation ends with the codes of StagingFolder, of Spool::StartUpload and of AddEntries;
  // then the image and the spool are as they were before.
  absl::StatusOr<std::string> Start(Request request) ABSL_LOCKS_EXCLUDED(start_mutex_);

 private:
  class Job;
  absl::Status Check(const Request& request) const;

  const StagingFolder* const staging_;
  const StagingFolder::Limits limits_;
  Spool* const spool_;
  OperationStore* const operations_;
  OperationRunner* const runner_;
  // Serialises starts, so that parallel requests of one request_id start one operation.
  Mutex start_mutex_;
};

}  // namespace carousel

#endif  // SERVER_UPLOADS_TREE_JOBS_H_
