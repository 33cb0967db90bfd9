// What others see of a verification that runs, and how they ask it to stop.
#ifndef SERVER_BURN_VERIFY_CONTROL_H_
#define SERVER_BURN_VERIFY_CONTROL_H_

#include <cstdint>
#include <optional>

#include "hal/base/mutex.h"
#include "hal/base/types.h"

namespace carousel {

enum class VerifyAction : uint8_t {
  kReloading,  // the disc goes out and in, and becomes ready
  kExamining,  // what drive and disc say of its sessions
  kReading,
  kCompleted,
};

struct VerifyProgress {
  VerifyAction action = VerifyAction::kReloading;
  Lba next;       // where it reads
  Sectors done;   // read and compared
  Sectors total;  // of what is to be read; 0 while that is not known
  // Sectors per second since the reading began; absent before.
  std::optional<int64_t> speed;
};

// Thread-safe; no method blocks.
class VerifyControl {
 public:
  // The verification stops before its next READ. May be called at any time, more than once.
  void Cancel() ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    cancelled_ = true;
  }
  bool cancelled() const ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    return cancelled_;
  }

  VerifyProgress progress() const ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    return progress_;
  }
  // The verification's own.
  void Publish(const VerifyProgress& progress) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    progress_ = progress;
  }

 private:
  mutable Mutex mutex_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  VerifyProgress progress_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // SERVER_BURN_VERIFY_CONTROL_H_
