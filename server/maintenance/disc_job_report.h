// What EraseMedia, CloseDisc, RepairDisc and VerifySession tell of themselves: while they run, and
// when they have ended. Plain values.
#ifndef SERVER_MAINTENANCE_DISC_JOB_REPORT_H_
#define SERVER_MAINTENANCE_DISC_JOB_REPORT_H_

#include <memory>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "server/burn/disc_condition.h"
#include "server/burn/journaled_operations.h"
#include "server/burn/verify_control.h"
#include "server/disc_format/media_facts.h"
#include "server/maintenance/maintenance_control.h"
#include "server/maintenance/manifest_check.h"
#include "server/maintenance/session_verification.h"

namespace carousel {

// The operation's progress; one of both is there.
struct DiscJobProgress {
  std::optional<MaintenanceProgress> maintenance;
  std::optional<VerifyProgress> verify;
  // Since the drive was asked first, by the robot's clock.
  absl::Duration elapsed;
  DiscCondition condition = DiscCondition::kUntouched;
  // Files that a verification has found not to be what the manifest says, also where it failed.
  std::vector<FileFault> faults;
};

// Response of an erasure, a close and a repair.
struct MaintenanceResponse {
  // As the drive shows the disc afterwards.
  std::shared_ptr<const MediaFacts> facts;
  // False: it was as it was to become, and nothing was sent that changes it.
  bool changed = false;
};

// Response of a verification. Its status is OK.
struct VerificationResponse {
  SessionVerificationReport report;
};

// By which the journal keeps them: lines of text, a word and its value each. Of the disc's facts
// what tells of its state, and of a verification all but its warnings.
JournaledOperations::Codec DiscJobCodec();

}  // namespace carousel

#endif  // SERVER_MAINTENANCE_DISC_JOB_REPORT_H_
