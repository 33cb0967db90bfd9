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

// The drive is there and may yet become ready.
bool IsTransient(const absl::Status& status) {
  return absl::IsUnavailable(status) && scsi::GetSense(status).has_value();
}

}  // namespace

DiscMove::DiscMove(Library* library, Direction direction, const DiscPlace& disc,
                   const DrivePlace& drive, ElementAddress drive_element, const SlotPlace& slot,
                   DriveLease lease)
    : library_(library),
      direction_(direction),
      disc_(disc.id),
      barcode_(disc.barcode),
      place_(&drive),
      slot_(slot),
      from_(direction == Direction::kLoad ? slot.element : drive_element),
      to_(direction == Direction::kLoad ? drive_element : slot.element),
      lease_(std::move(lease)) {}

std::string DiscMove::source() const {
  return direction_ == Direction::kLoad ? absl::StrCat("slots/", slot_.id)
                                        : absl::StrCat("drives/", place_->id);
}

std::string DiscMove::destination() const {
  return direction_ == Direction::kLoad ? absl::StrCat("drives/", place_->id)
                                        : absl::StrCat("slots/", slot_.id);
}

absl::Status DiscMove::Run() {
  RETURN_IF_ERROR(RunArm());
  return direction_ == Direction::kLoad ? WaitUntilReady() : absl::OkStatus();
}

// Holds the arm from the look before the move to the look after it.
absl::Status DiscMove::RunArm() {
  MutexLock arm(&library_->robot_->arm_mutex());
  if (cancelled_) return CancelledError();
  if (const absl::Status read = library_->ReadElements(); !read.ok()) {
    return Failure(absl::StatusCode::kUnavailable,
                   absl::StrCat("the changer did not answer: ", absl::string_view(read.message())),
                   OutcomeName(MoveOutcome::kStillAtSource));
  }
  RETURN_IF_ERROR(CheckPlaces());
  RETURN_IF_ERROR(OpenDrive());
  if (cancelled_) return CancelledError();
  return Move();
}

// The inventory just read must be as this move was planned for.
absl::Status DiscMove::CheckPlaces() const {
  const std::shared_ptr<const Inventory> now = library_->inventory();
  const bool load = direction_ == Direction::kLoad;
  const DiscPlace* there = load ? now->InSlot(slot_.id) : now->InDrive(place_->id);
  if (there == nullptr || there->id != disc_) {
    return Failure(
        absl::StatusCode::kFailedPrecondition,
        absl::StrCat(source(),
                     there == nullptr ? " is empty" : absl::StrCat(" holds discs/", there->id)),
        OutcomeName(MoveOutcome::kUnknown));
  }
  const DiscPlace* taken = load ? now->InDrive(place_->id) : now->InSlot(slot_.id);
  if (taken != nullptr) {
    return Failure(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat(destination(), " holds discs/", taken->id),
                   OutcomeName(MoveOutcome::kStillAtSource));
  }
  return absl::OkStatus();
}

// Before a load the tray has to be out; an empty drive that refuses to do so has none. Before an
// unload the drive has to let the disc go, and its refusal counts.
absl::Status DiscMove::OpenDrive() const {
  const absl::Status opened = place_->station->Run([](Drive& drive) {
    RETURN_IF_ERROR(drive.PreventRemoval(false));
    return drive.Eject();
  });
  const bool answered = opened.ok() || scsi::GetSense(opened).has_value();
  if (direction_ == Direction::kLoad && answered) return absl::OkStatus();
  return DriveFailure(opened);
}

absl::Status DiscMove::Move() {
  const absl::Time start = library_->clock_->Now();
  const MoveResult result = library_->robot_->changer().Move(from_, to_);
  if (library_->observer_ != nullptr) {
    library_->observer_->OnMove(result.outcome, library_->clock_->Now() - start);
  }
  if (result.outcome == MoveOutcome::kMoved) {
    library_->SetHome(place_->id, direction_ == Direction::kLoad ? slot_.id : "");
  }
  const absl::Status read = library_->ReadElements();
  if (result.outcome != MoveOutcome::kMoved) {
    return Failure(FailureCode(result),
                   absl::StrCat("the arm failed: ", absl::string_view(result.status.message())),
                   OutcomeName(result.outcome));
  }
  // The changer has seen the bar code at the destination; a second look that says otherwise wins.
  const std::shared_ptr<const Inventory> now = library_->inventory();
  const DiscPlace* there =
      direction_ == Direction::kLoad ? now->InDrive(place_->id) : now->InSlot(slot_.id);
  if (!read.ok() || there == nullptr || there->barcode != barcode_) {
    return Failure(absl::StatusCode::kInternal,
                   absl::StrCat("after the move ", destination(), " does not show the disc"),
                   OutcomeName(MoveOutcome::kUnknown));
  }
  return absl::OkStatus();
}

absl::Status DiscMove::WaitUntilReady() const {
  DriveStation& station = *place_->station;
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
      absl::StrCat("discs/", disc_, " is in ", destination(), ", which was not ready ", until),
      {{"drive", destination()}, {"disc", absl::StrCat("discs/", disc_)}});
}

absl::Status DiscMove::Failure(absl::StatusCode code, absl::string_view message,
                               absl::string_view outcome) const {
  return ChangerFailureError(
      code, absl::StrCat("discs/", disc_, " from ", source(), " to ", destination(), ": ", message),
      {{"disc", absl::StrCat("discs/", disc_)},
       {"drive", absl::StrCat("drives/", place_->id)},
       {"slot", absl::StrCat("slots/", slot_.id)},
       {"outcome", std::string(outcome)}});
}

absl::Status DiscMove::DriveFailure(const absl::Status& status) const {
  const std::string drive = absl::StrCat("drives/", place_->id);
  return imapi::WithMetadata(Annotate(imapi::FromDevice(status), drive), "drive", drive);
}

}  // namespace carousel
