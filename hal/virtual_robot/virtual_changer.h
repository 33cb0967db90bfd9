// The changer of the virtual robot: answers the CDBs of a medium changer (SMC-3) and moves discs
// between the places of a store, one at a time, in the time that a real arm takes. Places are kept
// in the store and survive the process.
//
//              MOVE, EXCHANGE                 a minute
//   (ready) ------------------> (door open) ----------> (ready), 6/28/00 is queued
#ifndef HAL_VIRTUAL_ROBOT_VIRTUAL_CHANGER_H_
#define HAL_VIRTUAL_ROBOT_VIRTUAL_CHANGER_H_

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "hal/base/types.h"
#include "hal/scsi/command.h"
#include "hal/scsi/sense.h"
#include "hal/smc/element_pages.h"
#include "hal/smc/element_status.h"
#include "hal/virtual_robot/disc_store.h"
#include "hal/virtual_robot/fault_plan.h"
#include "hal/virtual_robot/locations.h"
#include "hal/virtual_robot/reply.h"
#include "hal/virtual_robot/virtual_drive.h"

namespace carousel::virtual_robot {

// Addresses as medium changers usually have them.
inline constexpr ElementAddress kPickerElement(0x0001);
inline constexpr uint16_t kFirstDriveElement = 0x0100;
inline constexpr uint16_t kFirstImportExportElement = 0x0300;
inline constexpr uint16_t kFirstSlotElement = 0x0400;

// Thread-safe; commands are executed one after another.
class VirtualChanger {
 public:
  struct Sizes {
    int slots = 0;
    int import_export = 0;
    bool tells_drives = true;  // DVCID
  };
  // Drive 1 of the locations is `drives[0]`. `clock` must outlive the changer.
  VirtualChanger(DiscStore store, Sizes sizes, std::vector<std::shared_ptr<VirtualDrive>> drives,
                 MoveFaultPlan faults, Clock* clock);

  // Blocks for the time that the changer takes, by its clock. DEADLINE_EXCEEDED: by the fault plan,
  // or it took longer than the command's time-out; it is executed all the same.
  //
  // A move is refused with 5/21/01 no such element, 5/3B/0E the source is empty, 5/3B/0D the
  // destination or the picker is full, 5/53/02 the drive at the source has not released its disc,
  // 5/3B/11 the drive at the destination takes none now.
  absl::StatusOr<scsi::Result> Execute(const scsi::Command& command) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Nothing: the answer is lost.
  std::optional<Reply> Dispatch(const scsi::Command& command) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Reply AnswerModeSense(absl::Span<const uint8_t> cdb) const;
  std::optional<Reply> AnswerElementStatus(absl::Span<const uint8_t> cdb)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<Reply> MoveMedium(absl::Span<const uint8_t> cdb)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<Reply> ExchangeMedium(absl::Span<const uint8_t> cdb)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Reply Position(absl::Span<const uint8_t> cdb) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Reply Rescan(absl::Span<const uint8_t> cdb) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::vector<smc::ElementDescriptor> Describe(const Locations& locations,
                                               const smc::ReadElementStatusCdb& asked) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  smc::ElementDescriptor DescribeOne(const Locations& locations, const Place& place,
                                     const smc::ReadElementStatusCdb& asked) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::optional<Place> PlaceAt(uint16_t address) const;
  std::optional<scsi::Sense> CheckMove(const Locations& locations, const Place& source,
                                       const Place& destination) const;
  // Bookkeeping of a move that the arm has made, in the order of its hands: out of the source, into
  // the picker, into the destination.
  absl::Status Take(const Place& source);
  absl::Status Put(const Place& destination);
  // What a fault does before anything moves.
  std::optional<scsi::Sense> Refusal(const MoveFault* fault, uint16_t source)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<Reply> Carry(const Place& source, const Place& destination, const MoveFault* fault)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const DiscStore store_;
  const Sizes sizes_;
  const std::vector<std::shared_ptr<VirtualDrive>> drives_;
  Clock* const clock_;

  Mutex mutex_;
  MoveFaultPlan faults_ ABSL_GUARDED_BY(mutex_);
  // None at first: the cabinet has been on for long when a process comes.
  std::deque<scsi::Sense> unit_attentions_ ABSL_GUARDED_BY(mutex_);
  bool removal_prevented_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time door_open_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool door_was_open_ ABSL_GUARDED_BY(mutex_) = false;
  // Elements in an exception, until they are rescanned.
  std::map<uint16_t, scsi::Sense> exceptions_ ABSL_GUARDED_BY(mutex_);
  // The element whose bar code is read wrongly, once.
  std::optional<uint16_t> misread_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_VIRTUAL_CHANGER_H_
