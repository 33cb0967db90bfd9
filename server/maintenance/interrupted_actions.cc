#include "server/maintenance/interrupted_actions.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/profile.h"

namespace carousel {
namespace {

ActionOutcome Outcome(ActionResult result, absl::string_view detail, Sectors written = Sectors(0)) {
  return {.result = result, .written = written, .detail = std::string(detail)};
}

bool Equal(absl::string_view bytes, const std::vector<uint8_t>& found) {
  return bytes.size() == found.size() &&
         std::equal(found.begin(), found.end(), bytes.begin(),
                    [](uint8_t a, char b) { return a == static_cast<uint8_t>(b); });
}

const TrackState* TrackAt(const MediaState& state, Lba start) {
  const auto found =
      std::find_if(state.tracks.begin(), state.tracks.end(),
                   [start](const TrackState& track) { return track.start == start; });
  return found == state.tracks.end() ? nullptr : &*found;
}

// The last session has not been closed; an empty one is not one yet.
bool IsOpen(const MediaState& state, const TrackState& track) {
  return track.session.value() == state.sessions &&
         state.last_session != LastSessionState::kComplete;
}

std::optional<ActionOutcome> OfSession(const MediaState& state, Lba start) {
  const TrackState* track = TrackAt(state, start);
  if (track == nullptr) {
    return Outcome(ActionResult::kFailed, "no track begins where the session was to be");
  }
  if (!IsOpen(state, *track)) return std::nullopt;
  const bool empty = state.last_session == LastSessionState::kEmpty && !track->damaged;
  if (empty && track->next_writable == start) {
    return Outcome(ActionResult::kNothingDone, "nothing was written");
  }
  return Outcome(ActionResult::kFailed, "a part of the session is written, and it is open",
                 track->next_writable.value_or(start) - start);
}

std::optional<ActionOutcome> OfLogicalSession(const DiscEvidence& evidence,
                                              const ActionIntent& intent) {
  if (Equal(intent.old_superblock, evidence.superblock)) {
    return Outcome(ActionResult::kNothingDone, "the disc reads as before");
  }
  if (evidence.facts.newest_session() == intent.start) return std::nullopt;
  return Outcome(ActionResult::kFailed, "the superblock is neither the old one nor the new one");
}

ActionOutcome OfClose(const MediaState& state, Lba start) {
  const TrackState* track = TrackAt(state, start);
  return track != nullptr && !IsOpen(state, *track)
             ? Outcome(ActionResult::kSucceeded, "the session is closed")
             : Outcome(ActionResult::kNothingDone, "the session is not closed");
}

ActionOutcome OfErasure(const MediaFacts& facts, const DiscIdentity& before) {
  if (facts.physically_blank || facts.heuristically_blank) {
    return Outcome(ActionResult::kSucceeded, "the disc is blank");
  }
  const bool same = !before.identifier.empty() && before.identifier == facts.disc_identifier;
  return same ? Outcome(ActionResult::kNothingDone, "the disc has its sessions")
              : Outcome(ActionResult::kFailed, "the disc is neither blank nor as it was");
}

}  // namespace

std::optional<ActionOutcome> OutcomeShownBy(const DiscEvidence& evidence,
                                            const ActionIntent& intent) {
  switch (intent.kind) {
    case ActionKind::kWriteSession:
      return mmc::IsOverwritable(evidence.state.profile) ? OfLogicalSession(evidence, intent)
                                                         : OfSession(evidence.state, intent.start);
    case ActionKind::kClose:
      return OfClose(evidence.state, intent.start);
    case ActionKind::kRepair:
      return Equal(intent.old_superblock, evidence.superblock)
                 ? Outcome(ActionResult::kSucceeded, "the superblock is back")
                 : Outcome(ActionResult::kFailed, "the superblock is not back");
    case ActionKind::kBlank:
    case ActionKind::kFormat:
      return OfErasure(evidence.facts, intent.disc);
  }
  return std::nullopt;
}

absl::Status SettleInterrupted(Journal& journal, const std::string& drive, const DiscIdentity& disc,
                               const DiscEvidence& evidence) {
  ASSIGN_OR_RETURN(const std::vector<ActionRecord> held, journal.HeldActionsOfDisc(drive, disc));
  for (const ActionRecord& action : held) {
    if (action.outcome.has_value() || action.of_this_run) continue;
    std::optional<ActionOutcome> outcome = OutcomeShownBy(evidence, action.intent);
    if (!outcome.has_value()) continue;
    outcome->detail = absl::StrCat("seen after a restart: ", outcome->detail);
    RETURN_IF_ERROR(journal.RecordOutcome(action.id, *outcome));
  }
  return absl::OkStatus();
}

absl::Status ReleaseErased(Journal& journal, const std::string& drive, const DiscIdentity& disc,
                           const std::string& operation) {
  ASSIGN_OR_RETURN(const std::vector<ActionRecord> held, journal.HeldActionsOfDisc(drive, disc));
  for (const ActionRecord& action : held) {
    const bool erased =
        action.intent.kind == ActionKind::kBlank || action.intent.kind == ActionKind::kFormat;
    if (!erased || !action.outcome.has_value()) continue;
    RETURN_IF_ERROR(journal.Acknowledge(
        action.id, {.who = absl::StrCat("operations/", operation), .note = "the disc is blank"}));
  }
  return absl::OkStatus();
}

}  // namespace carousel
