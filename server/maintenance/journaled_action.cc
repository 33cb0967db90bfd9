#include "server/maintenance/journaled_action.h"

#include "hal/base/status_macros.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

using imapi::Hresult;

ActionResult ResultOf(const absl::Status& status, DiscEffect effect) {
  if (effect == DiscEffect::kNone) return ActionResult::kNothingDone;
  return status.ok() && effect == DiscEffect::kDone ? ActionResult::kSucceeded
                                                    : ActionResult::kFailed;
}

// Sense that means success in answer to another command is a failure of this one.
absl::Status Failure(const absl::Status& status) {
  const absl::Status failure = imapi::AfterWrite(imapi::FromDevice(status));
  return failure.ok() ? imapi::MakeError(Hresult::E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE,
                                         status.message())
                      : failure;
}

}  // namespace

absl::StatusOr<JournaledAction> JournaledAction::Begin(Journal* journal,
                                                       const ActionIntent& intent) {
  ASSIGN_OR_RETURN(const ActionId id, journal->RecordIntent(intent));
  return JournaledAction(journal, id);
}

absl::Status JournaledAction::Note(const BurnStatus& status) {
  const bool untouched = effect_ == DiscEffect::kNone;
  // What was done before a refusal is there, and what was asked for is not.
  effect_ =
      status.effect() == DiscEffect::kNone && !untouched ? DiscEffect::kUnknown : status.effect();
  return status.ok() ? absl::OkStatus() : Failure(status.status());
}

absl::Status JournaledAction::End(const absl::Status& status) {
  const absl::Status recorded = journal_->RecordOutcome(
      id_, {.result = ResultOf(status, effect_), .detail = std::string(status.message())});
  return status.ok() ? imapi::AfterWrite(recorded) : status;
}

}  // namespace carousel
