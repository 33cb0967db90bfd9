#include "hal/virtual_robot/virtual_drive_transport.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace carousel::virtual_robot {

absl::StatusOr<scsi::Result> VirtualDriveTransport::DoExecute(const scsi::Command& command) {
  const VirtualDrive::Outcome outcome = drive_->Execute(command);
  // From when the drive had the command: time that the machine took before is none of the model's.
  const absl::Time deadline = outcome.taken + command.timeout;
  if (!outcome.answered || outcome.done > deadline) {
    clock_->SleepUntil(deadline);
    return absl::DeadlineExceededError(absl::StrCat(name_, ": no answer to ",
                                                    scsi::OpcodeName(command.opcode()), " within ",
                                                    absl::FormatDuration(command.timeout)));
  }
  clock_->SleepUntil(outcome.done);
  return outcome.result;
}

}  // namespace carousel::virtual_robot
