// Time as a dependency: the service, the drives and their models ask a Clock, so that a year of
// robot work runs in seconds under test.
#ifndef HAL_BASE_CLOCK_H_
#define HAL_BASE_CLOCK_H_

#include "absl/time/time.h"

namespace carousel {

// Thread-safe. Times never go backwards.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() = 0;
  // Returns once Now() >= `time`; at once if it already is.
  virtual void SleepUntil(absl::Time time) = 0;
  void SleepFor(absl::Duration duration) { SleepUntil(Now() + duration); }
};

// The machine's clock.
class SystemClock : public Clock {
 public:
  absl::Time Now() override;
  void SleepUntil(absl::Time time) override;
};

// Runs `scale` times as fast as the machine's clock, from the moment of construction on. For the
// virtual robot: its model speaks in the seconds of a real drive, and `time_scale: 20` makes twenty
// of them pass in one.
class ScaledClock : public Clock {
 public:
  // `scale` > 0.
  explicit ScaledClock(double scale);
  absl::Time Now() override;
  void SleepUntil(absl::Time time) override;

 private:
  const double scale_;
  const absl::Time start_;
};

}  // namespace carousel

#endif  // HAL_BASE_CLOCK_H_
