// Threads for questions that block on a device for a while and are no operations: one thread for
// each lane (drive), so that a drive that hangs holds up nobody but those who ask for it.
#ifndef SERVER_OPERATIONS_TASK_LANES_H_
#define SERVER_OPERATIONS_TASK_LANES_H_

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hal/base/mutex.h"

namespace carousel {

// Thread-safe. The destructor runs what is queued and waits for it.
class TaskLanes {
 public:
  using Task = absl::AnyInvocable<void()>;

  // Tasks that may wait in a lane.
  static constexpr size_t kMaxQueued = 32;

  explicit TaskLanes(const std::vector<std::string>& lanes);
  ~TaskLanes();
  TaskLanes(const TaskLanes&) = delete;
  TaskLanes& operator=(const TaskLanes&) = delete;

  // Queues `task` in a lane. RESOURCE_EXHAUSTED (LIMIT_REACHED): too many wait there. INTERNAL: no
  // such lane. On an error `task` is destroyed without being called.
  absl::Status Post(absl::string_view lane, Task task);

 private:
  struct Lane {
    Mutex mutex;
    CondVar work;
    std::deque<Task> tasks ABSL_GUARDED_BY(mutex);
    bool stopping ABSL_GUARDED_BY(mutex) = false;
    std::thread thread;
  };
  static void Run(Lane* lane);

  std::map<std::string, std::unique_ptr<Lane>, std::less<>> lanes_;
};

}  // namespace carousel

#endif  // SERVER_OPERATIONS_TASK_LANES_H_
