// Where the discs of a store are: slots, drives, import/export elements, the picker, or outside the
// robot. The text file of
// it is the robot's only memory of places (README.md, "Locations").
#ifndef HAL_VIRTUAL_ROBOT_LOCATIONS_H_
#define HAL_VIRTUAL_ROBOT_LOCATIONS_H_

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace carousel::virtual_robot {

struct Place {
  enum class Kind : uint8_t { kSlot, kDrive, kImportExport, kPicker };
  Kind kind = Kind::kSlot;
  // Slots, drives, import/export elements: from 1. The picker: 0.
  int number = 0;
  auto operator<=>(const Place&) const = default;
};
// "slot 3", "drive 1", "ie 1", "picker".
std::string PlaceName(const Place& place);

struct Placement {
  Place place;
  // The slot that the disc was taken from last, if it is not in one.
  std::optional<int> home_slot;
  bool operator==(const Placement&) const = default;
};

class Locations {
 public:
  // Places by bar code; a disc without an entry is outside the robot.
  const std::map<std::string, Placement>& discs() const { return discs_; }

  // Null if the disc is outside the robot.
  const Placement* Find(absl::string_view barcode) const;
  // The bar code of the disc in `place`; nothing if it is empty.
  std::optional<std::string> In(const Place& place) const;
  // Lowest slot number without a disc.
  int FreeSlot() const;

  // FAILED_PRECONDITION: another disc is there already.
  absl::Status Put(const std::string& barcode, const Placement& placement);
  void Remove(const std::string& barcode) { discs_.erase(barcode); }

  bool operator==(const Locations&) const = default;

 private:
  std::map<std::string, Placement> discs_;
};

// INVALID_ARGUMENT with the line's number: not understood, a disc or a place twice.
absl::StatusOr<Locations> ParseLocations(absl::string_view text);
std::string FormatLocations(const Locations& locations);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_LOCATIONS_H_
