// The validations that failed last, for people who look at the robot; how many there were in all is
// the metrics'.
#ifndef SERVER_WEB_RECENT_FAILURES_H_
#define SERVER_WEB_RECENT_FAILURES_H_

#include <cstddef>
#include <deque>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "server/metrics/observers.h"

namespace carousel::web {

// Thread-safe.
class RecentFailures final : public ValidationObserver {
 public:
  // `next` is told of all that this is told; both must outlive it.
  RecentFailures(size_t most, Clock* clock, ValidationObserver* next)
      : most_(most), clock_(*clock), next_(*next) {}

  struct Failure {
    absl::Time time;
    absl::Status status;
  };
  // The newest first.
  std::vector<Failure> List() const ABSL_LOCKS_EXCLUDED(mutex_);

  void OnValidation(const absl::Status& outcome) override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const size_t most_;
  Clock& clock_;
  ValidationObserver& next_;
  mutable Mutex mutex_;
  std::deque<Failure> failures_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel::web

#endif  // SERVER_WEB_RECENT_FAILURES_H_
