// A clock that tests move. SleepUntil moves it too: a single-threaded model on a FakeClock runs as
// fast as the machine computes.
#ifndef HAL_BASE_FAKE_CLOCK_H_
#define HAL_BASE_FAKE_CLOCK_H_

#include <algorithm>

#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"

namespace carousel {

class FakeClock : public Clock {
 public:
  explicit FakeClock(absl::Time now = absl::FromUnixSeconds(1'700'000'000)) : now_(now) {}

  absl::Time Now() override {
    MutexLock lock(&mutex_);
    return now_;
  }
  void SleepUntil(absl::Time time) override {
    MutexLock lock(&mutex_);
    now_ = std::max(now_, time);
  }
  void Advance(absl::Duration duration) {
    MutexLock lock(&mutex_);
    now_ += duration;
  }

 private:
  Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // HAL_BASE_FAKE_CLOCK_H_
