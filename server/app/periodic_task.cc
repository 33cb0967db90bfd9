#include "server/app/periodic_task.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace carousel {
namespace {

using MachineClock = std::chrono::steady_clock;

MachineClock::time_point After(absl::Duration duration) {
  // Bounded: chrono's arithmetic overflows on "for ever".
  return MachineClock::now() + absl::ToChronoNanoseconds(std::min(duration, absl::Hours(24 * 365)));
}

}  // namespace

PeriodicTask::PeriodicTask(Work work) : work_(std::move(work)), thread_([this] { Loop(); }) {}

PeriodicTask::~PeriodicTask() { Stop(); }

bool PeriodicTask::AwaitFirstRun(absl::Duration timeout) {
  const auto until = After(timeout);
  MutexLock lock(&mutex_);
  while (!has_run_) {
    const auto left = until - MachineClock::now();
    if (left <= MachineClock::duration::zero()) return false;
    changed_.WaitFor(&mutex_, absl::FromChrono(left));
  }
  return true;
}

void PeriodicTask::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.SignalAll();
  }
  MutexLock lock(&join_mutex_);
  if (thread_.joinable()) thread_.join();
}

bool PeriodicTask::Pause(absl::Duration pause) {
  const auto until = After(pause);
  MutexLock lock(&mutex_);
  has_run_ = true;
  changed_.SignalAll();
  while (!stopping_) {
    const auto left = until - MachineClock::now();
    if (left <= MachineClock::duration::zero()) return true;
    changed_.WaitFor(&mutex_, absl::FromChrono(left));
  }
  return false;
}

void PeriodicTask::Loop() {
  while (Pause(work_())) {
  }
}

}  // namespace carousel
