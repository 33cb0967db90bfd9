#include "hal/robot/robot.h"

#include <algorithm>

namespace carousel {
namespace {

template <typename Place>
const Place* Find(const std::vector<Place>& places, absl::string_view id) {
  const auto found = std::find_if(places.begin(), places.end(),
                                  [id](const Place& place) { return place.id == id; });
  return found == places.end() ? nullptr : &*found;
}

}  // namespace

const DrivePlace* Robot::FindDrive(absl::string_view id) const { return Find(drives(), id); }

const SlotPlace* Robot::FindSlot(absl::string_view id) const { return Find(slots(), id); }

const SlotPlace* Robot::FindImportExportSlot(absl::string_view id) const {
  return Find(import_export_slots(), id);
}

}  // namespace carousel
