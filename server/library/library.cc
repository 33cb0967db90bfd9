#include "server/library/library.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "hal/changer/changer.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

absl::Status Refusal(absl::string_view message, std::map<std::string, std::string> metadata) {
  return ChangerFailureError(absl::StatusCode::kFailedPrecondition, message, std::move(metadata));
}

absl::StatusOr<DriveLease> LeaseOf(const DrivePlace& drive, const std::string& owner) {
  absl::StatusOr<DriveLease> lease = drive.station->Lease(owner);
  if (lease.ok()) return lease;
  // Whoever has it may have given it back meanwhile; then the client simply comes again.
  const std::string holder = drive.station->snapshot().owner;
  return imapi::MakeError(
      imapi::Hresult::E_IMAPI_RECORDER_LOCKED,
      absl::StrCat("drives/", drive.id, " is in use by ", holder.empty() ? "another" : holder),
      {{"drive", absl::StrCat("drives/", drive.id)}, {"owner", holder}});
}

}  // namespace

Library::Library(Robot* robot, Clock* clock, MoveObserver* observer, Options options)
    : robot_(robot),
      clock_(clock),
      observer_(observer),
      options_(options),
      inventory_(std::make_shared<const Inventory>()) {}

Library::~Library() = default;

absl::Status Library::TakeInventory() {
  MutexLock arm(&robot_->arm_mutex());
  return ReadElements();
}

std::vector<std::optional<ElementAddress>> Library::DriveElements() const {
  std::vector<std::optional<ElementAddress>> elements;
  for (const DrivePlace& drive : robot_->drives()) {
    elements.push_back(robot_->DriveElement(drive.id));
  }
  return elements;
}

std::shared_ptr<const Inventory> Library::inventory() const {
  std::vector<std::optional<ElementAddress>> drives = DriveElements();
  MutexLock lock(&mutex_);
  if (drives != drive_elements_) {
    inventory_ = std::make_shared<const Inventory>(elements_, *robot_, homes_);
    drive_elements_ = std::move(drives);
  }
  return inventory_;
}

absl::Status Library::inventory_status() const {
  MutexLock lock(&mutex_);
  return inventory_status_;
}

absl::Status Library::CheckInventory() const {
  const absl::Status status = inventory_status();
  if (status.ok()) return status;
  return ChangerFailureError(
      absl::StatusCode::kUnavailable,
      absl::StrCat("the changer did not answer when it was last asked: ", status.message()));
}

absl::Status Library::ReadElements() {
  absl::StatusOr<std::vector<Element>> elements = robot_->changer().ReadElements();
  std::vector<std::optional<ElementAddress>> drives = DriveElements();
  MutexLock lock(&mutex_);
  inventory_status_ = elements.status();
  if (!elements.ok()) return inventory_status_;
  elements_ = *std::move(elements);
  inventory_ = std::make_shared<const Inventory>(elements_, *robot_, homes_);
  drive_elements_ = std::move(drives);
  return absl::OkStatus();
}

void Library::SetHome(const std::string& drive, const std::string& slot) {
  MutexLock lock(&mutex_);
  if (slot.empty()) {
    homes_.erase(drive);
  } else {
    homes_[drive] = slot;
  }
}

absl::StatusOr<const DrivePlace*> Library::FindDrive(absl::string_view drive) {
  const DrivePlace* place = robot_->FindDrive(drive);
  if (place == nullptr) return NotFoundError("carousel.dev/Drive", absl::StrCat("drives/", drive));
  const DriveSnapshot now = place->station->snapshot();
  if (now.state == DriveSnapshot::State::kFailed) {
    return imapi::WithMetadata(
        Annotate(imapi::FromDevice(now.reason), absl::StrCat("drives/", drive)), "drive",
        absl::StrCat("drives/", drive));
  }
  if (!robot_->DriveElement(drive).has_value()) {
    return imapi::MakeError(imapi::Hresult::E_IMAPI_RECORDER_MEDIA_BECOMING_READY,
                            absl::StrCat("drives/", drive, " has not answered yet"),
                            {{"drive", absl::StrCat("drives/", drive)}});
  }
  return place;
}

absl::StatusOr<std::unique_ptr<DiscMove>> Library::PrepareLoad(absl::string_view disc,
                                                               absl::string_view drive,
                                                               const std::string& owner) {
  ASSIGN_OR_RETURN(const DrivePlace* place, FindDrive(drive));
  const std::shared_ptr<const Inventory> now = inventory();
  const DiscPlace* found = now->Find(disc);
  if (found == nullptr) {
    RETURN_IF_ERROR(CheckInventory());
    return NotFoundError("carousel.dev/Disc", absl::StrCat("discs/", disc));
  }
  ASSIGN_OR_RETURN(DriveLease lease, LeaseOf(*place, owner));
  if (const DiscPlace* other = now->InDrive(drive); other != nullptr) {
    return Refusal(
        absl::StrCat("drives/", drive, " holds discs/", other->id),
        {{"drive", absl::StrCat("drives/", drive)}, {"disc", absl::StrCat("discs/", other->id)}});
  }
  const SlotPlace* slot = robot_->FindSlot(found->slot);
  if (slot == nullptr) {
    const std::string location = found->Location();
    return Refusal(absl::StrCat("discs/", disc, " is in no slot",
                                location.empty() ? "" : absl::StrCat(" but in ", location)),
                   {{"disc", absl::StrCat("discs/", disc)}, {"location", location}});
  }
  return absl::WrapUnique(new DiscMove(this, DiscMove::Direction::kLoad, *found, *place,
                                       *robot_->DriveElement(drive), *slot, std::move(lease)));
}

absl::StatusOr<std::unique_ptr<DiscMove>> Library::PrepareUnload(absl::string_view drive,
                                                                 const std::string& owner) {
  ASSIGN_OR_RETURN(const DrivePlace* place, FindDrive(drive));
  ASSIGN_OR_RETURN(DriveLease lease, LeaseOf(*place, owner));
  const std::shared_ptr<const Inventory> now = inventory();
  const DiscPlace* disc = now->InDrive(drive);
  const std::string drive_name = absl::StrCat("drives/", drive);
  if (disc == nullptr) {
    RETURN_IF_ERROR(CheckInventory());
    return Refusal(absl::StrCat(drive_name, " is empty"), {{"drive", drive_name}});
  }
  const SlotPlace* home = robot_->FindSlot(disc->home_slot);
  if (home == nullptr) {
    return Refusal(
        absl::StrCat("the slot that discs/", disc->id, " came from is not known; a person decides"),
        {{"drive", drive_name}, {"disc", absl::StrCat("discs/", disc->id)}});
  }
  if (const DiscPlace* other = now->InSlot(home->id); other != nullptr) {
    return Refusal(absl::StrCat("slots/", home->id, ", the home of discs/", disc->id,
                                ", holds discs/", other->id),
                   {{"drive", drive_name},
                    {"slot", absl::StrCat("slots/", home->id)},
                    {"disc", absl::StrCat("discs/", other->id)}});
  }
  return absl::WrapUnique(new DiscMove(this, DiscMove::Direction::kUnload, *disc, *place,
                                       *robot_->DriveElement(drive), *home, std::move(lease)));
}

}  // namespace carousel
