#include "server/library/library.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "hal/changer/changer.h"
#include "server/errors/errors.h"

namespace carousel {
namespace {

// Of a rescan that the changer did not do.
absl::Status RescanFailure(const absl::Status& status) {
  const std::string message =
      absl::StrCat("the rescan failed: ", absl::string_view(status.message()));
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return ChangerFailureError(absl::StatusCode::kUnavailable, message);
    case absl::StatusCode::kUnimplemented:
      return ChangerFailureError(absl::StatusCode::kFailedPrecondition,
                                 "the changer offers no rescan");
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
      return ChangerFailureError(absl::StatusCode::kFailedPrecondition, message);
    default:
      return ChangerFailureError(absl::StatusCode::kInternal, message);
  }
}

absl::Status NoAnswer(const absl::Status& status) {
  return ChangerFailureError(absl::StatusCode::kUnavailable,
                             absl::StrCat("the changer did not answer when it was last asked: ",
                                          absl::string_view(status.message())));
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

absl::Status Library::TakeInventory(bool rescan, const std::atomic<bool>& cancelled) {
  MutexLock arm(&robot_->arm_mutex());
  if (cancelled) return CancelledError();
  const absl::Status scanned = rescan ? robot_->changer().Rescan(std::nullopt) : absl::OkStatus();
  // Also after a rescan that failed: the arm may have moved something.
  const absl::Status read = ReadElements();
  if (!scanned.ok()) return RescanFailure(scanned);
  return read.ok() ? read : NoAnswer(read);
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
  return status.ok() ? status : NoAnswer(status);
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

void Library::RememberHome(const MoveLeg& leg) {
  MutexLock lock(&mutex_);
  if (leg.from.kind == MoveEnd::Kind::kDrive) homes_.erase(leg.from.id);
  if (leg.to.kind == MoveEnd::Kind::kDrive) homes_[leg.to.id] = leg.from.id;
}

}  // namespace carousel
