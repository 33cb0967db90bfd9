// ImportFileSystem as the service does it: an operation that has the drive for itself, reads the
// last session's tree on a thread of its own, and puts it into the image.
#ifndef SERVER_SESSION_IMPORT_IMPORT_JOBS_H_
#define SERVER_SESSION_IMPORT_IMPORT_JOBS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "hal/robot/drive_station.h"
#include "hal/robot/robot.h"
#include "server/disc_format/media_facts.h"
#include "server/image/file_system.h"
#include "server/image/file_system_image.h"
#include "server/metrics/observers.h"
#include "server/operations/operation_runner.h"
#include "server/operations/operation_store.h"
#include "server/operations/request_id.h"
#include "server/session_import/importer.h"

namespace carousel {

// Response of an import's operation. Its progress is an ImportProgress.
struct ImportReport {
  ImageView image;  // after the import
  FileSystem file_system = FileSystem::kNone;
  bool rock_ridge = false;
  int64_t entries = 0;
  std::vector<std::string> warnings;
};

// One import that can be run, as Importer; the seam for tests of jobs.
class ImportRun {
 public:
  virtual ~ImportRun() = default;
  virtual absl::StatusOr<ImportResult> Run() = 0;
  virtual void Cancel() = 0;
  virtual ImportProgress progress() const = 0;
};

// Thread-safe. What it is given must outlive it and its operations.
class ImportJobs {
 public:
  using NewRun = std::function<std::unique_ptr<ImportRun>(
      DriveStation* drive, std::shared_ptr<const MediaFacts> facts, const ImportOptions& options)>;

  struct Request {
    std::shared_ptr<FileSystemImage> image;
    std::string etag;
    FileSystem file_system = FileSystem::kNone;
    ImportPreference preference = ImportPreference::kComplete;
    bool hash_files = false;
    std::string trace_id;
    RequestId request;
  };

  // `limits`: options of every import, but for what a request says. `observer` may be null.
  ImportJobs(Robot* robot, OperationStore* operations, OperationRunner* runner, NewRun new_run,
             ImportOptions limits, Clock* clock, ImportObserver* observer);

  // Starts the import and returns its operation's id, or the id of the operation that the same
  // request started before. Never waits for a device. Codes of FileSystemImage::BeginImport;
  // UNAVAILABLE E_IMAPI_RECORDER_LOCKED: another operation has the drive (metadata owner);
  // DRAINING; ALREADY_EXISTS (REQUEST_ID_REUSED); IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED: UDF is
  // asked for.
  absl::StatusOr<std::string> Start(Request request) ABSL_LOCKS_EXCLUDED(start_mutex_);

 private:
  struct Job;
  absl::StatusOr<std::shared_ptr<Job>> Prepare(const Request& request, const std::string& id);
  absl::StatusOr<std::any> RunJob(Job& job);
  // The work since the last report.
  void ReportWork(Job& job, const ImportWork& done);
  void Report(Job& job, const absl::Status& outcome, absl::Duration took);

  Robot* const robot_;
  OperationStore* const operations_;
  OperationRunner* const runner_;
  const NewRun new_run_;
  const ImportOptions limits_;
  Clock* const clock_;
  ImportObserver* const observer_;
  // Serialises starts, so that parallel requests of one request_id start one operation.
  Mutex start_mutex_;
};

// Runs of the real Importer. `clock`: the robot's.
ImportJobs::NewRun NewImporterRuns(Clock* clock);

}  // namespace carousel

#endif  // SERVER_SESSION_IMPORT_IMPORT_JOBS_H_
