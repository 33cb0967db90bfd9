// A disc out of its drive and in again, so that no cache answers for it.
#ifndef SERVER_BURN_DISC_RELOAD_H_
#define SERVER_BURN_DISC_RELOAD_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/drive/drive.h"

namespace carousel {

struct ReloadOptions {
  // How long the disc may take until the drive is ready.
  absl::Duration ready_budget = absl::Minutes(5);
  // Asked while the drive becomes ready. May be empty.
  std::function<bool()> cancelled;
};

// Drive::Reload, and waits until the drive is ready or says that it is empty: whether there is a
// disc, and which, its facts have to tell. On the device's thread; blocks. The drive's errors as
// imapi::FromDevice has them; E_IMAPI_REQUEST_CANCELLED.
absl::Status ReloadDisc(Drive& drive, Clock& clock, const ReloadOptions& options = {});

}  // namespace carousel

#endif  // SERVER_BURN_DISC_RELOAD_H_
