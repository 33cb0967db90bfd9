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

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "hal/base/types.h"
#include "hal/drive/drive.h"

namespace carousel {

// What is known of a drive without asking it; at most one poll interval old.
struct DriveSnapshot {
  enum class State : uint8_t { kOpening, kEmpty, kNotReady, kReady, kFailed };
  State state = State::kOpening;
  // Why it is kNotReady or kFailed; OK otherwise.
  absl::Status reason;
  DriveIdentity identity;
  MediaGeneration generation;
  // Valid while kReady.
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
  using OpenDrive = std::function<absl::StatusOr<std::unique_ptr<Drive>>()>;
  // The task runs on the device's thread. The drive is null-free: a station that has failed passes
  // its error instead.
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
  ~DriveStation();
  DriveStation(const DriveStation&) = delete;
  DriveStation& operator=(const DriveStation&) = delete;

  const std::string& id() const { return id_; }

  // Never waits for the device.
  DriveSnapshot snapshot() const ABSL_LOCKS_EXCLUDED(mutex_);

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
  void ReleaseLease() ABSL_LOCKS_EXCLUDED(mutex_);
  void Loop() ABSL_LOCKS_EXCLUDED(mutex_);

  const std::string id_;
  const OpenDrive open_;
  const Options options_;

  mutable Mutex mutex_;
  CondVar work_;
  std::deque<Task> tasks_ ABSL_GUARDED_BY(mutex_);
  DriveSnapshot snapshot_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace carousel

#endif  // HAL_ROBOT_DRIVE_STATION_H_
