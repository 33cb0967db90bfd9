#include "server/library/robot_view.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "hal/mmc/profile.h"
#include "server/errors/errors.h"

namespace carousel {
namespace {

DriveCondition ConditionOf(DriveSnapshot::State state) {
  switch (state) {
    case DriveSnapshot::State::kOpening:
      return DriveCondition::kNotYetKnown;
    case DriveSnapshot::State::kEmpty:
      return DriveCondition::kEmpty;
    case DriveSnapshot::State::kNotReady:
      return DriveCondition::kNotReady;
    case DriveSnapshot::State::kReady:
      return DriveCondition::kReady;
    case DriveSnapshot::State::kFailed:
      return DriveCondition::kFailed;
  }
  return DriveCondition::kNotYetKnown;
}

DriveView ViewOf(const DrivePlace& place, const Inventory& inventory) {
  const DriveSnapshot snapshot = place.station->snapshot();
  DriveView view{.id = place.id,
                 .condition = ConditionOf(snapshot.state),
                 .reason = std::string(snapshot.reason.message()),
                 .vendor = snapshot.identity.vendor,
                 .product = snapshot.identity.product,
                 .revision = snapshot.identity.revision,
                 .serial = snapshot.identity.serial,
                 .generation = snapshot.generation.value(),
                 .owner = snapshot.owner};
  if (snapshot.state == DriveSnapshot::State::kReady)
    view.profile = std::string(mmc::ProfileName(snapshot.profile));
  if (const DiscPlace* disc = inventory.InDrive(place.id)) {
    view.disc = disc->id;
    view.home_slot = disc->home_slot;
  }
  return view;
}

SlotView ViewOf(const SlotPlace& place, const Inventory& inventory) {
  const DiscPlace* disc = inventory.InSlot(place.id);
  return {.id = place.id, .disc = disc == nullptr ? "" : disc->id};
}

ImportExportSlotView ImportExportViewOf(const SlotPlace& place, const Inventory& inventory) {
  const DiscPlace* const disc = inventory.InImportExportSlot(place.id);
  ImportExportSlotView view{.id = place.id, .disc = disc == nullptr ? "" : disc->id};
  if (const Element* element = inventory.ImportExportElement(place.id)) {
    view.placed_by_operator = element->placed_by_operator;
    view.can_import = element->can_import;
    view.can_export = element->can_export;
    view.accessible = element->accessible;
  }
  return view;
}

}  // namespace

std::vector<DriveView> RobotView::Drives(size_t first, size_t limit) const {
  const std::shared_ptr<const Inventory> inventory = library_->inventory();
  std::vector<DriveView> views;
  for (size_t i = first; i < drive_count() && views.size() < limit; ++i)
    views.push_back(ViewOf(robot_->drives()[i], *inventory));
  return views;
}

std::vector<SlotView> RobotView::Slots(size_t first, size_t limit) const {
  const std::shared_ptr<const Inventory> inventory = library_->inventory();
  std::vector<SlotView> views;
  for (size_t i = first; i < slot_count() && views.size() < limit; ++i)
    views.push_back(ViewOf(robot_->slots()[i], *inventory));
  return views;
}

std::vector<ImportExportSlotView> RobotView::ImportExportSlots(size_t first, size_t limit) const {
  const std::shared_ptr<const Inventory> inventory = library_->inventory();
  std::vector<ImportExportSlotView> views;
  for (size_t i = first; i < import_export_slot_count() && views.size() < limit; ++i)
    views.push_back(ImportExportViewOf(robot_->import_export_slots()[i], *inventory));
  return views;
}

std::vector<DiscPlace> RobotView::Discs(size_t first, size_t limit) const {
  const std::shared_ptr<const Inventory> inventory = library_->inventory();
  std::vector<DiscPlace> discs;
  for (size_t i = first; i < inventory->discs().size() && discs.size() < limit; ++i)
    discs.push_back(inventory->discs()[i]);
  return discs;
}

absl::StatusOr<DriveView> RobotView::Drive(absl::string_view id) const {
  const DrivePlace* place = robot_->FindDrive(id);
  if (place == nullptr) return NotFoundError("carousel.dev/Drive", absl::StrCat("drives/", id));
  return ViewOf(*place, *library_->inventory());
}

absl::StatusOr<SlotView> RobotView::Slot(absl::string_view id) const {
  const SlotPlace* place = robot_->FindSlot(id);
  if (place == nullptr) return NotFoundError("carousel.dev/Slot", absl::StrCat("slots/", id));
  return ViewOf(*place, *library_->inventory());
}

absl::StatusOr<ImportExportSlotView> RobotView::ImportExportSlot(absl::string_view id) const {
  const SlotPlace* place = robot_->FindImportExportSlot(id);
  if (place == nullptr)
    return NotFoundError("carousel.dev/ImportExportSlot", absl::StrCat("importExportSlots/", id));
  return ImportExportViewOf(*place, *library_->inventory());
}

std::string RobotView::ArmDisc() const {
  const std::shared_ptr<const Inventory> inventory = library_->inventory();
  const DiscPlace* const disc = inventory->InArm();
  return disc == nullptr ? "" : disc->id;
}

std::string RobotView::ChangerReason() const {
  return std::string(library_->inventory_status().message());
}

}  // namespace carousel
