// One consuming action of a drive between its intent and its outcome in the journal: begin, send
// commands, end. An action that was begun and never ended stays without an outcome there, and holds
// its disc.
#ifndef SERVER_MAINTENANCE_JOURNALED_ACTION_H_
#define SERVER_MAINTENANCE_JOURNALED_ACTION_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "hal/drive/burn_status.h"
#include "server/journal/action.h"
#include "server/journal/journal.h"

namespace carousel {

// On one thread.
class JournaledAction {
 public:
  // Journal::RecordIntent and its codes: nothing may be sent to the disc then. `journal` must
  // outlive it.
  static absl::StatusOr<JournaledAction> Begin(Journal* journal, const ActionIntent& intent);

  // Notes how a command ended. Returns its error as imapi::FromDevice has it, never UNAVAILABLE and
  // never OK for what has failed.
  absl::Status Note(const BurnStatus& status);

  // Records the outcome: that of `status`, and of the commands that were noted. Returns `status`,
  // or the journal's error where that is OK.
  absl::Status End(const absl::Status& status);

  // Of all commands so far.
  DiscEffect effect() const { return effect_; }

 private:
  JournaledAction(Journal* journal, ActionId id) : journal_(journal), id_(id) {}

  Journal* journal_;
  ActionId id_;
  DiscEffect effect_ = DiscEffect::kNone;
};

}  // namespace carousel

#endif  // SERVER_MAINTENANCE_JOURNALED_ACTION_H_
