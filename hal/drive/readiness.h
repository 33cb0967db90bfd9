// Waiting until a drive is ready: TEST UNIT READY with a budget.
//
//   TUR --> GOOD ........................ ready
//       --> 2/3A/xx ..................... no medium
//       --> 6/xx/xx ..................... taken, asked again at once
//       --> 2/04/02 ..................... started once, asked again
//       --> 2/04/00, 01, 04-, BUSY ...... asked again after the interval, within the budget
//       --> else ........................ an error
#ifndef HAL_DRIVE_READINESS_H_
#define HAL_DRIVE_READINESS_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "hal/drive/mmc_device.h"

namespace carousel {

struct ReadinessOptions {
  // A drive takes up to a minute to recognise a disc of several layers.
  absl::Duration budget = absl::Seconds(120);
  absl::Duration poll_interval = absl::Milliseconds(250);
  // A drive queues a few after power-on (reset, new medium); one that has more is broken.
  int max_unit_attentions = 8;
};

// Returns whether there is a medium. Blocks at most the budget, by the device's clock, and the
// time-out of one command. Codes: Drive::CheckReady.
absl::StatusOr<bool> WaitUntilReady(MmcDevice& device, const ReadinessOptions& options);

}  // namespace carousel

#endif  // HAL_DRIVE_READINESS_H_
