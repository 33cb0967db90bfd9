// A drive in service: its thread, its queue of work, who has it for themselves, and what is known
// of it without asking.
//
//   (opening) --ok--> (idle) <--> (working)        every arrow out of (failed) is a new attempt to
//   open, with back-off
//       |                |            |
//       +----error-------+----gone----+--> (failed)
//
// Not a policy: who may use which drive when is decided above.
#ifndef HAL_ROBOT_DRIVE_STATION_H_
#define HAL_ROBOT_DRIVE_STATION_H_

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "hal/base/mutex.h"
#include "hal/base/types.h"
#include "hal/drive/drive.h"
#include "hal/mmc/profile.h"

namespace carousel {

// What is known of a drive without asking it; at most one poll interval old.
struct DriveSnapshot {
  enum class State : uint8_t { kOpening, kEmpty, kNotReady, kReady, kFailed };
  State state = State::kOpening;
  // Why it is kNotReady or kFailed; OK otherwise.
  absl::Status reason;
  DriveIdentity identity;
  // The drive's, up to date after every task. Never goes back, not even when a drive is opened
  // anew.
  MediaGeneration generation;
  // Valid while kReady; kNone if the medium cannot be recognised.
  mmc::Profile profile = mmc::Profile::kNone;
  // Who holds the lease; empty if nobody.
  std::string owner;
};

class DriveStation;

// The right to use a drive alone. Movable; gives the drive back when destroyed. Must not outlive
// its station.
class DriveLease {
 public:
  DriveLease() = default;
  DriveLease(DriveLease&& other) noexcept;
  DriveLease& operator=(DriveLease&& other) noexcept;
  ~DriveLease();
  DriveStation* station() const { return station_; }

 private:
  friend class DriveStation;
  explicit DriveLease(DriveStation* station) : station_(station) {}
  DriveStation* station_ = nullptr;
};

// Thread-safe. Owns the thread that owns the drive; the destructor ends it after the task that
// runs.
class DriveStation {
 public:
  // Opens the drive on the device's thread. The drive's generation begins with `first`, so that
  // facts of the drive before a failure never hold for the one after it.
  using OpenDrive = std::function<absl::StatusOr<std::unique_ptr<Drive>>(MediaGeneration first)>;
  // For drives that are opened once: tests.
  using OpenOnce = std::function<absl::StatusOr<std::unique_ptr<Drive>>()>;
  // The task runs on the device's thread. The drive is never null: a station that has failed, or
  // that ends before the task's turn, passes its error instead.
  using Task = absl::AnyInvocable<void(absl::StatusOr<Drive*>)>;

  struct Options {
    // How often an idle drive is asked for media events (GET EVENT STATUS NOTIFICATION). Machine
    // time.
    absl::Duration poll_interval = absl::Seconds(1);
    // First wait before a failed drive is opened anew; doubled each time, up to a minute. Machine
    // time.
    absl::Duration reopen_delay = absl::Seconds(1);
  };

  // `id` is the configured identity (`drive0`). Starts the thread; returns at once.
  DriveStation(std::string id, OpenDrive open, Options options);
  DriveStation(std::string id, OpenOnce open, Options options);
  ~DriveStation();
  DriveStation(const DriveStation&) = delete;
  DriveStation& operator=(const DriveStation&) = delete;

  const std::string& id() const { return id_; }

  // Never waits for the device.
  DriveSnapshot snapshot() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Blocks until the snapshot satisfies `condition`, or for `timeout` of machine time. Returns the
  // last snapshot looked at. `condition` must not call the station.
  DriveSnapshot Await(absl::FunctionRef<bool(const DriveSnapshot&)> condition,
                      absl::Duration timeout) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Queues `task`. Tasks run one after another in the order of their calls.
  void Post(Task task) ABSL_LOCKS_EXCLUDED(mutex_);

  // Post, and waits for the end. The station's error if it has failed. Never from the device's own
  // thread.
  absl::Status Run(absl::FunctionRef<absl::Status(Drive&)> task) ABSL_LOCKS_EXCLUDED(mutex_);

  // The drive for `owner` (`operations/{id}`) alone. UNAVAILABLE: another has it; the message names
  // the owner, snapshot().owner too. A lease keeps others from leases; Post and Run stay open to
  // all, for short questions.
  absl::StatusOr<DriveLease> Lease(std::string owner) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  friend class DriveLease;
  using MachineTime = std::chrono::steady_clock::time_point;
  enum class Next : uint8_t { kTask, kLook, kStop };

  void ReleaseLease() ABSL_LOCKS_EXCLUDED(mutex_);

  // The device's thread and what it calls.
  void Loop();
  absl::StatusOr<std::unique_ptr<Drive>> Open();
  absl::Status Serve(Drive& drive);
  absl::Status Look(Drive& drive);
  absl::Status LookAnew(Drive& drive);
  void RefuseFor(absl::Duration delay, const absl::Status& failure);
  void AbandonTasks();
  Next WaitForNext(MachineTime look_at, bool look_when_idle, Task* task)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void PublishGeneration(MediaGeneration generation) ABSL_LOCKS_EXCLUDED(mutex_);
  void Publish(DriveSnapshot::State state, absl::Status reason, mmc::Profile profile,
               MediaGeneration generation) ABSL_LOCKS_EXCLUDED(mutex_);
  bool stopping() const ABSL_LOCKS_EXCLUDED(mutex_);

  const std::string id_;
  const OpenDrive open_;
  const Options options_;

  mutable Mutex mutex_;
  CondVar work_;
  mutable CondVar changed_;  // the snapshot has
  std::deque<Task> tasks_ ABSL_GUARDED_BY(mutex_);
  DriveSnapshot snapshot_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // Generation that the snapshot's state speaks of. The device's thread only.
  MediaGeneration looked_at_;
  std::thread thread_;
};

}  // namespace carousel

#endif  // HAL_ROBOT_DRIVE_STATION_H_
