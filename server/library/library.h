// The discs of one robot: where they are, and how one gets from one place to another.
#ifndef SERVER_LIBRARY_LIBRARY_H_
#define SERVER_LIBRARY_LIBRARY_H_

#include <atomic>
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
#include "server/library/move_leg.h"
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
  // The same as an operation does it: with `rescan` the changer looks at its elements itself
  // before, for minutes. CANCELLED: `cancelled` was true when the arm was free. UNAVAILABLE,
  // FAILED_PRECONDITION, INTERNAL (CHANGER_FAILURE): the changer did not answer, refused, failed.
  absl::Status TakeInventory(bool rescan, const std::atomic<bool>& cancelled)
      ABSL_LOCKS_EXCLUDED(mutex_);

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

  // Each of these plans a move, and takes the drive that it needs for `owner`
  // (`operations/{id}`). None blocks. NOT_FOUND: no such disc, drive or slot. UNAVAILABLE
  // (CHANGER_FAILURE): there is no such disc, or the place is empty, but the changer did not answer
  // when it was last asked. FAILED_PRECONDITION (CHANGER_FAILURE): as each says. UNAVAILABLE
  // (E_IMAPI_RECORDER_LOCKED with owner): another has the drive. The recorder's code if the drive
  // is out of service.
  using Planned = absl::StatusOr<std::unique_ptr<DiscMove>>;
  // From its slot into a drive. FAILED_PRECONDITION: the drive is full, or the disc is in no slot.
  Planned PrepareLoad(absl::string_view disc, absl::string_view drive, const std::string& owner);
  // Back into its slot. FAILED_PRECONDITION: the drive is empty, its disc's home is not known or
  // taken.
  Planned PrepareUnload(absl::string_view drive, const std::string& owner);
  // What is in the drive goes back into its slot, and `disc` into the drive. FAILED_PRECONDITION:
  // as both.
  Planned PrepareExchange(absl::string_view disc, absl::string_view drive,
                          const std::string& owner);
  // From a slot or a drive into `slot`. FAILED_PRECONDITION: the disc is elsewhere, or the slot is
  // taken.
  Planned PrepareMove(absl::string_view disc, absl::string_view slot, const std::string& owner);
  // From an import/export slot into `slot`, or into the first free one if that is empty.
  // FAILED_PRECONDITION: it is empty or lets nothing in, or there is no room.
  Planned PrepareImport(absl::string_view import_export_slot, absl::string_view slot);
  // And out, from a slot. FAILED_PRECONDITION: the disc is in no slot, or there is no way out.
  Planned PrepareExport(absl::string_view disc, absl::string_view import_export_slot);

 private:
  friend class DiscMove;
  static std::string IdOf(const DiscPlace* disc) { return disc == nullptr ? "" : disc->id; }

  // UNAVAILABLE (CHANGER_FAILURE) unless the inventory is of the last reading.
  absl::Status CheckInventory() const;
  // With the arm held.
  absl::Status ReadElements() ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<std::optional<ElementAddress>> DriveElements() const;
  // Of a disc that has come into a drive or left it.
  void RememberHome(const MoveLeg& leg) ABSL_LOCKS_EXCLUDED(mutex_);
  // Finds the drive and sees that it works.
  absl::StatusOr<const DrivePlace*> FindDrive(absl::string_view drive) const;
  // NOT_FOUND, UNAVAILABLE as above.
  absl::StatusOr<DiscPlace> FindDisc(absl::string_view disc) const;
  absl::StatusOr<MoveEnd> FindSlot(absl::string_view slot) const;
  absl::StatusOr<MoveLeg> PlanLoad(absl::string_view disc, const DrivePlace& drive) const;
  absl::StatusOr<MoveLeg> PlanUnload(const DrivePlace& drive) const;
  Planned NewMove(std::vector<MoveLeg> legs, const DrivePlace* drive, DriveLease lease);

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
