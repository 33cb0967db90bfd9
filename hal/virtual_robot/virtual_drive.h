// A drive of the virtual robot: answers CDBs by the state of its tray and disc, and says when each
// answer comes. It never sleeps: VirtualDriveTransport lets the time pass.
//
//             Insert, LOAD             spun up                     6/28/00 is queued,
//   (empty) ----------------> (loading) -------> (ready)           a new-media event too
//      ^   Remove     ^           | eject          | eject
//      +--------- (released) <----+----------------+
//
// What writes is answered by the disc's VirtualWriter; a drive that only reads refuses it with
// 5/20/00 like any unknown opcode.
#ifndef HAL_VIRTUAL_ROBOT_VIRTUAL_DRIVE_H_
#define HAL_VIRTUAL_ROBOT_VIRTUAL_DRIVE_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "hal/mmc/get_event_status.h"
#include "hal/scsi/command.h"
#include "hal/virtual_robot/configuration_answers.h"
#include "hal/virtual_robot/disc.h"
#include "hal/virtual_robot/disc_store.h"
#include "hal/virtual_robot/drive_type.h"
#include "hal/virtual_robot/fault_plan.h"
#include "hal/virtual_robot/quirks.h"
#include "hal/virtual_robot/reply.h"
#include "hal/virtual_robot/speed_model.h"
#include "hal/virtual_robot/virtual_writer.h"

namespace carousel::virtual_robot {

// Thread-safe: commands come from the device's thread, discs from the arm's.
class VirtualDrive {
 public:
  struct Options {
    DriveType type;
    std::string serial;
    Quirks quirks;
    DriveFaultPlan faults;
  };
  // `disc`: bar code of the disc that lies in the drive when it is switched on. `clock` must
  // outlive the drive.
  VirtualDrive(Options options, DiscStore store, std::optional<std::string> disc, Clock* clock);

  struct Outcome {
    scsi::Result result;
    absl::Time taken;  // when the drive began
    absl::Time done;   // when the host sees it
    bool answered = true;
  };
  // Executes at once, fills command.data_in. Does not block.
  Outcome Execute(const scsi::Command& command) ABSL_LOCKS_EXCLUDED(mutex_);

  // What the arm does. FAILED_PRECONDITION: the tray cannot take a disc now (it holds one, it is
  // moving, removal is prevented); there is no released disc.
  absl::Status CheckCanTake() const ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status CheckReleased() const ABSL_LOCKS_EXCLUDED(mutex_);
  // The disc is in the tray, which closes. A disc whose text cannot be read is a disc that the
  // drive does not recognise (2/30/01). The status of CheckCanTake.
  absl::Status Insert(const std::string& barcode) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Remove() ABSL_LOCKS_EXCLUDED(mutex_);

  const std::string& serial() const { return options_.serial; }

 private:
  // A disc that the drive has recognised.
  struct Medium {
    Disc disc;
    DiscData data;
    CurrentConfiguration configuration;
    SpeedModel speed;
    std::unique_ptr<VirtualWriter> writer;  // null: the drive does not write this family of media
  };

  void LoadMedium(const std::string& barcode, absl::Time ready)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AnnounceMedium(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CanTake(absl::Time now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Why a command that needs the medium cannot have it.
  std::optional<scsi::Sense> Obstacle(absl::Time now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // What a fault makes of the reply; whether the host sees one.
  bool Apply(const DriveFault& fault, absl::Time now, Reply* reply)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Reply Dispatch(const scsi::Command& command, absl::Time now, absl::Time* done)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Reply AboutMedium(const scsi::Command& command) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Reply ReadBlocks(const scsi::Command& command, absl::Time now, absl::Time* done)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Reply WriteOnMedium(const scsi::Command& command, absl::Time now, absl::Time* done)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The medium is there, and the drive is at work on it.
  std::optional<scsi::Sense> Busy(absl::Time now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Reply StartStop(absl::Span<const uint8_t> cdb, absl::Time now, absl::Time* done)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CutPower(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Reply Eject(absl::Time now, absl::Time* done) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Reply FormatCapacities(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Reply RequestSense(absl::Span<const uint8_t> cdb, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Reply EventStatus(absl::Span<const uint8_t> cdb, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  CurrentConfiguration Configuration(absl::Time now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  const DiscStore store_;
  Clock* const clock_;

  mutable Mutex mutex_;
  DriveFaultPlan faults_ ABSL_GUARDED_BY(mutex_);
  std::deque<scsi::Sense> unit_attentions_ ABSL_GUARDED_BY(mutex_);
  std::deque<mmc::MediaEventCode> events_ ABSL_GUARDED_BY(mutex_);
  bool removal_prevented_ ABSL_GUARDED_BY(mutex_) = false;
  // The disc in the tray, recognised or not.
  std::optional<std::string> barcode_ ABSL_GUARDED_BY(mutex_);
  bool released_ ABSL_GUARDED_BY(mutex_) = false;  // the tray is out
  absl::Time tray_moves_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  std::optional<Medium> medium_ ABSL_GUARDED_BY(mutex_);
  absl::Time ready_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool to_be_announced_ ABSL_GUARDED_BY(mutex_) = false;
  // Of the disc that was in last, for the quirk stale-profile.
  CurrentConfiguration last_configuration_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_VIRTUAL_DRIVE_H_
