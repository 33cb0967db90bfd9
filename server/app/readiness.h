// Whether the service may get work, and if not, why: what /readyz and the health service tell.
#ifndef SERVER_APP_READINESS_H_
#define SERVER_APP_READINESS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/mutex.h"
#include "server/library/library.h"
#include "server/library/robot_view.h"
#include "server/log/log.h"

namespace carousel {

// Not ready: draining, the changer did not answer when it was last asked, or a drive is out of
// service. A drive that is still being opened is none of these. Thread-safe; never waits for a
// device.
class Readiness {
 public:
  // Told of each change, the first Update included.
  using Publish = std::function<void(bool ready)>;

  // `log` may be null. All must outlive the object.
  Readiness(const Library* library, const RobotView* robots, std::function<bool()> draining,
            Log* log)
      : library_(library), robots_(robots), draining_(std::move(draining)), log_(log) {}

  // One line for each thing that is wrong; empty: ready.
  std::vector<std::string> Reasons() const;

  // Logs and publishes what has changed since the last call. Returns the pause until the next one.
  absl::Duration Update(const Publish& publish) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const Library* const library_;
  const RobotView* const robots_;
  const std::function<bool()> draining_;
  Log* const log_;
  Mutex mutex_;
  bool told_ ABSL_GUARDED_BY(mutex_) = false;
  std::string last_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // SERVER_APP_READINESS_H_
