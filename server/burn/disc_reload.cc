#include "server/burn/disc_reload.h"

#include "absl/status/statusor.h"
#include "hal/base/status_macros.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(1);

}  // namespace

absl::Status ReloadDisc(Drive& drive, Clock& clock, const ReloadOptions& options) {
  RETURN_IF_ERROR(imapi::FromDevice(drive.Reload()));
  const absl::Time deadline = clock.Now() + options.ready_budget;
  while (true) {
    const absl::StatusOr<bool> ready = drive.CheckReady();
    if (ready.ok()) return absl::OkStatus();
    const bool later = absl::IsUnavailable(ready.status());
    if (!later || clock.Now() + kInterval > deadline) return imapi::FromDevice(ready.status());
    if (options.cancelled && options.cancelled()) {
      return imapi::MakeError(imapi::Hresult::E_IMAPI_REQUEST_CANCELLED,
                              "cancelled while the disc was becoming ready");
    }
    clock.SleepFor(kInterval);
  }
}

}  // namespace carousel
