// The discs of one robot: where they are, and how one gets from its slot into a drive and back.
#ifndef SERVER_LIBRARY_LIBRARY_H_
#define SERVER_LIBRARY_LIBRARY_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"
#include "hal/robot/drive_station.h"
#include "hal/robot/robot.h"
#include "server/library/disc_move.h"
#include "server/library/inventory.h"
#include "server/metrics/observers.h"

namespace carousel {

// Thread-safe.
class Library {
 public:
  struct Options {
    // How long a drive may take to become ready with the disc that it was given; by the robot's
    // clock.
    absl::Duration ready_time = absl::Minutes(5);
  };

  // `clock` is the robot's. `observer` may be null. All must outlive the library.
  Library(Robot* robot, Clock* clock, MoveObserver* observer, Options options);
  ~Library();

  // Reads all elements anew. Blocks: waits for the arm if it is moving. Codes of
  // Changer::ReadElements; the old inventory stays then.
  absl::Status TakeInventory() ABSL_LOCKS_EXCLUDED(mutex_);

  // The last inventory; before the first one there are no discs. A drive that is found in its
  // element later than that is in it from then on. Never blocks, never null.
  std::shared_ptr<const Inventory> inventory() const ABSL_LOCKS_EXCLUDED(mutex_);
  // How the last reading of all elements went: OK, or its error; UNAVAILABLE before the first one
  // has ended. Never blocks.
  absl::Status inventory_status() const ABSL_LOCKS_EXCLUDED(mutex_);
  // The id of the disc in a drive; empty if there is none or it is not known. Never blocks.
  std::string DiscInDrive(absl::string_view drive) const {
    return IdOf(inventory()->InDrive(drive));
  }

  // Takes the drive for `owner` (`operations/{id}`) and prepares the move of `disc` from its slot
  // into `drive`. Never blocks. NOT_FOUND: no such drive or disc. UNAVAILABLE (CHANGER_FAILURE): no
  // such disc, but the changer did not answer when it was last asked. FAILED_PRECONDITION
  // (CHANGER_FAILURE): the drive is full, or the disc is in no slot. UNAVAILABLE
  // (E_IMAPI_RECORDER_LOCKED with owner): another has the drive. The recorder's code if the drive
  // is out of service.
  absl::StatusOr<std::unique_ptr<DiscMove>> PrepareLoad(absl::string_view disc,
                                                        absl::string_view drive,
                                                        const std::string& owner);
  // The same for the way back of the disc in `drive`. FAILED_PRECONDITION (CHANGER_FAILURE): the
  // drive is empty, its disc's home is not known or taken. UNAVAILABLE (CHANGER_FAILURE): nobody
  // knows whether it is empty, as above.
  absl::StatusOr<std::unique_ptr<DiscMove>> PrepareUnload(absl::string_view drive,
                                                          const std::string& owner);

 private:
  friend class DiscMove;
  static std::string IdOf(const DiscPlace* disc) { return disc == nullptr ? "" : disc->id; }

  // UNAVAILABLE (CHANGER_FAILURE) unless the inventory is of the last reading.
  absl::Status CheckInventory() const;
  // With the arm held.
  absl::Status ReadElements() ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<std::optional<ElementAddress>> DriveElements() const;
  void SetHome(const std::string& drive, const std::string& slot) ABSL_LOCKS_EXCLUDED(mutex_);
  // Finds the drive, sees that it works and takes it.
  absl::StatusOr<const DrivePlace*> FindDrive(absl::string_view drive);

  Robot* const robot_;
  Clock* const clock_;
  MoveObserver* const observer_;
  const Options options_;

  mutable Mutex mutex_;
  std::vector<Element> elements_ ABSL_GUARDED_BY(mutex_);  // as they were read last
  // Made of elements_, with the drives that were known to be in drive_elements_.
  mutable std::shared_ptr<const Inventory> inventory_ ABSL_GUARDED_BY(mutex_);
  mutable std::vector<std::optional<ElementAddress>> drive_elements_ ABSL_GUARDED_BY(mutex_);
  absl::Status inventory_status_ ABSL_GUARDED_BY(mutex_) =
      absl::UnavailableError("it has not been asked what it holds yet");
  // Slot that the disc in a drive came from, by our own moves.
  std::map<std::string, std::string> homes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // SERVER_LIBRARY_LIBRARY_H_
