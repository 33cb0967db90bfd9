// Puts the superblock of a disc that is overwritten back to what it was before a burn whose last
// WRITE was cut: the sessions that were there before read again, and the new one is free space.
//
//   look -> named disc? -> a failed burn with the old superblock in the journal? -> half written?
//        -> journal: intent, with the old superblock -> WRITE of its 32 sectors, SYNCHRONIZE
//        -> journal: outcome -> reload, read back -> the failed burn is acknowledged
//
// Cut at any point it can be run again: the old superblock stays in the journal.
#ifndef SERVER_MAINTENANCE_REPAIR_RUN_H_
#define SERVER_MAINTENANCE_REPAIR_RUN_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/base/clock.h"
#include "hal/drive/drive.h"
#include "server/journal/action.h"
#include "server/maintenance/maintenance_run.h"
#include "server/maintenance/superblock_check.h"

namespace carousel {

// Its errors beside MaintenanceRun's. E_IMAPI_DF2DATA_MEDIA_IS_NOT_SUPPORTED: the medium has no
// superblock. E_IMAPI_DF2DATA_INVALID_MEDIA_STATE: the journal has no failed burn of this disc with
// a superblock, or the new one is whole: verify it. IMAPI_E_DISC_MISMATCH (property superblock):
// what is there is of neither. E_IMAPI_BURN_VERIFICATION_FAILED: it does not read as it was
// written. A disc whose old superblock is there needs no repair: OK, with effect kNone.
class RepairRun : public MaintenanceRun {
 public:
  // `clock` must outlive the run.
  RepairRun(MaintenanceSubject subject, Surroundings surroundings, Clock* clock)
      : MaintenanceRun(std::move(subject), std::move(surroundings)), clock_(*clock) {}

 private:
  absl::Status DoCheck(Drive& drive, const Found& found) override;
  absl::Status DoChange(Drive& drive, const Found& found) override;
  absl::Status DoConfirm(Drive& drive, const Found& now) override;

  absl::StatusOr<ActionRecord> FailedBurn();
  // A stop of the service leaves the burn without an outcome, which a repair must not meet.
  absl::Status Settle(absl::string_view seen);
  // Every held action that wrote to the disc: it reads as it did before them.
  absl::Status Release();

  Clock& clock_;
  ActionRecord burn_;
  bool needed_ = false;
};

}  // namespace carousel

#endif  // SERVER_MAINTENANCE_REPAIR_RUN_H_
