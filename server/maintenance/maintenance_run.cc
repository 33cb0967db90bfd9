#include "server/maintenance/maintenance_run.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/imapi/error.h"

namespace carousel {

using imapi::Hresult;

MaintenanceRun::MaintenanceRun(MaintenanceSubject subject, Surroundings surroundings)
    : subject_(std::move(subject)), surroundings_(std::move(surroundings)) {}

MaintenanceReport MaintenanceRun::Run(Drive& drive) {
  report_.status = RunAll(drive);
  if (report_.status.ok()) Show(MaintenanceAction::kCompleted);
  return std::move(report_);
}

absl::Status MaintenanceRun::RunAll(Drive& drive) {
  Show(MaintenanceAction::kExamining);
  if (drive.writer() == nullptr) {
    return imapi::MakeError(Hresult::E_IMAPI_DF2DATA_RECORDER_NOT_SUPPORTED,
                            "the drive only reads");
  }
  ASSIGN_OR_RETURN(const Found found, Look(drive));
  identity_ = {.barcode = subject_.barcode,
               .identifier = found.facts.disc_identifier,
               .generation = found.facts.generation};
  RETURN_IF_ERROR(CheckDisc(found.facts));
  RETURN_IF_ERROR(DoCheck(drive, found));
  RETURN_IF_ERROR(imapi::FromDevice(drive.PreventRemoval(true)));
  absl::Status status = DoChange(drive, found);
  report_.removal = drive.PreventRemoval(false);
  const absl::StatusOr<Found> now = Look(drive);
  if (now.ok()) {
    report_.facts = now->facts;
    report_.state = now->state;
  }
  if (status.ok()) status = now.ok() ? DoConfirm(drive, *now) : now.status();
  return report_.effect == DiscEffect::kNone ? status : imapi::AfterWrite(status);
}

absl::StatusOr<MaintenanceRun::Found> MaintenanceRun::Look(Drive& drive) {
  absl::StatusOr<MediaFacts> facts = surroundings_.read_facts(drive);
  if (!facts.ok()) return imapi::FromDevice(facts.status());
  if (!facts->present) {
    return imapi::MakeError(Hresult::E_IMAPI_RECORDER_MEDIA_NO_MEDIA, "the drive is empty");
  }
  absl::StatusOr<MediaState> state = drive.ReadMediaState();
  if (!state.ok()) return imapi::FromDevice(state.status());
  return Found{.facts = *std::move(facts), .state = *std::move(state)};
}

absl::Status MaintenanceRun::CheckDisc(const MediaFacts& facts) const {
  const std::string& planned = subject_.disc_identifier;
  if (planned.empty() || planned == facts.disc_identifier) return absl::OkStatus();
  return imapi::MakeError(
      Hresult::IMAPI_E_DISC_MISMATCH,
      absl::StrCat("the disc in the drive is not the one that was named: its identifier is ",
                   facts.disc_identifier, ", not ", planned),
      {{"property", "identifier"}, {"planned", planned}, {"found", facts.disc_identifier}});
}

absl::Status MaintenanceRun::Change(ActionIntent intent,
                                    const std::function<absl::Status(JournaledAction&)>& body) {
  if (surroundings_.control->cancelled() && report_.effect == DiscEffect::kNone) {
    return imapi::MakeError(Hresult::E_IMAPI_REQUEST_CANCELLED,
                            "cancelled; nothing was done to the disc");
  }
  intent.operation = subject_.operation;
  intent.drive = subject_.drive;
  intent.disc = identity_;
  ASSIGN_OR_RETURN(JournaledAction action, JournaledAction::Begin(surroundings_.journal, intent));
  const absl::Status status = action.End(body(action));
  const bool before = report_.effect != DiscEffect::kNone;
  if (action.effect() != DiscEffect::kNone || !before) report_.effect = action.effect();
  if (!status.ok() && before) report_.effect = DiscEffect::kUnknown;
  return status;
}

void MaintenanceRun::Show(MaintenanceAction action) {
  progress_ = {.action = action};
  surroundings_.control->Publish(progress_);
}

OnProgress MaintenanceRun::ShowPart() {
  return [this](std::optional<double> part) {
    progress_.part = part;
    surroundings_.control->Publish(progress_);
  };
}

}  // namespace carousel
