// WriteImage as the service does it: an operation that has the drive and the image for itself,
// keeps in the journal what it does to the disc, and writes a result image on the drive's thread.
#ifndef SERVER_BURN_BURN_JOBS_H_
#define SERVER_BURN_BURN_JOBS_H_

#include <any>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "hal/robot/robot.h"
#include "server/burn/journaled_operations.h"
#include "server/burn/write_run.h"
#include "server/image/image_store.h"
#include "server/journal/journal.h"
#include "server/metrics/observers.h"
#include "server/operations/operation_runner.h"
#include "server/operations/operation_store.h"
#include "server/operations/request_id.h"

namespace carousel {

// Thread-safe. What it is given must outlive it and its operations.
class BurnJobs {
 public:
  struct Parts {
    Robot* robot;
    ImageStore* images;
    Journal* journal;
    JournaledOperations* journaled;
    OperationStore* operations;
    OperationRunner* runner;
    Clock* clock;            // the robot's
    BurnObserver* observer;  // may be null
    // The id of the disc in a drive; empty if it is not known. Never blocks.
    std::function<std::string(absl::string_view drive)> disc_in_drive;
    WriteRun::ReadFacts read_facts;
  };
  struct Request {
    std::string image;  // id
    std::string etag;
    std::string drive;  // id
    WriteOptions options;
    std::string trace_id;
    RequestId request;
  };

  explicit BurnJobs(Parts parts) : parts_(std::move(parts)) {}

  // Starts the burn and returns its operation's id, or the id of the operation that the same
  // request started before, in this run or an earlier one: it never starts a second. Waits for the
  // journal's disk, never for a device. NOT_FOUND: no such image or drive. UNAVAILABLE
  // E_IMAPI_RECORDER_LOCKED: another operation has the drive (metadata owner); DRAINING.
  // FAILED_PRECONDITION IMAPI_E_IMAGEMANAGER_NO_IMAGE: no result was made of the image; DISC_HELD.
  // IMAPI_E_DISC_MISMATCH: the image continues the disc in another drive. ALREADY_EXISTS
  // (REQUEST_ID_REUSED). Codes of FileSystemImage::BeginOperation and of Journal. The operation
  // ends with the codes of WriteRun and a WriteReport.
  absl::StatusOr<std::string> Start(Request request) ABSL_LOCKS_EXCLUDED(start_mutex_);

 private:
  struct Job;
  absl::StatusOr<std::shared_ptr<Job>> Prepare(const Request& request, const std::string& id);
  absl::StatusOr<std::any> RunJob(Job& job);
  void Report(const Job& job, const absl::Status& outcome);
  DiscIdentity IdentityOf(const std::string& disc, const MediaFacts* facts) const;

  const Parts parts_;
  // Serialises starts, so that parallel requests of one request_id start one operation.
  Mutex start_mutex_;
};

}  // namespace carousel

#endif  // SERVER_BURN_BURN_JOBS_H_
