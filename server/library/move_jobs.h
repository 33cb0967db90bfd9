// LoadDisc and UnloadDisc as the service does them: operations that run a DiscMove each.
#ifndef SERVER_LIBRARY_MOVE_JOBS_H_
#define SERVER_LIBRARY_MOVE_JOBS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/base/mutex.h"
#include "server/library/disc_move.h"
#include "server/library/library.h"
#include "server/operations/operation_runner.h"
#include "server/operations/operation_store.h"
#include "server/operations/request_id.h"

namespace carousel {

// Progress of a move's operation, the same from its start to its end. Its response is a
// MoveReport too.
struct MoveReport {
  std::string disc;  // ids
  std::string drive;
  std::string slot;
  std::string source;  // "slots/slot1", "drives/drive0"
  std::string destination;
};

// Thread-safe. What it is given must outlive it and its operations.
class MoveJobs {
 public:
  MoveJobs(Library* library, OperationStore* operations, OperationRunner* runner);

  // Starts a move and returns its operation's id, or that of the operation that the same request
  // started before. Never waits for a device. Codes of Library::PrepareLoad and PrepareUnload;
  // DRAINING; ALREADY_EXISTS (REQUEST_ID_REUSED).
  absl::StatusOr<std::string> StartLoad(absl::string_view disc, absl::string_view drive,
                                        std::string trace_id, const RequestId& request)
      ABSL_LOCKS_EXCLUDED(start_mutex_);
  absl::StatusOr<std::string> StartUnload(absl::string_view drive, std::string trace_id,
                                          const RequestId& request)
      ABSL_LOCKS_EXCLUDED(start_mutex_);

 private:
  absl::StatusOr<std::string> Start(OperationKind kind, absl::string_view disc,
                                    absl::string_view drive, std::string trace_id,
                                    const RequestId& request) ABSL_LOCKS_EXCLUDED(start_mutex_);

  Library* const library_;
  OperationStore* const operations_;
  OperationRunner* const runner_;
  // Serialises starts, so that parallel requests of one request_id start one operation.
  Mutex start_mutex_;
};

}  // namespace carousel

#endif  // SERVER_LIBRARY_MOVE_JOBS_H_
