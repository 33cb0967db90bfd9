// The arm of the virtual robot: moves discs between slots and drives of a store, one at a time, in
// the time that a real arm takes. Places are kept in the store and survive the process.
#ifndef HAL_VIRTUAL_ROBOT_VIRTUAL_CHANGER_H_
#define HAL_VIRTUAL_ROBOT_VIRTUAL_CHANGER_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"
#include "hal/virtual_robot/disc_store.h"
#include "hal/virtual_robot/fault_plan.h"
#include "hal/virtual_robot/locations.h"
#include "hal/virtual_robot/virtual_drive.h"

namespace carousel::virtual_robot {

// Addresses as medium changers usually have them.
inline constexpr ElementAddress kPickerElement(0x0001);
inline constexpr uint16_t kFirstDriveElement = 0x0100;
inline constexpr uint16_t kFirstSlotElement = 0x0400;

class VirtualChanger : public Changer {
 public:
  // Drive 1 of the locations is `drives[0]`. `clock` must outlive the changer.
  VirtualChanger(DiscStore store, int slots, std::vector<std::shared_ptr<VirtualDrive>> drives,
                 MoveFaultPlan faults, Clock* clock);

  // DEADLINE_EXCEEDED by the fault plan.
  absl::StatusOr<std::vector<Element>> ReadElements() override;
  // FAILED_PRECONDITION with the sense: 5/21/01 no such element, 5/3B/0E the source is empty,
  // 5/3B/0D the destination is full, 5/53/02 the drive at the source has not released its disc,
  // 5/3B/11 the drive at the destination takes none now. UNAVAILABLE with 2/04/01, INTERNAL with
  // 4/15/01, 4/53/00 or 4/83/00 and DEADLINE_EXCEEDED by the fault plan.
  MoveResult Move(ElementAddress source, ElementAddress destination) override;

 private:
  std::optional<Place> PlaceAt(ElementAddress address) const;
  absl::Status CheckMove(const Locations& locations, const Place& source,
                         const Place& destination) const;
  // Bookkeeping of a move that the arm has made, in the order of its hands: out of the source, into
  // the picker, into the destination.
  absl::Status Take(const Place& source);
  absl::Status Put(const Place& destination);
  MoveResult Carry(const Place& source, const Place& destination, const MoveFault* fault);
  MoveResult Fail(MoveOutcome outcome, const scsi::Sense& sense);

  const DiscStore store_;
  const int slots_;
  const std::vector<std::shared_ptr<VirtualDrive>> drives_;
  MoveFaultPlan faults_;
  Clock* const clock_;
};

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_VIRTUAL_CHANGER_H_
