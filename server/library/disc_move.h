// One disc on its way between a slot and a drive.
#ifndef SERVER_LIBRARY_DISC_MOVE_H_
#define SERVER_LIBRARY_DISC_MOVE_H_

#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"
#include "hal/robot/drive_station.h"
#include "hal/robot/robot.h"
#include "server/library/inventory.h"

namespace carousel {

class Library;

// From Library::PrepareLoad or PrepareUnload. Has the drive to itself as long as it lives, which
// must not be longer than the library. Run is called once, on any thread; all others at any time.
class DiscMove {
 public:
  // Fixed from the start: what MoveDiscMetadata tells.
  const std::string& disc() const { return disc_; }        // id
  const std::string& drive() const { return place_->id; }  // id
  const std::string& slot() const { return slot_.id; }     // id
  std::string source() const;                              // "slots/slot1", "drives/drive0"
  std::string destination() const;

  // Blocks until the disc is at its destination, and for a load until the drive is ready with it.
  // The move is ordered once, never repeated and never guessed: both places are read before and
  // after it.
  //
  // CANCELLED: by Cancel; nothing has moved. UNAVAILABLE (CHANGER_FAILURE): the changer did not
  // answer; nothing has moved. FAILED_PRECONDITION (CHANGER_FAILURE): the disc is not where the
  // inventory had it, or its destination is taken; the inventory is new now, nothing has moved.
  // INTERNAL (CHANGER_FAILURE): the arm failed; metadata outcome says where the disc is: moved,
  // still_at_source, in_gripper, unknown. UNAVAILABLE (E_IMAPI_RECORDER_MEDIA_BECOMING_READY): the
  // disc is in the drive, which was not ready in time or before Cancel. The recorder's code: the
  // drive did not give the disc free, or failed with it.
  absl::Status Run();

  // Makes Run end with CANCELLED if the arm has not started, and wait no longer for a drive to
  // become ready. Returns at once.
  void Cancel() { cancelled_ = true; }

 private:
  friend class Library;
  enum class Direction : uint8_t { kLoad, kUnload };

  DiscMove(Library* library, Direction direction, const DiscPlace& disc, const DrivePlace& drive,
           ElementAddress drive_element, const SlotPlace& slot, DriveLease lease);

  absl::Status RunArm();
  absl::Status CheckPlaces() const;
  absl::Status OpenDrive() const;
  absl::Status Move();
  absl::Status WaitUntilReady() const;
  absl::Status NotReady(absl::string_view until) const;
  absl::Status Failure(absl::StatusCode code, absl::string_view message,
                       absl::string_view outcome) const;
  absl::Status DriveFailure(const absl::Status& status) const;

  Library* const library_;
  const Direction direction_;
  const std::string disc_;
  const std::string barcode_;
  const DrivePlace* const place_;
  const SlotPlace slot_;
  const ElementAddress from_;
  const ElementAddress to_;
  const DriveLease lease_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace carousel

#endif  // SERVER_LIBRARY_DISC_MOVE_H_
