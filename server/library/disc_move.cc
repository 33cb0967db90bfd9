#include "server/library/disc_move.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "hal/base/status_macros.h"
#include "hal/drive/drive.h"
#include "hal/scsi/sense.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/library/library.h"

namespace carousel {
namespace {

// Between two questions whether the drive is ready, by the robot's clock; each question waits for
// some time itself.
constexpr absl::Duration kReadyPoll = absl::Seconds(1);
// How long the drive's snapshot may take to show what the drive has said, of machine time.
constexpr absl::Duration kSnapshotTime = absl::Seconds(60);

absl::string_view OutcomeName(MoveOutcome outcome) {
  switch (outcome) {
    case MoveOutcome::kMoved:
      return "moved";
    case MoveOutcome::kStillAtSource:
      return "still_at_source";
    case MoveOutcome::kInGripper:
      return "in_gripper";
    case MoveOutcome::kUnknown:
      return "unknown";
  }
  return "unknown";
}

// Of an arm that has not carried the disc to its destination. Where nothing has moved, what the
// changer said tells whether to look, to repeat, or to call somebody.
absl::StatusCode FailureCode(const MoveResult& result) {
  if (result.outcome != MoveOutcome::kStillAtSource) return absl::StatusCode::kInternal;
  switch (result.status.code()) {
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
      return absl::StatusCode::kFailedPrecondition;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return absl::StatusCode::kUnavailable;
    default:
      return absl::StatusCode::kInternal;
  }
}

// What is in an end now; null if nothing is.
const DiscPlace* DiscAt(const Inventory& inventory, const MoveEnd& end) {
  switch (end.kind) {
    case MoveEnd::Kind::kSlot:
      return inventory.InSlot(end.id);
    case MoveEnd::Kind::kDrive:
      return inventory.InDrive(end.id);
    case MoveEnd::Kind::kImportExportSlot:
      return inventory.InImportExportSlot(end.id);
  }
  return nullptr;
}

// The drive is there and may yet become ready.
bool IsTransient(const absl::Status& status) {
  return absl::IsUnavailable(status) && scsi::GetSense(status).has_value();
}

}  // namespace

DiscMove::DiscMove(Library* library, std::vector<MoveLeg> legs, const DrivePlace* drive,
                   DriveLease lease)
    : library_(library), legs_(std::move(legs)), drive_(drive), lease_(std::move(lease)) {}

absl::Status DiscMove::Run() {
  RETURN_IF_ERROR(RunArm());
  return IntoDrive() ? WaitUntilReady() : absl::OkStatus();
}

// Holds the arm from the look before the move to the look after it.
absl::Status DiscMove::RunArm() {
  MutexLock arm(&library_->robot_->arm_mutex());
  if (cancelled_) return CancelledError();
  if (const absl::Status read = library_->ReadElements(); !read.ok()) {
    return Failure(leg(), absl::StatusCode::kUnavailable,
                   absl::StrCat("the changer did not answer: ", absl::string_view(read.message())),
                   OutcomeName(MoveOutcome::kStillAtSource));
  }
  RETURN_IF_ERROR(CheckPlaces());
  RETURN_IF_ERROR(OpenDrive());
  if (cancelled_) return CancelledError();
  if (displaced() != nullptr) {
    if (const std::optional<absl::Status> exchanged = Exchange(); exchanged.has_value())
      return *exchanged;
  }
  for (const MoveLeg& leg : legs_) RETURN_IF_ERROR(Move(leg));
  return absl::OkStatus();
}

// The inventory just read must be as this move was planned for.
absl::Status DiscMove::CheckPlaces() const {
  if (drive_ != nullptr) {
    const MoveEnd& end = IntoDrive() ? leg().to : leg().from;
    if (library_->robot_->DriveElement(drive_->id) != end.element) {
      return Failure(leg(), absl::StatusCode::kFailedPrecondition,
                     absl::StrCat(end.Name(), " is in another element now"),
                     OutcomeName(MoveOutcome::kStillAtSource));
    }
  }
  const std::shared_ptr<const Inventory> now = library_->inventory();
  for (const MoveLeg& leg : legs_) {
    const DiscPlace* there = DiscAt(*now, leg.from);
    if (there == nullptr || there->id != leg.disc) {
      return Failure(
          leg, absl::StatusCode::kFailedPrecondition,
          absl::StrCat(leg.from.Name(),
                       there == nullptr ? " is empty" : absl::StrCat(" holds discs/", there->id)),
          OutcomeName(MoveOutcome::kUnknown));
    }
    const DiscPlace* taken = DiscAt(*now, leg.to);
    if (taken != nullptr && (displaced() == nullptr || taken->id != displaced()->disc)) {
      return Failure(leg, absl::StatusCode::kFailedPrecondition,
                     absl::StrCat(leg.to.Name(), " holds discs/", taken->id),
                     OutcomeName(MoveOutcome::kStillAtSource));
    }
  }
  return absl::OkStatus();
}

// Before a load into an empty drive the tray has to be out; one that refuses to do so has none. A
// drive that holds a disc has to let it go, and its refusal counts.
absl::Status DiscMove::OpenDrive() const {
  if (drive_ == nullptr) return absl::OkStatus();
  const absl::Status opened = drive_->station->Run([](Drive& drive) {
    RETURN_IF_ERROR(drive.PreventRemoval(false));
    return drive.Eject();
  });
  const bool answered = opened.ok() || scsi::GetSense(opened).has_value();
  const bool was_empty = IntoDrive() && displaced() == nullptr;
  if (was_empty && answered) return absl::OkStatus();
  return DriveFailure(opened);
}

std::optional<absl::Status> DiscMove::Exchange() {
  const absl::Time start = library_->clock_->Now();
  const MoveResult result = library_->robot_->changer().Exchange(
      leg().from.element, leg().to.element, displaced()->to.element);
  if (result.outcome == MoveOutcome::kStillAtSource && absl::IsUnimplemented(result.status))
    return std::nullopt;
  return Judge(Observed(start, result), legs_);
}

absl::Status DiscMove::Move(const MoveLeg& leg) {
  const absl::Time start = library_->clock_->Now();
  const MoveResult result = library_->robot_->changer().Move(leg.from.element, leg.to.element);
  return Judge(Observed(start, result), absl::MakeConstSpan(&leg, 1));
}

MoveResult DiscMove::Observed(absl::Time start, MoveResult result) const {
  if (library_->observer_ != nullptr)
    library_->observer_->OnMove(result.outcome, library_->clock_->Now() - start);
  return result;
}

absl::Status DiscMove::Judge(const MoveResult& result, absl::Span<const MoveLeg> legs) {
  if (result.outcome == MoveOutcome::kMoved) {
    for (const MoveLeg& leg : legs) library_->RememberHome(leg);
  }
  const absl::Status read = library_->ReadElements();
  if (result.outcome != MoveOutcome::kMoved) {
    return Failure(legs.back(), FailureCode(result),
                   absl::StrCat("the arm failed: ", absl::string_view(result.status.message())),
                   OutcomeName(result.outcome));
  }
  // The changer has seen the bar codes at the destinations; a second look that says otherwise wins.
  const std::shared_ptr<const Inventory> now = library_->inventory();
  for (const MoveLeg& leg : legs) {
    const DiscPlace* there = DiscAt(*now, leg.to);
    if (!read.ok() || there == nullptr || there->barcode != leg.barcode) {
      return Failure(leg, absl::StatusCode::kInternal,
                     absl::StrCat("after the move ", leg.to.Name(), " does not show the disc"),
                     OutcomeName(MoveOutcome::kUnknown));
    }
  }
  return absl::OkStatus();
}

absl::Status DiscMove::WaitUntilReady() const {
  DriveStation& station = *drive_->station;
  Clock& clock = *library_->clock_;
  const absl::Time deadline = clock.Now() + library_->options_.ready_time;
  absl::Status ready = station.Run([](Drive& drive) { return drive.Load(); });
  // A drive that draws discs in by itself may refuse; whether it is ready it tells below.
  if (!ready.ok() && !scsi::GetSense(ready).has_value()) return DriveFailure(ready);
  for (bool present = false; !present;) {
    ready = station.Run([&present](Drive& drive) {
      ASSIGN_OR_RETURN(present, drive.CheckReady());
      return absl::OkStatus();
    });
    if (!ready.ok() && !IsTransient(ready)) return DriveFailure(ready);
    if (present) break;
    if (cancelled_) return NotReady("before the operation was cancelled");
    if (clock.Now() >= deadline) {
      return NotReady(absl::StrCat("within ", absl::FormatDuration(library_->options_.ready_time)));
    }
    clock.SleepFor(kReadyPoll);
  }
  // Whoever asks for the drive after the load shall see the disc.
  station.Await(
      [](const DriveSnapshot& seen) {
        return seen.state == DriveSnapshot::State::kReady ||
               seen.state == DriveSnapshot::State::kFailed;
      },
      kSnapshotTime);
  return absl::OkStatus();
}

// The disc has arrived, so that CANCELLED would say too little.
absl::Status DiscMove::NotReady(absl::string_view until) const {
  return imapi::MakeError(
      imapi::Hresult::E_IMAPI_RECORDER_MEDIA_BECOMING_READY,
      absl::StrCat("discs/", leg().disc, " is in ", leg().to.Name(), ", which was not ready ",
                   until),
      {{"drive", leg().to.Name()}, {"disc", absl::StrCat("discs/", leg().disc)}});
}

absl::Status DiscMove::Failure(const MoveLeg& leg, absl::StatusCode code, absl::string_view message,
                               absl::string_view outcome) const {
  std::map<std::string, std::string> metadata = {{"disc", absl::StrCat("discs/", leg.disc)},
                                                 {"source", leg.from.Name()},
                                                 {"destination", leg.to.Name()},
                                                 {"outcome", std::string(outcome)}};
  if (drive_ != nullptr) metadata["drive"] = absl::StrCat("drives/", drive_->id);
  for (const MoveEnd& end : {leg.from, leg.to}) {
    if (end.kind == MoveEnd::Kind::kSlot) metadata["slot"] = end.Name();
  }
  return ChangerFailureError(code,
                             absl::StrCat("discs/", leg.disc, " from ", leg.from.Name(), " to ",
                                          leg.to.Name(), ": ", message),
                             std::move(metadata));
}

absl::Status DiscMove::DriveFailure(const absl::Status& status) const {
  const std::string drive = absl::StrCat("drives/", drive_->id);
  return imapi::WithMetadata(Annotate(imapi::FromDevice(status), drive), "drive", drive);
}

}  // namespace carousel
