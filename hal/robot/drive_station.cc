#include "hal/robot/drive_station.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

constexpr absl::Duration kMaxReopenDelay = absl::Minutes(1);

std::chrono::steady_clock::time_point MachineNow() { return std::chrono::steady_clock::now(); }

std::chrono::steady_clock::time_point After(absl::Duration duration) {
  // Bounded, because chrono's arithmetic overflows on "for ever".
  return MachineNow() + absl::ToChronoNanoseconds(
                            std::clamp(duration, absl::ZeroDuration(), absl::Hours(24 * 365)));
}

// The device does not answer at all. A drive that reports sense is there, however unwell.
bool IsGone(const absl::Status& status) {
  return (absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status)) &&
         !scsi::GetSense(status).has_value();
}

}  // namespace

DriveLease::DriveLease(DriveLease&& other) noexcept
    : station_(std::exchange(other.station_, nullptr)) {}

DriveLease& DriveLease::operator=(DriveLease&& other) noexcept {
  if (this != &other) {
    if (station_ != nullptr) station_->ReleaseLease();
    station_ = std::exchange(other.station_, nullptr);
  }
  return *this;
}

DriveLease::~DriveLease() {
  if (station_ != nullptr) station_->ReleaseLease();
}

DriveStation::DriveStation(std::string id, OpenDrive open, Options options)
    : id_(std::move(id)), open_(std::move(open)), options_(options), thread_([this] { Loop(); }) {}

DriveStation::DriveStation(std::string id, OpenOnce open, Options options)
    : DriveStation(
          std::move(id), [open = std::move(open)](MediaGeneration) { return open(); }, options) {}

DriveStation::~DriveStation() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    work_.SignalAll();
  }
  thread_.join();
}

DriveSnapshot DriveStation::snapshot() const {
  MutexLock lock(&mutex_);
  return snapshot_;
}

DriveSnapshot DriveStation::Await(absl::FunctionRef<bool(const DriveSnapshot&)> condition,
                                  absl::Duration timeout) const {
  const MachineTime deadline = After(timeout);
  MutexLock lock(&mutex_);
  while (!condition(snapshot_) && MachineNow() < deadline) {
    changed_.WaitFor(&mutex_, absl::FromChrono(deadline - MachineNow()));
  }
  return snapshot_;
}

void DriveStation::Post(Task task) {
  MutexLock lock(&mutex_);
  tasks_.push_back(std::move(task));
  work_.Signal();
}

absl::Status DriveStation::Run(absl::FunctionRef<absl::Status(Drive&)> task) {
  Mutex mutex;
  CondVar finished;
  bool done = false;
  absl::Status result;
  Post([&](absl::StatusOr<Drive*> drive) {
    absl::Status outcome = drive.ok() ? task(**drive) : drive.status();
    if (drive.ok()) PublishGeneration((*drive)->generation());
    MutexLock lock(&mutex);
    result = std::move(outcome);
    done = true;
    // Under the lock: the waiter's stack must not unwind before this call has ended.
    finished.Signal();
  });
  MutexLock lock(&mutex);
  while (!done) finished.Wait(&mutex);
  return result;
}

absl::StatusOr<DriveLease> DriveStation::Lease(std::string owner) {
  MutexLock lock(&mutex_);
  if (!snapshot_.owner.empty()) {
    return absl::UnavailableError(absl::StrCat("drive ", id_, " is in use by ", snapshot_.owner));
  }
  snapshot_.owner = std::move(owner);
  changed_.SignalAll();
  return DriveLease(this);
}

void DriveStation::ReleaseLease() {
  MutexLock lock(&mutex_);
  snapshot_.owner.clear();
  changed_.SignalAll();
}

bool DriveStation::stopping() const {
  MutexLock lock(&mutex_);
  return stopping_;
}

void DriveStation::Loop() {
  absl::Duration delay = options_.reopen_delay;
  while (!stopping()) {
    absl::Status failure;
    {
      absl::StatusOr<std::unique_ptr<Drive>> drive = Open();
      failure = drive.status();
      if (drive.ok()) {
        delay = options_.reopen_delay;
        failure = Serve(**drive);
      }
      // The drive is closed here: the next attempt opens the device anew.
    }
    if (!failure.ok()) RefuseFor(delay, failure);
    delay = std::min(2 * delay, kMaxReopenDelay);
  }
  AbandonTasks();
}

absl::StatusOr<std::unique_ptr<Drive>> DriveStation::Open() {
  ASSIGN_OR_RETURN(std::unique_ptr<Drive> drive, open_(snapshot().generation.Next()));
  ASSIGN_OR_RETURN(DriveIdentity identity, drive->Identify());
  {
    MutexLock lock(&mutex_);
    snapshot_.identity = std::move(identity);
  }
  RETURN_IF_ERROR(LookAnew(*drive));
  return drive;
}

// Returns OK when the station ends, else why the drive has failed.
absl::Status DriveStation::Serve(Drive& drive) {
  MachineTime look_at = After(options_.poll_interval);
  bool changed = false;
  while (true) {
    Task task;
    switch (WaitForNext(look_at, changed, &task)) {
      case Next::kStop:
        return absl::OkStatus();
      case Next::kTask:
        task(&drive);
        PublishGeneration(drive.generation());
        changed = drive.generation() != looked_at_;
        break;
      case Next::kLook:
        RETURN_IF_ERROR(Look(drive));
        look_at = After(options_.poll_interval);
        changed = false;
        break;
    }
  }
}

// Tasks go first: a look comes when there is none, at once after a change, else when its time has
// come. A changed drive that is never idle is looked at when its time has come.
DriveStation::Next DriveStation::WaitForNext(MachineTime look_at, bool look_when_idle, Task* task) {
  MutexLock lock(&mutex_);
  while (!stopping_ && tasks_.empty() && !look_when_idle && MachineNow() < look_at) {
    work_.WaitFor(&mutex_, absl::FromChrono(look_at - MachineNow()));
  }
  if (stopping_) return Next::kStop;
  if (tasks_.empty() || (look_when_idle && MachineNow() >= look_at)) return Next::kLook;
  *task = std::move(tasks_.front());
  tasks_.pop_front();
  return Next::kTask;
}

absl::Status DriveStation::Look(Drive& drive) {
  if (snapshot().state == DriveSnapshot::State::kReady && drive.generation() == looked_at_) {
    const absl::Status polled = drive.PollEvents();
    if (IsGone(polled)) return polled;
    if (drive.generation() == looked_at_) return absl::OkStatus();
  }
  return LookAnew(drive);
}

// An error only if the drive is gone; everything else is a state.
absl::Status DriveStation::LookAnew(Drive& drive) {
  using State = DriveSnapshot::State;
  const absl::StatusOr<bool> present = drive.CheckReady();
  if (IsGone(present.status())) return present.status();
  if (!present.ok()) {
    Publish(State::kNotReady, present.status(), mmc::Profile::kNone, drive.generation());
    return absl::OkStatus();
  }
  if (!*present) {
    Publish(State::kEmpty, absl::OkStatus(), mmc::Profile::kNone, drive.generation());
    return absl::OkStatus();
  }
  const absl::StatusOr<MediaState> media = drive.ReadMediaState();
  if (IsGone(media.status())) return media.status();
  if (absl::IsUnavailable(media.status()) || absl::IsAborted(media.status())) {
    // It has changed its mind meanwhile; the next look tells.
    Publish(State::kNotReady, media.status(), mmc::Profile::kNone, drive.generation());
    return absl::OkStatus();
  }
  // A medium that cannot be made out is still one that the drive holds: whoever asks for its facts
  // gets the reason.
  const bool empty = media.ok() && !media->present;
  Publish(empty ? State::kEmpty : State::kReady, absl::OkStatus(),
          media.ok() ? media->profile : mmc::Profile::kNone, drive.generation());
  return absl::OkStatus();
}

// Out of service for `delay`: every task gets `failure`.
void DriveStation::RefuseFor(absl::Duration delay, const absl::Status& failure) {
  // Advancing the generation here makes facts about the medium void at once.
  Publish(DriveSnapshot::State::kFailed, failure, mmc::Profile::kNone,
          snapshot().generation.Next());
  const MachineTime until = After(delay);
  while (MachineNow() < until) {
    Task task;
    switch (WaitForNext(until, /*look_when_idle=*/false, &task)) {
      case Next::kStop:
        return;
      case Next::kTask:
        task(failure);
        break;
      case Next::kLook:
        break;  // the time is over
    }
  }
}

void DriveStation::AbandonTasks() {
  std::deque<Task> tasks;
  {
    MutexLock lock(&mutex_);
    tasks.swap(tasks_);
  }
  for (Task& task : tasks) {
    task(absl::UnavailableError(absl::StrCat("drive ", id_, " is being shut down")));
  }
}

void DriveStation::PublishGeneration(MediaGeneration generation) {
  MutexLock lock(&mutex_);
  if (snapshot_.generation == generation) return;
  snapshot_.generation = generation;
  changed_.SignalAll();
}

void DriveStation::Publish(DriveSnapshot::State state, absl::Status reason, mmc::Profile profile,
                           MediaGeneration generation) {
  looked_at_ = generation;
  MutexLock lock(&mutex_);
  snapshot_.state = state;
  snapshot_.reason = std::move(reason);
  snapshot_.profile = state == DriveSnapshot::State::kReady ? profile : mmc::Profile::kNone;
  snapshot_.generation = generation;
  changed_.SignalAll();
}

}  // namespace carousel
