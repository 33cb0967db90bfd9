// Something that is done again and again beside the calls: a thread, a function, a pause.
#ifndef SERVER_APP_PERIODIC_TASK_H_
#define SERVER_APP_PERIODIC_TASK_H_

#include <functional>
#include <thread>

#include "absl/time/time.h"
#include "hal/base/mutex.h"

namespace carousel {

// Thread-safe. Owns its thread.
class PeriodicTask {
 public:
  // Returns the pause until the next run, in machine time. What expires in the meantime is told by
  // the clock of those that it calls, not by this pause.
  using Work = std::function<absl::Duration()>;

  // Runs `work` at once and then after each pause, on a thread of its own.
  explicit PeriodicTask(Work work);
  // Stop.
  ~PeriodicTask();
  PeriodicTask(const PeriodicTask&) = delete;
  PeriodicTask& operator=(const PeriodicTask&) = delete;

  // Blocks until the first run has ended, or for `timeout` of machine time. Whether it has ended.
  bool AwaitFirstRun(absl::Duration timeout) ABSL_LOCKS_EXCLUDED(mutex_);

  // Lets no further run begin and waits for the end of one that is under way. Not from `work`.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Loop() ABSL_LOCKS_EXCLUDED(mutex_);
  // False: stopped meanwhile.
  bool Pause(absl::Duration pause) ABSL_LOCKS_EXCLUDED(mutex_);

  const Work work_;
  Mutex mutex_;
  CondVar changed_;
  bool has_run_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  Mutex join_mutex_;
  std::thread thread_ ABSL_GUARDED_BY(join_mutex_);
};

}  // namespace carousel

#endif  // SERVER_APP_PERIODIC_TASK_H_
