// Runs long work on threads of its own, as operations of a store.
#ifndef SERVER_OPERATIONS_OPERATION_RUNNER_H_
#define SERVER_OPERATIONS_OPERATION_RUNNER_H_

#include <any>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "hal/base/mutex.h"
#include "server/operations/operation_store.h"

namespace carousel {

// Thread-safe. One thread for each operation: there are no more of them than drives, which most
// have for themselves, and than those who start the others allow. The destructor cancels what runs
// and waits for it.
class OperationRunner {
 public:
  // What an operation does. Blocks; its return value ends the operation.
  using Work = absl::AnyInvocable<absl::StatusOr<std::any>()>;

  // `store` must outlive the runner.
  explicit OperationRunner(OperationStore* store);
  ~OperationRunner();

  // Runs `work` for the operation `id`, which the store has. UNAVAILABLE (DRAINING): the runner
  // takes no more; the operation is left as it is.
  absl::Status Start(const std::string& id, Work work) ABSL_LOCKS_EXCLUDED(mutex_);

  // DRAINING once Drain has begun; for callers that want to know before they prepare anything.
  absl::Status CheckAccepting() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Takes no more. Returns at once.
  void StopAccepting() ABSL_LOCKS_EXCLUDED(mutex_);

  // StopAccepting, and waits until all have ended; after `grace` of machine time cancels those that
  // run and waits for their end. Returns whether all ended by themselves.
  bool Drain(absl::Duration grace) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run(int64_t key, std::string id, Work work) ABSL_LOCKS_EXCLUDED(mutex_);
  void JoinEnded() ABSL_LOCKS_EXCLUDED(mutex_);
  void CancelRunning() ABSL_LOCKS_EXCLUDED(mutex_);

  OperationStore* const store_;
  mutable Mutex mutex_;
  CondVar ended_;
  bool accepting_ ABSL_GUARDED_BY(mutex_) = true;
  int64_t next_key_ ABSL_GUARDED_BY(mutex_) = 0;
  struct Job {
    std::string id;
    std::thread thread;
  };
  std::map<int64_t, Job> running_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> to_join_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // SERVER_OPERATIONS_OPERATION_RUNNER_H_
