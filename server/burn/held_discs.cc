#include "server/burn/held_discs.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"

namespace carousel {
namespace {

// What the library calls a disc without a bar code: the place, not the disc.
constexpr absl::string_view kUnlabelled = "unlabelled-";

}  // namespace

std::string BarcodeOfDisc(absl::string_view id) {
  return absl::StartsWith(id, kUnlabelled) ? "" : std::string(id);
}

absl::StatusOr<std::vector<ActionRecord>> HeldDiscs::ActionsOf(absl::string_view id) {
  ASSIGN_OR_RETURN(std::vector<ActionRecord> actions, journal_->HeldActions());
  const std::string barcode = BarcodeOfDisc(id);
  const std::optional<std::string> found = drive_of_disc_(id);
  const std::string drive = found.value_or("");
  std::erase_if(actions, [&](const ActionRecord& action) {
    const ActionIntent& intent = action.intent;
    return intent.disc.barcode != barcode || (barcode.empty() && intent.drive != drive);
  });
  // A disc that was taken out of the robot may be held all the same.
  if (actions.empty() && !found.has_value())
    return NotFoundError("carousel.dev/Disc", absl::StrCat("discs/", id));
  return actions;
}

absl::StatusOr<std::vector<ActionRecord>> HeldDiscs::Acknowledge(
    absl::string_view id, const Acknowledgement& acknowledgement) {
  ASSIGN_OR_RETURN(std::vector<ActionRecord> actions, ActionsOf(id));
  for (const ActionRecord& action : actions) {
    if (action.of_this_run && !action.outcome.has_value()) {
      return DiscHeldError(ActionKindName(action.intent.kind), action.id.value(),
                           action.intent.operation, "running");
    }
  }
  for (const ActionRecord& action : actions)
    RETURN_IF_ERROR(journal_->Acknowledge(action.id, acknowledgement));
  return actions;
}

}  // namespace carousel
