// Threads for work that blocks on the service's own disk and is no operation: gRPC's threads, of
// which there are a few for all calls, hand it on and go back to the network.
#ifndef SERVER_OPERATIONS_WORKER_POOL_H_
#define SERVER_OPERATIONS_WORKER_POOL_H_

#include <deque>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "hal/base/mutex.h"

namespace carousel {

// Thread-safe. The destructor runs what is queued and waits for it.
class WorkerPool {
 public:
  using Task = absl::AnyInvocable<void()>;

  explicit WorkerPool(int threads);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Runs `task` when a thread is free, in the order of posting. The queue has no bound of its own:
  // who posts has one task at a time for each call.
  void Post(Task task) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);

  Mutex mutex_;
  CondVar work_;
  std::deque<Task> tasks_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace carousel

#endif  // SERVER_OPERATIONS_WORKER_POOL_H_
