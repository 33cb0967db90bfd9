// Drives, slots and discs as clients see them: what the stations and the inventory know, without
// asking a device.
#ifndef SERVER_LIBRARY_ROBOT_VIEW_H_
#define SERVER_LIBRARY_ROBOT_VIEW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/robot/robot.h"
#include "server/library/inventory.h"
#include "server/library/library.h"

namespace carousel {

enum class DriveCondition : uint8_t { kNotYetKnown, kEmpty, kNotReady, kReady, kFailed };

struct DriveView {
  std::string id;
  DriveCondition condition = DriveCondition::kNotYetKnown;
  std::string reason;  // why it is not ready, for people
  std::string vendor;
  std::string product;
  std::string revision;
  std::string serial;
  std::string disc;       // id; empty if none or not known
  std::string home_slot;  // id
  std::string profile;    // by name; empty unless ready
  uint64_t generation = 0;
  std::string owner;  // "operations/{id}"; empty if it is free

  bool operator==(const DriveView&) const = default;
};

struct SlotView {
  std::string id;
  std::string disc;  // id; empty if there is none

  bool operator==(const SlotView&) const = default;
};

struct ImportExportSlotView {
  std::string id;
  std::string disc;  // id; empty if there is none
  bool placed_by_operator = false;
  bool can_import = false;
  bool can_export = false;
  bool accessible = false;

  bool operator==(const ImportExportSlotView&) const = default;
};

// Thread-safe. What it is given must outlive it.
class RobotView {
 public:
  RobotView(const Robot* robot, const Library* library) : robot_(robot), library_(library) {}

  // In the order of configuration, from the index `first` on, at most `limit`.
  std::vector<DriveView> Drives(size_t first, size_t limit) const;
  std::vector<SlotView> Slots(size_t first, size_t limit) const;
  std::vector<ImportExportSlotView> ImportExportSlots(size_t first, size_t limit) const;
  // By id.
  std::vector<DiscPlace> Discs(size_t first, size_t limit) const;
  // NOT_FOUND.
  absl::StatusOr<DriveView> Drive(absl::string_view id) const;
  absl::StatusOr<SlotView> Slot(absl::string_view id) const;
  absl::StatusOr<ImportExportSlotView> ImportExportSlot(absl::string_view id) const;
  // The id of the disc that the arm holds; empty if none or not known.
  std::string ArmDisc() const;
  // Why the changer did not answer when it was last asked, for people; empty if it did.
  std::string ChangerReason() const;

  size_t drive_count() const { return robot_->drives().size(); }
  size_t slot_count() const { return robot_->slots().size(); }
  size_t import_export_slot_count() const { return robot_->import_export_slots().size(); }
  size_t disc_count() const { return library_->inventory()->discs().size(); }

 private:
  const Robot* const robot_;
  const Library* const library_;
};

}  // namespace carousel

#endif  // SERVER_LIBRARY_ROBOT_VIEW_H_
