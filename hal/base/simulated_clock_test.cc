#include "hal/base/simulated_clock.h"

#include <functional>
#include <optional>
#include <thread>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "hal/base/mutex.h"

namespace carousel {
namespace {

TEST(SimulatedClock, PassesAtOnceForOneThatSleepsAlone) {
  SimulatedClock clock;
  const absl::Time start = clock.Now();
  clock.SleepFor(absl::Hours(24));
  EXPECT_EQ(clock.Now() - start, absl::Hours(24));
  clock.SleepUntil(start);
  EXPECT_EQ(clock.Now() - start, absl::Hours(24)) << "time never goes backwards";
}

// Threads that sleep `steps` times for `step`, and when each of the two was done.
TEST(SimulatedClock, RunsTheTimesOfTwoThreadsSideBySide) {
  SimulatedClock clock;
  const absl::Time start = clock.Now();
  std::optional<SimulatedClock::Participant> first(&clock);
  std::optional<SimulatedClock::Participant> second(&clock);
  absl::Time first_done;
  absl::Time second_done;
  const auto run = [&clock](int steps, absl::Duration step, absl::Time* done,
                            std::optional<SimulatedClock::Participant>* participant) {
    for (int i = 0; i < steps; ++i) clock.SleepFor(step);
    *done = clock.Now();
    participant->reset();
  };
  std::thread fast(run, 1000, absl::Milliseconds(3), &first_done, &first);
  std::thread slow(run, 100, absl::Milliseconds(70), &second_done, &second);
  fast.join();
  slow.join();
  EXPECT_EQ(first_done - start, absl::Seconds(3));
  EXPECT_EQ(second_done - start, absl::Seconds(7));
}

TEST(SimulatedClock, ChargesAThreadThatWaitsForAnotherWithItsTime) {
  SimulatedClock clock(absl::Milliseconds(100));
  const absl::Time start = clock.Now();
  SimulatedClock::Participant both[] = {SimulatedClock::Participant(&clock),
                                        SimulatedClock::Participant(&clock)};
  Mutex one_at_a_time;
  const auto run = [&] {
    MutexLock lock(&one_at_a_time);
    clock.SleepFor(absl::Seconds(5));
  };
  std::thread other(run);
  run();
  other.join();
  EXPECT_EQ(clock.Now() - start, absl::Seconds(10));
}

}  // namespace
}  // namespace carousel
