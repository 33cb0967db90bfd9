// One erasure of the disc in a drive: BLANK, or FORMAT and zeros where file systems begin.
//
//   look -> named disc? -> can be erased so? -> journal: intent -> BLANK --------------------> look
//                                                  \-> FORMAT, if needed -> zeros, SYNCHRONIZE -^
//
// An erasure that failed leaves the disc in doubt, and the journal holds it.
#ifndef SERVER_MAINTENANCE_ERASE_RUN_H_
#define SERVER_MAINTENANCE_ERASE_RUN_H_

#include <utility>

#include "absl/status/status.h"
#include "hal/base/types.h"
#include "hal/drive/drive.h"
#include "server/maintenance/erase_choice.h"
#include "server/maintenance/maintenance_run.h"

namespace carousel {

// Its errors beside MaintenanceRun's: those of ChooseErase. Of the drive, with its sense as
// metadata: E_IMAPI_ERASE_DRIVE_FAILED_ERASE_COMMAND: it refused the command, the disc is as it
// was; E_IMAPI_ERASE_TOOK_LONGER_THAN_ONE_HOUR: no answer, or no end within the drive's budget;
// E_IMAPI_ERASE_UNEXPECTED_DRIVE_RESPONSE_DURING_ERASE: it failed, or the disc is not blank
// afterwards.
class EraseRun : public MaintenanceRun {
 public:
  EraseRun(EraseMode mode, MaintenanceSubject subject, Surroundings surroundings)
      : MaintenanceRun(std::move(subject), std::move(surroundings)), mode_(mode) {}

 private:
  absl::Status DoCheck(Drive& drive, const Found& found) override;
  absl::Status DoChange(Drive& drive, const Found& found) override;
  absl::Status DoConfirm(Drive& drive, const Found& now) override;

  absl::Status Blank(Drive& drive, JournaledAction& action);
  absl::Status Format(Drive& drive, JournaledAction& action);
  absl::Status Clear(Drive& drive, JournaledAction& action);
  absl::Status WriteZeros(Drive& drive, JournaledAction& action, Lba start, Lba end);

  const EraseMode mode_;
  EraseChoice choice_;
};

}  // namespace carousel

#endif  // SERVER_MAINTENANCE_ERASE_RUN_H_
