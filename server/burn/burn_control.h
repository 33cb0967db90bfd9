// What others see of a burn that runs, and how they ask it to stop.
#ifndef SERVER_BURN_BURN_CONTROL_H_
#define SERVER_BURN_BURN_CONTROL_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "hal/base/mutex.h"
#include "hal/base/types.h"
#include "hal/drive/disc_writer.h"
#include "server/burn/sector_ring.h"

namespace carousel {

// IMAPI_FORMAT2_DATA_WRITE_ACTION, as far as a burn has them.
enum class BurnAction : uint8_t {
  kValidatingMedia,
  kFormattingMedia,
  kInitializingHardware,
  kCalibratingPower,
  kWritingData,
  kFinalization,
  kCompleted,
};

struct BurnProgress {
  BurnAction action = BurnAction::kValidatingMedia;
  Lba start;
  Lba next;  // [start, next) has been acknowledged by the drive
  Lba end;
  int64_t bytes = 0;  // acknowledged
  // Sectors per second, that the drive has chosen; absent where it does not tell.
  std::optional<int64_t> speed;
  // Of what lies ready for the drive. `size` 0: nothing was made yet.
  RingLevel buffer;
  // Of the drive's own, asked for now and then; absent where it does not tell.
  std::optional<WriteBuffer> drive_buffer;
};

// Thread-safe; no method blocks.
class BurnControl {
 public:
  // The burn stops at its next safe point: between two WRITEs, or before the first. A burn whose
  // last WRITE was taken goes on to its end. May be called at any time, more than once.
  void Cancel() ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    cancelled_ = true;
    if (wake_) wake_();
  }
  bool cancelled() const ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    return cancelled_;
  }

  BurnProgress progress() const ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    return progress_;
  }
  // The burn's own.
  void Publish(const BurnProgress& progress) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    progress_ = progress;
  }
  // `wake` is called when the burn is to stop, at once where it already is, on whatever thread; it
  // must not block nor call back. Null: nobody waits any more, and no call is under way.
  void SetWake(std::function<void()> wake) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    wake_ = std::move(wake);
    if (cancelled_ && wake_) wake_();
  }

 private:
  mutable Mutex mutex_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  BurnProgress progress_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> wake_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // SERVER_BURN_BURN_CONTROL_H_
