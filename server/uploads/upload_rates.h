// How fast principals may upload: each has a bucket of one second's bytes that fills at the
// configured rate, for all its streams together.
#ifndef SERVER_UPLOADS_UPLOAD_RATES_H_
#define SERVER_UPLOADS_UPLOAD_RATES_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"

namespace carousel {

// Thread-safe.
class UploadRates {
 public:
  // 0 bytes a second: nobody is held back. `clock` must outlive it.
  UploadRates(int64_t bytes_per_second, Clock* clock)
      : bytes_per_second_(bytes_per_second), clock_(*clock) {}

  // Counts bytes that have come from `principal`; how long it is not read from now, zero or more.
  absl::Duration Charge(const std::string& principal, size_t bytes) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const int64_t bytes_per_second_;
  Clock& clock_;
  Mutex mutex_;
  // When its bucket will be full again. As many as the configuration has principals, at most.
  std::map<std::string, absl::Time> full_at_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // SERVER_UPLOADS_UPLOAD_RATES_H_
