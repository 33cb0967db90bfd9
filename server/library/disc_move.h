// A disc on its way from one place of the robot to another.
#ifndef SERVER_LIBRARY_DISC_MOVE_H_
#define SERVER_LIBRARY_DISC_MOVE_H_

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"
#include "hal/robot/drive_station.h"
#include "hal/robot/robot.h"
#include "server/library/inventory.h"
#include "server/library/move_leg.h"

namespace carousel {

class Library;

// From Library's Prepare methods. Has the drive, if it needs one, to itself as long as it lives,
// which must not be longer than the library. Run is called once, on any thread; all others at any
// time.
class DiscMove {
 public:
  // Fixed from the start: what MoveDiscMetadata tells. The way of the disc that the move is for.
  const MoveLeg& leg() const { return legs_.back(); }
  // The way of the disc that makes room for it; null unless this is an exchange.
  const MoveLeg* displaced() const { return legs_.size() == 1 ? nullptr : &legs_.front(); }
  // The id of the drive; empty if none is used.
  std::string drive() const { return drive_ == nullptr ? "" : drive_->id; }

  // Blocks until the disc is at its destination, and if that is a drive until it is ready with it.
  // The move is ordered once, never repeated and never guessed: its places are read before and
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

  // `legs`: one, or for an exchange that of the displaced disc and then the other. `drive` is null
  // if no end is a drive.
  DiscMove(Library* library, std::vector<MoveLeg> legs, const DrivePlace* drive, DriveLease lease);

  bool IntoDrive() const { return leg().to.kind == MoveEnd::Kind::kDrive; }
  absl::Status RunArm();
  absl::Status CheckPlaces() const;
  absl::Status OpenDrive() const;
  // Nothing: the changer offers no exchange.
  std::optional<absl::Status> Exchange();
  absl::Status Move(const MoveLeg& leg);
  MoveResult Observed(absl::Time start, MoveResult result) const;
  // After the arm has said `result` of `legs`: reads the elements and says what has become of them.
  absl::Status Judge(const MoveResult& result, absl::Span<const MoveLeg> legs);
  absl::Status WaitUntilReady() const;
  absl::Status NotReady(absl::string_view until) const;
  absl::Status Failure(const MoveLeg& leg, absl::StatusCode code, absl::string_view message,
                       absl::string_view outcome) const;
  absl::Status DriveFailure(const absl::Status& status) const;

  Library* const library_;
  const std::vector<MoveLeg> legs_;
  const DrivePlace* const drive_;
  const DriveLease lease_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace carousel

#endif  // SERVER_LIBRARY_DISC_MOVE_H_
