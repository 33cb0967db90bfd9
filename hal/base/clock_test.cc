#include "hal/base/clock.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"

namespace carousel {
namespace {

TEST(ClockTest, AScaledClockPassesItsOwnSecondsFaster) {
  SystemClock machine;
  ScaledClock scaled(10'000);
  const absl::Time machine_start = machine.Now();
  const absl::Time scaled_start = scaled.Now();
  scaled.SleepFor(absl::Seconds(20));
  EXPECT_GE(scaled.Now() - scaled_start, absl::Seconds(20));
  EXPECT_LT(machine.Now() - machine_start, absl::Seconds(20));
}

TEST(ClockTest, SleepingOnAFakeClockMovesIt) {
  FakeClock clock;
  const absl::Time start = clock.Now();
  clock.SleepFor(absl::Hours(24));
  EXPECT_EQ(clock.Now() - start, absl::Hours(24));
  clock.SleepUntil(start);
  EXPECT_EQ(clock.Now() - start, absl::Hours(24)) << "time never goes backwards";
}

}  // namespace
}  // namespace carousel
