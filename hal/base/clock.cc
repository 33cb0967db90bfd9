#include "hal/base/clock.h"

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace carousel {

absl::Time SystemClock::Now() { return absl::Now(); }

void SystemClock::SleepUntil(absl::Time time) {
  for (absl::Duration left = time - absl::Now(); left > absl::ZeroDuration();
       left = time - absl::Now()) {
    absl::SleepFor(left);
  }
}

ScaledClock::ScaledClock(double scale) : scale_(scale), start_(absl::Now()) {}

absl::Time ScaledClock::Now() { return start_ + (absl::Now() - start_) * scale_; }

void ScaledClock::SleepUntil(absl::Time time) {
  for (absl::Duration left = time - Now(); left > absl::ZeroDuration(); left = time - Now()) {
    absl::SleepFor(left / scale_);
  }
}

}  // namespace carousel
