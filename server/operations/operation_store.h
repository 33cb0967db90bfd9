// The record of long-running operations: what runs, what ended and how. In memory, but takes what
// somebody else has kept; knows neither what an operation does nor how it looks on the wire.
#ifndef SERVER_OPERATIONS_OPERATION_STORE_H_
#define SERVER_OPERATIONS_OPERATION_STORE_H_

#include <any>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "server/operations/request_id.h"

namespace carousel {

enum class OperationKind : uint8_t {
  kImportFileSystem,
  kLoadDisc,
  kUnloadDisc,
  kWriteImage,
  kCreateResultImage,
  kAddTree,
  kEraseMedia,
  kCloseDisc,
  kRepairDisc,
  kVerifySession,
  kTakeInventory,
  kMoveDisc,
  kExchangeDisc,
  kImportDisc,
  kExportDisc,
};
// "import_file_system", as filters name it.
absl::string_view OperationKindName(OperationKind kind);
std::optional<OperationKind> FindOperationKind(absl::string_view name);

// What an operation is about, fixed at its creation.
struct OperationSubject {
  OperationKind kind = OperationKind::kImportFileSystem;
  std::string drive;     // id
  std::string image;     // id; what has one
  std::string disc;      // id; empty if not known
  std::string trace_id;  // W3C; empty if the request had none
};

// One operation as it is now.
struct OperationView {
  std::string id;
  int64_t number = 0;  // ascending in the order of creation
  OperationSubject subject;
  absl::Time create_time;
  std::optional<absl::Time> end_time;  // absent: it runs
  // OK while it runs.
  absl::Status status;
  // Values of the operation's kind, for whoever started it; empty if there are none.
  std::any progress;
  std::any response;

  bool done() const { return end_time.has_value(); }
};

// An operation of an earlier run, which has ended.
struct EndedOperation {
  std::string id;
  OperationSubject subject;
  RequestId request;
  absl::Time create_time;
  absl::Time end_time;
  std::any progress;  // the last
  absl::StatusOr<std::any> response;
};

// What ListOperations asks for. Absent: any.
struct OperationFilter {
  std::optional<bool> done;
  std::optional<OperationKind> kind;
  std::optional<std::string> drive;  // id
};

// Thread-safe. No callback is called with a lock held.
class OperationStore {
 public:
  struct Options {
    // Finished operations are forgotten after this time, and the oldest beyond this count.
    absl::Duration keep = absl::Hours(24 * 30);
    size_t max_finished = 10'000;
    // Told of each operation's end, before those who wait for it; any thread. May be empty.
    std::function<void(const OperationView&)> on_end;
  };
  // Gives the present progress; any thread, must not block nor call the store.
  using ProgressSource = std::function<std::any()>;
  // Asks for the operation's end at its next safe point; any thread, must not block.
  using CancelFunction = std::function<void()>;

  // `clock` must outlive the store.
  OperationStore(Clock* clock, Options options);
  ~OperationStore();

  // A new, running operation; its id. Ids are random and never used twice. The second form is for
  // callers that need the id before: from RandomId.
  std::string Create(OperationSubject subject, RequestId request = {}) ABSL_LOCKS_EXCLUDED(mutex_);
  void Create(std::string id, OperationSubject subject, RequestId request)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Takes an operation of an earlier run, as if it had been created now and ended at its time: who
  // restores many begins with the oldest. Told to nobody; nothing happens if the id is known.
  void Restore(EndedOperation operation) ABSL_LOCKS_EXCLUDED(mutex_);

  // The operation that `request` created before, if it is still known. ALREADY_EXISTS
  // (REQUEST_ID_REUSED): by a request with another body.
  absl::StatusOr<std::optional<std::string>> FindRequest(const RequestId& request)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Gives a running operation its functions, which are dropped at its end. A cancellation that came
  // before calls `cancel` at once.
  void Attach(absl::string_view id, ProgressSource progress, CancelFunction cancel)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Ends a running operation, keeps its last progress and calls who waits. `response` if it
  // succeeded.
  void Finish(absl::string_view id, absl::StatusOr<std::any> response) ABSL_LOCKS_EXCLUDED(mutex_);

  // NOT_FOUND for this and all below: no such operation, or it has been forgotten.
  absl::StatusOr<OperationView> Get(absl::string_view id) ABSL_LOCKS_EXCLUDED(mutex_);

  // Operations that match, newest first, at most `limit`, only those with a number below `below`.
  std::vector<OperationView> List(const OperationFilter& filter, int64_t below, size_t limit)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Calls `done` once, when the operation ends, from the thread that ends it; at once if it has
  // ended. The number is for StopWaiting.
  using WaitId = int64_t;
  absl::StatusOr<WaitId> OnDone(absl::string_view id, absl::AnyInvocable<void()> done)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Whether the callback was dropped uncalled; false: it was called or is being called.
  bool StopWaiting(absl::string_view id, WaitId wait) ABSL_LOCKS_EXCLUDED(mutex_);
  // How many callbacks wait for the operation's end; 0 if there is no such operation.
  size_t waiting(absl::string_view id) ABSL_LOCKS_EXCLUDED(mutex_);

  // Asks a running operation to end. OK without effect if it has ended.
  absl::Status Cancel(absl::string_view id) ABSL_LOCKS_EXCLUDED(mutex_);

  // Forgets a finished one. FAILED_PRECONDITION (OPERATION_RUNNING).
  absl::Status Delete(absl::string_view id) ABSL_LOCKS_EXCLUDED(mutex_);

  // Forgets what is too old or too much. Called by Finish too.
  void RemoveExpired() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Record;
  using RecordPtr = std::shared_ptr<Record>;

  void Insert(const RecordPtr& record) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  RecordPtr Find(absl::string_view id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Forget(const RecordPtr& record) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ForgetExpired() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Clock* const clock_;
  const Options options_;
  Mutex mutex_;
  int64_t next_number_ ABSL_GUARDED_BY(mutex_) = 1;
  WaitId next_wait_ ABSL_GUARDED_BY(mutex_) = 1;
  // Newest last.
  std::map<int64_t, RecordPtr> by_number_ ABSL_GUARDED_BY(mutex_);
  // Finished ones in the order of their end.
  std::map<int64_t, RecordPtr> by_end_ ABSL_GUARDED_BY(mutex_);
  int64_t next_end_ ABSL_GUARDED_BY(mutex_) = 1;
  absl::flat_hash_map<std::string, RecordPtr> by_id_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, RecordPtr> by_request_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // SERVER_OPERATIONS_OPERATION_STORE_H_
