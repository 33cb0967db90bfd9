// What others see of long work that runs on a device's thread, and how they ask it to stop.
#ifndef SERVER_OPERATIONS_RUN_CONTROL_H_
#define SERVER_OPERATIONS_RUN_CONTROL_H_

#include "hal/base/mutex.h"

namespace carousel {

// `Progress` is a value. Thread-safe; no method blocks.
template <typename Progress>
class RunControl {
 public:
  // The work looks at it where it can stop; what it has begun there may go on to its end. May be
  // called at any time, more than once.
  void Cancel() ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    cancelled_ = true;
  }
  bool cancelled() const ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    return cancelled_;
  }

  Progress progress() const ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    return progress_;
  }
  // The work's own.
  void Publish(const Progress& progress) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    progress_ = progress;
  }

 private:
  mutable Mutex mutex_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  Progress progress_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // SERVER_OPERATIONS_RUN_CONTROL_H_
