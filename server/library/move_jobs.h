// The moves of RobotService as operations that run a DiscMove each, and its inventory as one.
#ifndef SERVER_LIBRARY_MOVE_JOBS_H_
#define SERVER_LIBRARY_MOVE_JOBS_H_

#include <optional>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "hal/base/mutex.h"
#include "server/library/library.h"
#include "server/library/move_leg.h"
#include "server/operations/operation_runner.h"
#include "server/operations/operation_store.h"
#include "server/operations/request_id.h"

namespace carousel {

// Progress of a move's operation, the same from its start to its end. Its response is a
// MoveReport too.
struct MoveReport {
  MoveLeg leg;
  std::optional<MoveLeg> displaced;  // of an exchange: the disc that was in the drive
  std::string drive;                 // id; empty if none is used
};

// Progress of an inventory's operation.
struct InventoryProgress {
  bool rescan = false;
};
// Its response.
struct InventoryReport {
  size_t discs = 0;
  size_t unlabelled = 0;  // of them: without a bar code of their own
};

// What is to be moved, by ids. Library's Prepare methods say what each does and refuses.
struct LoadRequest {
  std::string disc;
  std::string drive;
};
struct UnloadRequest {
  std::string drive;
};
struct ExchangeRequest {
  std::string disc;
  std::string drive;
};
struct MoveRequest {
  std::string disc;
  std::string slot;
};
struct ImportRequest {
  std::string import_export_slot;
  std::string slot;  // empty: the first free one
};
struct ExportRequest {
  std::string disc;
  std::string import_export_slot;  // empty: the first free one
};
using AnyMoveRequest = std::variant<LoadRequest, UnloadRequest, ExchangeRequest, MoveRequest,
                                    ImportRequest, ExportRequest>;

// Thread-safe. What it is given must outlive it and its operations.
class MoveJobs {
 public:
  MoveJobs(Library* library, OperationStore* operations, OperationRunner* runner);

  // Starts a move and returns its operation's id, or that of the operation that the same request
  // started before. Never waits for a device. Codes of Library's Prepare methods; DRAINING;
  // ALREADY_EXISTS (REQUEST_ID_REUSED).
  absl::StatusOr<std::string> Start(const AnyMoveRequest& move, std::string trace_id,
                                    const RequestId& request) ABSL_LOCKS_EXCLUDED(start_mutex_);

  // Starts Library::TakeInventory, in the same way.
  absl::StatusOr<std::string> StartInventory(bool rescan, std::string trace_id,
                                             const RequestId& request)
      ABSL_LOCKS_EXCLUDED(start_mutex_);

 private:
  // Of an operation that has been created and attached.
  absl::StatusOr<std::string> Run(const std::string& id, OperationRunner::Work work);

  Library* const library_;
  OperationStore* const operations_;
  OperationRunner* const runner_;
  // Serialises starts, so that parallel requests of one request_id start one operation.
  Mutex start_mutex_;
};

}  // namespace carousel

#endif  // SERVER_LIBRARY_MOVE_JOBS_H_
