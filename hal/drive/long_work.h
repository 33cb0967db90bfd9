// Operations of a drive that take minutes: begun with IMMED, then watched.
//
// Drives differ in who tells that they are at work: some answer TEST UNIT READY with GOOD all the
// time and only READ DISC INFORMATION with 2/04/07, others the other way round. So both are asked,
// and the work is done when neither says otherwise and the disc is in the state that was wanted.
#ifndef HAL_DRIVE_LONG_WORK_H_
#define HAL_DRIVE_LONG_WORK_H_

#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/mmc_device.h"
#include "hal/mmc/read_disc_information.h"
#include "hal/scsi/command.h"

namespace carousel {

struct LongWork {
  // The command with IMMED, or without it for drives that do not know the bit.
  std::function<scsi::Command(bool immediate)> command;
  // The state that the work ends in; empty: any.
  std::function<bool(const mmc::DiscInformation&)> is_done;
  absl::Duration budget;
  absl::Duration poll_interval = absl::Milliseconds(500);
  // How long a drive that says it is ready may still show the old state.
  absl::Duration settle = absl::Seconds(10);
  // Blanking and formatting make another medium of the disc: 6/28/00 is no failure.
  bool medium_changes = false;
};

// Sends the command and waits. Blocks at most the budget and the time-out of one command, by the
// device's clock; without IMMED the budget is the command's time-out. Codes: DiscWriter.
BurnStatus RunLongWork(MmcDevice& device, const LongWork& work, const OnProgress& progress);

}  // namespace carousel

#endif  // HAL_DRIVE_LONG_WORK_H_
