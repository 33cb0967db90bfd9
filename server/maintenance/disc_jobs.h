// EraseMedia, CloseDisc, RepairDisc and VerifySession as the service does them: operations that
// have the drive for themselves, are kept in the journal, and run on the drive's thread.
#ifndef SERVER_MAINTENANCE_DISC_JOBS_H_
#define SERVER_MAINTENANCE_DISC_JOBS_H_

#include <any>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "hal/robot/robot.h"
#include "server/burn/disc_condition.h"
#include "server/burn/journaled_operations.h"
#include "server/burn/verify_run.h"
#include "server/journal/journal.h"
#include "server/maintenance/close_run.h"
#include "server/maintenance/erase_choice.h"
#include "server/maintenance/maintenance_run.h"
#include "server/metrics/observers.h"
#include "server/operations/operation_runner.h"
#include "server/operations/operation_store.h"
#include "server/operations/request_id.h"

namespace carousel {

// Thread-safe. What it is given must outlive it and its operations.
class DiscJobs {
 public:
  struct Parts {
    Robot* robot;
    Journal* journal;
    JournaledOperations* journaled;
    OperationStore* operations;
    OperationRunner* runner;
    Clock* clock;               // the robot's
    DiscJobObserver* observer;  // may be null
    // The id of the disc in a drive; empty if it is not known. Never blocks.
    std::function<std::string(absl::string_view drive)> disc_in_drive;
    MaintenanceRun::ReadFacts read_facts;
  };
  struct Request {
    std::string drive;  // id
    // What the caller takes the disc for: its bar code or its identifier. Empty: any.
    std::string confirmed_disc;
    std::string trace_id;
    RequestId request;
  };

  explicit DiscJobs(Parts parts) : parts_(std::move(parts)) {}

  // Each starts an operation and returns its id, or the id of the one that the same request started
  // before, in this run or an earlier one. Waits for the journal's disk, never for a device.
  // NOT_FOUND: no such drive. FAILED_PRECONDITION E_IMAPI_RECORDER_MEDIA_NO_MEDIA: it is empty.
  // UNAVAILABLE E_IMAPI_RECORDER_LOCKED: another operation has the drive (metadata owner);
  // DRAINING. ALREADY_EXISTS (REQUEST_ID_REUSED). Codes of Journal. The operation ends with the
  // codes of its run, with metadata drive and disc_state.
  absl::StatusOr<std::string> StartErase(const Request& request, EraseMode mode);
  absl::StatusOr<std::string> StartClose(const Request& request, CloseMode mode);
  absl::StatusOr<std::string> StartRepair(const Request& request);
  absl::StatusOr<std::string> StartVerification(const Request& request, VerifyLevel level,
                                                int session);

 private:
  class Shown;
  struct Job;
  // What the job does, once its drive and its disc are known.
  using MakeWork = std::function<void(Job&)>;

  absl::StatusOr<std::string> Start(OperationKind kind, const Request& request,
                                    const MakeWork& make) ABSL_LOCKS_EXCLUDED(start_mutex_);
  absl::StatusOr<std::shared_ptr<Job>> Prepare(const Request& request, const std::string& id);
  // A job that changes the disc.
  using NewRun = std::function<std::unique_ptr<MaintenanceRun>(MaintenanceSubject,
                                                               MaintenanceRun::Surroundings)>;
  MakeWork Changing(DiscCondition success, NewRun new_run);
  absl::StatusOr<std::any> RunJob(Job& job);

  const Parts parts_;
  // Serialises starts, so that parallel requests of one request_id start one operation.
  Mutex start_mutex_;
};

}  // namespace carousel

#endif  // SERVER_MAINTENANCE_DISC_JOBS_H_
