// What has been asked of a FakeDrive, and how long each of it takes.
#ifndef HAL_DRIVE_FAKE_DRIVE_CALLS_H_
#define HAL_DRIVE_FAKE_DRIVE_CALLS_H_

#include <cstdint>

#include "absl/time/time.h"
#include "hal/base/types.h"

namespace carousel {

// The methods of Drive and of DiscWriter.
enum class FakeDriveMethod : uint8_t {
  kIdentify,
  kCheckReady,
  kReadMediaState,
  kRead,
  kEject,
  kLoad,
  kPreventRemoval,
  kPollEvents,
  kSetWriteSpeed,
  kSetWriteParameters,
  kCalibratePower,
  kReserveTrack,
  kWrite,
  kSynchronize,
  kCloseTrack,
  kCloseSession,
  kBlank,
  kFormat,
  kReadBufferCapacity,
};

// Simulated time of a call, by the drive's clock.
struct FakeDriveLatency {
  absl::Duration call;    // every method
  absl::Duration seek;    // a Read that does not begin where the last one ended
  absl::Duration sector;  // each sector of a Read or Write
};

// A Read or a Write.
struct FakeDriveRequest {
  Lba start;
  Sectors count;
  bool operator==(const FakeDriveRequest&) const = default;
};

}  // namespace carousel

#endif  // HAL_DRIVE_FAKE_DRIVE_CALLS_H_
