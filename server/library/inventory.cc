#include "server/library/inventory.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace carousel {
namespace {

constexpr absl::string_view kUnlabelled = "unlabelled-";
// SMC-3 6.11.5: a volume tag has 36 bytes, 32 of them the bar code.
constexpr size_t kMaxBarcode = 36;

// Whether a bar code can stand in a resource name, and as nothing but a bar code.
bool IsResourceId(absl::string_view barcode) {
  return !barcode.empty() && barcode.size() <= kMaxBarcode && barcode != "." && barcode != ".." &&
         !absl::StartsWith(barcode, kUnlabelled) &&
         std::all_of(barcode.begin(), barcode.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
         });
}

// Configured ids by element.
class Names {
 public:
  explicit Names(const Robot& robot) {
    for (const SlotPlace& slot : robot.slots()) slots_[slot.element] = slot.id;
    for (const SlotPlace& slot : robot.import_export_slots())
      import_export_[slot.element] = slot.id;
    for (const DrivePlace& drive : robot.drives()) {
      const std::optional<ElementAddress> element = robot.DriveElement(drive.id);
      if (element.has_value()) drives_[*element] = drive.id;
    }
  }
  std::string Slot(ElementAddress element) const { return Find(slots_, element); }
  std::string Drive(ElementAddress element) const { return Find(drives_, element); }
  std::string ImportExport(ElementAddress element) const { return Find(import_export_, element); }

 private:
  static std::string Find(const std::map<ElementAddress, std::string>& names,
                          ElementAddress element) {
    const auto found = names.find(element);
    return found == names.end() ? "" : found->second;
  }

  std::map<ElementAddress, std::string> slots_;
  std::map<ElementAddress, std::string> drives_;
  std::map<ElementAddress, std::string> import_export_;
};

std::string HomeOf(const Element& element, const DiscPlace& place, const Names& names,
                   const std::map<std::string, std::string>& homes) {
  if (!place.slot.empty()) return place.slot;
  if (element.source.has_value()) {
    std::string source = names.Slot(*element.source);
    if (!source.empty()) return source;
  }
  const auto remembered = homes.find(place.drive);
  return remembered == homes.end() ? "" : remembered->second;
}

std::string UnlabelledId(const DiscPlace& place) {
  if (!place.home_slot.empty()) return absl::StrCat(kUnlabelled, place.home_slot);
  if (!place.drive.empty()) return absl::StrCat(kUnlabelled, place.drive);
  if (!place.import_export_slot.empty()) return absl::StrCat(kUnlabelled, place.import_export_slot);
  return absl::StrCat(kUnlabelled, "element-", place.element.value());
}

}  // namespace

std::string DiscPlace::Location() const {
  if (!slot.empty()) return absl::StrCat("slots/", slot);
  if (!drive.empty()) return absl::StrCat("drives/", drive);
  if (!import_export_slot.empty()) return absl::StrCat("importExportSlots/", import_export_slot);
  return in_arm ? "robot" : "";
}

Inventory::Inventory(absl::Span<const Element> elements, const Robot& robot,
                     const std::map<std::string, std::string>& homes) {
  const Names names(robot);
  std::map<std::string, int> seen;
  for (const Element& element : elements) {
    if (std::string port = names.ImportExport(element.address); !port.empty())
      import_export_.emplace(std::move(port), element);
    if (!element.full) continue;
    DiscPlace place{.barcode = element.barcode,
                    .slot = names.Slot(element.address),
                    .drive = names.Drive(element.address),
                    .import_export_slot = names.ImportExport(element.address),
                    .in_arm = element.type == ElementType::kPicker,
                    .element = element.address};
    place.home_slot = HomeOf(element, place, names, homes);
    ++seen[element.barcode];
    discs_.push_back(std::move(place));
  }
  for (DiscPlace& place : discs_) {
    const bool labelled = IsResourceId(place.barcode) && seen[place.barcode] == 1;
    place.id = labelled ? place.barcode : UnlabelledId(place);
  }
  std::sort(discs_.begin(), discs_.end(),
            [](const DiscPlace& a, const DiscPlace& b) { return a.id < b.id; });
}

const DiscPlace* Inventory::Find(absl::string_view disc) const {
  const auto found = std::find_if(discs_.begin(), discs_.end(),
                                  [disc](const DiscPlace& place) { return place.id == disc; });
  return found == discs_.end() ? nullptr : &*found;
}

const DiscPlace* Inventory::In(std::string DiscPlace::*place, absl::string_view id) const {
  if (id.empty()) return nullptr;
  const auto found = std::find_if(discs_.begin(), discs_.end(),
                                  [&](const DiscPlace& disc) { return disc.*place == id; });
  return found == discs_.end() ? nullptr : &*found;
}

const DiscPlace* Inventory::InSlot(absl::string_view slot) const {
  return In(&DiscPlace::slot, slot);
}

const DiscPlace* Inventory::InDrive(absl::string_view drive) const {
  return In(&DiscPlace::drive, drive);
}

const DiscPlace* Inventory::InImportExportSlot(absl::string_view slot) const {
  return In(&DiscPlace::import_export_slot, slot);
}

const DiscPlace* Inventory::InArm() const {
  const auto found =
      std::find_if(discs_.begin(), discs_.end(), [](const DiscPlace& disc) { return disc.in_arm; });
  return found == discs_.end() ? nullptr : &*found;
}

const Element* Inventory::ImportExportElement(absl::string_view slot) const {
  const auto found = import_export_.find(slot);
  return found == import_export_.end() ? nullptr : &found->second;
}

}  // namespace carousel
