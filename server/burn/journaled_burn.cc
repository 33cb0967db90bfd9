#include "server/burn/journaled_burn.h"

#include <utility>

#include "hal/base/status_macros.h"

namespace carousel {
namespace {

ActionResult ResultOf(const BurnOutcome& outcome) {
  if (outcome.status.ok() && outcome.effect == DiscEffect::kDone) return ActionResult::kSucceeded;
  return outcome.effect == DiscEffect::kNone ? ActionResult::kNothingDone : ActionResult::kFailed;
}

ActionKind KindOf(BurnStep step) {
  switch (step) {
    case BurnStep::kWriteSession:
      return ActionKind::kWriteSession;
    case BurnStep::kClose:
      return ActionKind::kClose;
    case BurnStep::kFormat:
      return ActionKind::kFormat;
  }
  return ActionKind::kWriteSession;
}

}  // namespace

JournaledBurn::JournaledBurn(Journal* journal, Subject subject)
    : journal_(journal), subject_(std::move(subject)) {}

absl::Status JournaledBurn::Begin(const BurnIntent& intent) {
  ASSIGN_OR_RETURN(action_,
                   journal_->RecordIntent({.kind = KindOf(intent.step),
                                           .operation = subject_.operation,
                                           .drive = subject_.drive,
                                           .disc = subject_.disc,
                                           .start = intent.start,
                                           .planned = intent.planned,
                                           .old_superblock = {intent.old_superblock.begin(),
                                                              intent.old_superblock.end()}}));
  return absl::OkStatus();
}

absl::Status JournaledBurn::End(const BurnIntent&, const BurnOutcome& outcome) {
  ActionOutcome record{.result = ResultOf(outcome),
                       .written = outcome.written,
                       .detail = std::string(outcome.status.message())};
  if (outcome.sha256.has_value())
    record.sha256.assign(outcome.sha256->begin(), outcome.sha256->end());
  return journal_->RecordOutcome(action_, record);
}

}  // namespace carousel
