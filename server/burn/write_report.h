// What WriteImage tells of itself: while it runs, and when it has ended. Plain values.
#ifndef SERVER_BURN_WRITE_REPORT_H_
#define SERVER_BURN_WRITE_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/types.h"
#include "server/burn/burn_control.h"
#include "server/burn/disc_condition.h"
#include "server/burn/journaled_operations.h"
#include "server/burn/verify_control.h"
#include "server/burn/verify_run.h"
#include "server/digest/sha256.h"

namespace carousel {

// The operation's progress.
struct WriteProgress {
  BurnProgress burn;
  // Since the burn has ended.
  std::optional<VerifyProgress> verify;
  // Since the drive was asked first, by the robot's clock.
  absl::Duration elapsed;
  // Of the present action, at its pace up to now; absent where it has none.
  std::optional<absl::Duration> remaining;
  DiscCondition condition = DiscCondition::kUntouched;
};

// The operation's response.
struct WriteReport {
  DiscCondition condition = DiscCondition::kUntouched;
  // What was asked for, and the session has stood.
  std::optional<VerifyLevel> verified;
  bool simulated = false;
  int session_number = 0;  // from 1; 0 of a simulation
  Lba start;
  Sectors sectors;  // with the padding
  std::string session_id;
  // Of the volume without its padding, as the drive was given it.
  std::optional<Sha256Digest> sha256;
};

// By which the journal keeps them: lines of text, a word and its value each.
JournaledOperations::Codec WriteImageCodec();

}  // namespace carousel

#endif  // SERVER_BURN_WRITE_REPORT_H_
