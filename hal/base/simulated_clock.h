// A clock for models on several threads: their times run side by side, as those of real devices do.
// Time passes only while all that take part sleep; computing takes none. Not for one thread alone:
// FakeClock.
#ifndef HAL_BASE_SIMULATED_CLOCK_H_
#define HAL_BASE_SIMULATED_CLOCK_H_

#include <set>

#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"

namespace carousel {

// Thread-safe.
class SimulatedClock : public Clock {
 public:
  // `longest_computing`: machine time after which one that neither sleeps nor leaves is taken to
  // wait for another that sleeps here. Long, since a busy machine takes its time to compute.
  explicit SimulatedClock(absl::Duration longest_computing = absl::Seconds(30))
      : longest_computing_(longest_computing) {}

  // While it lives, time waits for one sleeper more. Without any, time goes on to the first
  // sleeper's end at once.
  class Participant {
   public:
    // `clock` must outlive it.
    explicit Participant(SimulatedClock* clock) : clock_(*clock) { clock_.Expect(1); }
    ~Participant() { clock_.Expect(-1); }
    Participant(const Participant&) = delete;
    Participant& operator=(const Participant&) = delete;

   private:
    SimulatedClock& clock_;
  };

  absl::Time Now() override ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    return now_;
  }

  void SleepUntil(absl::Time time) override ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    if (time <= now_) return;
    wake_times_.insert(time);
    GoOnIfAllSleep();
    while (now_ < time) {
      // Time goes on without it, and its test sees how late it is.
      if (changed_.WaitFor(&mutex_, longest_computing_)) GoOn();
    }
  }

 private:
  void Expect(int more) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    participants_ += more;
    GoOnIfAllSleep();
  }

  void GoOnIfAllSleep() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (static_cast<int>(wake_times_.size()) >= participants_) GoOn();
  }

  // To the first that wakes.
  void GoOn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (wake_times_.empty()) return;
    now_ = *wake_times_.begin();
    wake_times_.erase(wake_times_.begin(), wake_times_.upper_bound(now_));
    changed_.SignalAll();
  }

  const absl::Duration longest_computing_;
  Mutex mutex_;
  CondVar changed_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_) = absl::FromUnixSeconds(1'700'000'000);
  std::multiset<absl::Time> wake_times_ ABSL_GUARDED_BY(mutex_);
  int participants_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace carousel

#endif  // HAL_BASE_SIMULATED_CLOCK_H_
