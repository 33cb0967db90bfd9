#include "server/image/multisession_binder.h"

#include <utility>
#include <vector>

#include "hal/base/status_macros.h"

namespace carousel {

MultisessionBinder::MultisessionBinder(Robot* robot, GetFacts get_facts, DiscInDrive disc_in_drive,
                                       ValidationObserver* observer)
    : robot_(robot),
      get_facts_(std::move(get_facts)),
      disc_in_drive_(std::move(disc_in_drive)),
      observer_(observer) {}

void MultisessionBinder::Bind(Request request, Done done) {
  if (absl::Status status = request.image->CheckBind(request.etag); !status.ok()) {
    done(std::move(status));
    return;
  }
  absl::StatusOr<DriveStation*> station = CheckRequest(request);
  if (!station.ok()) {
    if (observer_ != nullptr) observer_->OnValidation(station.status());
    done(station.status());
    return;
  }
  get_facts_(**station,
             [this, station = *station, request = std::move(request), done = std::move(done)](
                 FactsOr facts) mutable { done(Finish(request, *station, facts)); });
}

absl::StatusOr<DriveStation*> MultisessionBinder::CheckRequest(const Request& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   multisession::CheckRequest(request.list, request.image->types()));
  const DrivePlace* drive = robot_->FindDrive(id);
  if (drive == nullptr) return multisession::UnknownDrive(id);
  if (const std::string owner = drive->station->snapshot().owner; !owner.empty())
    return multisession::DriveLocked(id, owner);
  return drive->station;
}

absl::StatusOr<MultisessionBinder::Outcome> MultisessionBinder::Finish(const Request& request,
                                                                       const DriveStation& station,
                                                                       const FactsOr& facts) {
  absl::StatusOr<multisession::Decision> decision =
      facts.ok() ? multisession::CheckMedium(*request.list, request.image->types(), **facts)
                 : multisession::DriveUnavailable(facts.status(), station.id());
  if (observer_ != nullptr) observer_->OnValidation(decision.status());
  if (!decision.ok()) return decision.status();
  auto bound = std::make_shared<BoundDisc>();
  bound->interfaces.reserve(request.list->size());
  for (const multisession::Element& element : *request.list)
    bound->interfaces.push_back(multisession::WithDriveValues(element, **facts));
  bound->decision = *std::move(decision);
  bound->facts = *facts;
  bound->disc = disc_in_drive_(station.id());
  Outcome outcome{.bound = bound};
  if (request.validate_only) {
    outcome.image = request.image->view();
    return outcome;
  }
  ASSIGN_OR_RETURN(outcome.image, request.image->Bind(request.etag, std::move(bound)));
  return outcome;
}

}  // namespace carousel
