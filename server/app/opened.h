// What a start can fail at: it is opened before the rest of the service is put together.
#ifndef SERVER_APP_OPENED_H_
#define SERVER_APP_OPENED_H_

#include <memory>

#include "absl/status/statusor.h"
#include "hal/base/clock.h"
#include "server/app/devices.h"
#include "server/app/state_lock.h"
#include "server/config/config.h"
#include "server/journal/journal.h"
#include "server/metrics/metrics.h"
#include "server/spool/spool.h"
#include "server/uploads/staging_folder.h"

namespace carousel {

struct Opened {
  // Blocks for the disk. The codes of StateLock::Take, Journal::Open, Devices::Open,
  // Spool::Open and StagingFolder::Open.
  static absl::StatusOr<Opened> Open(const Config& config);

  StateLock lock;
  std::unique_ptr<SystemClock> clock;
  std::unique_ptr<ScaledClock> robot_clock;
  std::unique_ptr<Metrics> metrics;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<Devices> devices;
  std::unique_ptr<Spool> spool;
  std::unique_ptr<StagingFolder> staging;  // null: none
};

}  // namespace carousel

#endif  // SERVER_APP_OPENED_H_
