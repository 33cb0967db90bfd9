// What others see of an erasure, a close or a repair that runs, and how they ask it to stop.
#ifndef SERVER_MAINTENANCE_MAINTENANCE_CONTROL_H_
#define SERVER_MAINTENANCE_MAINTENANCE_CONTROL_H_

#include <cstdint>
#include <optional>

#include "hal/base/mutex.h"

namespace carousel {

enum class MaintenanceAction : uint8_t {
  kExamining,
  kBlanking,
  kFormatting,
  kClearing,  // zeros where file systems begin
  kClosingTrack,
  kClosingSession,
  kWritingSuperblock,
  kReadingBack,
  kCompleted,
};

struct MaintenanceProgress {
  MaintenanceAction action = MaintenanceAction::kExamining;
  // 0 to 1, of the action; absent where the drive does not tell.
  std::optional<double> part;
};

// Thread-safe; no method blocks.
class MaintenanceControl {
 public:
  // Has an effect until the first command that changes the disc was sent; what has begun goes on to
  // its end. May be called at any time, more than once.
  void Cancel() ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    cancelled_ = true;
  }
  bool cancelled() const ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    return cancelled_;
  }

  MaintenanceProgress progress() const ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    return progress_;
  }
  // The run's own.
  void Publish(const MaintenanceProgress& progress) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    progress_ = progress;
  }

 private:
  mutable Mutex mutex_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  MaintenanceProgress progress_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // SERVER_MAINTENANCE_MAINTENANCE_CONTROL_H_
