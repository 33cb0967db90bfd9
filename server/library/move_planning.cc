// Library's moves before the arm is asked: whether the inventory allows them, and who has the
// drive.
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/library/library.h"

namespace carousel {
namespace {

absl::Status Refusal(absl::string_view message, std::map<std::string, std::string> metadata) {
  return ChangerFailureError(absl::StatusCode::kFailedPrecondition, message, std::move(metadata));
}

// `place` ("slots/slot1") holds `other`. `key`: what kind of place it is, in metadata.
absl::Status Taken(absl::string_view key, absl::string_view place, const DiscPlace& other) {
  return Refusal(
      absl::StrCat(place, " holds discs/", other.id),
      {{std::string(key), std::string(place)}, {"disc", absl::StrCat("discs/", other.id)}});
}

absl::Status NotThere(const DiscPlace& disc, absl::string_view wanted) {
  const std::string location = disc.Location();
  return Refusal(absl::StrCat("discs/", disc.id, " is in no ", wanted,
                              location.empty() ? "" : absl::StrCat(" but in ", location)),
                 {{"disc", absl::StrCat("discs/", disc.id)}, {"location", location}});
}

absl::StatusOr<DriveLease> LeaseOf(const DrivePlace& drive, const std::string& owner) {
  absl::StatusOr<DriveLease> lease = drive.station->Lease(owner);
  if (lease.ok()) return lease;
  // Whoever has it may have given it back meanwhile; then the client simply comes again.
  const std::string holder = drive.station->snapshot().owner;
  return imapi::MakeError(
      imapi::Hresult::E_IMAPI_RECORDER_LOCKED,
      absl::StrCat("drives/", drive.id, " is in use by ", holder.empty() ? "another" : holder),
      {{"drive", absl::StrCat("drives/", drive.id)}, {"owner", holder}});
}

MoveEnd SlotEnd(const SlotPlace& slot) { return {MoveEnd::Kind::kSlot, slot.id, slot.element}; }

MoveEnd ImportExportEnd(const SlotPlace& slot) {
  return {MoveEnd::Kind::kImportExportSlot, slot.id, slot.element};
}

// The drive was in an element when it was found; where it is now the move looks.
MoveEnd DriveEnd(const Robot& robot, const DrivePlace& drive) {
  return {MoveEnd::Kind::kDrive, drive.id,
          robot.DriveElement(drive.id).value_or(ElementAddress(0))};
}

// A changer that sets neither bit tells nothing by them.
bool LetsIn(const Element& element) { return element.can_import || !element.can_export; }
bool LetsOut(const Element& element) { return element.can_export || !element.can_import; }

}  // namespace

absl::StatusOr<const DrivePlace*> Library::FindDrive(absl::string_view drive) const {
  const DrivePlace* place = robot_->FindDrive(drive);
  if (place == nullptr) return NotFoundError("carousel.dev/Drive", absl::StrCat("drives/", drive));
  const DriveSnapshot now = place->station->snapshot();
  if (now.state == DriveSnapshot::State::kFailed) {
    return imapi::WithMetadata(
        Annotate(imapi::FromDevice(now.reason), absl::StrCat("drives/", drive)), "drive",
        absl::StrCat("drives/", drive));
  }
  if (!robot_->DriveElement(drive).has_value()) {
    return imapi::MakeError(imapi::Hresult::E_IMAPI_RECORDER_MEDIA_BECOMING_READY,
                            absl::StrCat("drives/", drive, " has not answered yet"),
                            {{"drive", absl::StrCat("drives/", drive)}});
  }
  return place;
}

absl::StatusOr<DiscPlace> Library::FindDisc(absl::string_view disc) const {
  const std::shared_ptr<const Inventory> now = inventory();
  if (const DiscPlace* found = now->Find(disc); found != nullptr) return *found;
  RETURN_IF_ERROR(CheckInventory());
  return NotFoundError("carousel.dev/Disc", absl::StrCat("discs/", disc));
}

// The slot `slot`, which has to be free.
absl::StatusOr<MoveEnd> Library::FindSlot(absl::string_view slot) const {
  const SlotPlace* const place = robot_->FindSlot(slot);
  if (place == nullptr) return NotFoundError("carousel.dev/Slot", absl::StrCat("slots/", slot));
  MoveEnd end = SlotEnd(*place);
  const std::shared_ptr<const Inventory> now = inventory();
  if (const DiscPlace* other = now->InSlot(slot); other != nullptr)
    return Taken("slot", end.Name(), *other);
  return end;
}

absl::StatusOr<MoveLeg> Library::PlanLoad(absl::string_view disc, const DrivePlace& drive) const {
  ASSIGN_OR_RETURN(const DiscPlace found, FindDisc(disc));
  const SlotPlace* const slot = robot_->FindSlot(found.slot);
  if (slot == nullptr) return NotThere(found, "slot");
  return MoveLeg{found.id, found.barcode, SlotEnd(*slot), DriveEnd(*robot_, drive)};
}

absl::StatusOr<MoveLeg> Library::PlanUnload(const DrivePlace& drive) const {
  const std::shared_ptr<const Inventory> now = inventory();
  const DiscPlace* const disc = now->InDrive(drive.id);
  const std::string drive_name = absl::StrCat("drives/", drive.id);
  if (disc == nullptr) {
    RETURN_IF_ERROR(CheckInventory());
    return Refusal(absl::StrCat(drive_name, " is empty"), {{"drive", drive_name}});
  }
  const SlotPlace* const home = robot_->FindSlot(disc->home_slot);
  if (home == nullptr) {
    return Refusal(absl::StrCat("the slot that discs/", disc->id,
                                " came from is not known; MoveDisc takes it to another"),
                   {{"drive", drive_name}, {"disc", absl::StrCat("discs/", disc->id)}});
  }
  if (const DiscPlace* other = now->InSlot(home->id); other != nullptr) {
    return Refusal(absl::StrCat("slots/", home->id, ", the home of discs/", disc->id,
                                ", holds discs/", other->id),
                   {{"drive", drive_name},
                    {"slot", absl::StrCat("slots/", home->id)},
                    {"disc", absl::StrCat("discs/", other->id)}});
  }
  return MoveLeg{disc->id, disc->barcode, DriveEnd(*robot_, drive), SlotEnd(*home)};
}

Library::Planned Library::NewMove(std::vector<MoveLeg> legs, const DrivePlace* drive,
                                  DriveLease lease) {
  return absl::WrapUnique(new DiscMove(this, std::move(legs), drive, std::move(lease)));
}

Library::Planned Library::PrepareLoad(absl::string_view disc, absl::string_view drive,
                                      const std::string& owner) {
  ASSIGN_OR_RETURN(const DrivePlace* place, FindDrive(drive));
  RETURN_IF_ERROR(FindDisc(disc).status());
  ASSIGN_OR_RETURN(DriveLease lease, LeaseOf(*place, owner));
  const std::shared_ptr<const Inventory> now = inventory();
  if (const DiscPlace* other = now->InDrive(drive); other != nullptr)
    return Taken("drive", absl::StrCat("drives/", drive), *other);
  ASSIGN_OR_RETURN(MoveLeg leg, PlanLoad(disc, *place));
  return NewMove({std::move(leg)}, place, std::move(lease));
}

Library::Planned Library::PrepareUnload(absl::string_view drive, const std::string& owner) {
  ASSIGN_OR_RETURN(const DrivePlace* place, FindDrive(drive));
  ASSIGN_OR_RETURN(DriveLease lease, LeaseOf(*place, owner));
  ASSIGN_OR_RETURN(MoveLeg leg, PlanUnload(*place));
  return NewMove({std::move(leg)}, place, std::move(lease));
}

Library::Planned Library::PrepareExchange(absl::string_view disc, absl::string_view drive,
                                          const std::string& owner) {
  ASSIGN_OR_RETURN(const DrivePlace* place, FindDrive(drive));
  RETURN_IF_ERROR(FindDisc(disc).status());
  ASSIGN_OR_RETURN(DriveLease lease, LeaseOf(*place, owner));
  ASSIGN_OR_RETURN(MoveLeg unload, PlanUnload(*place));
  ASSIGN_OR_RETURN(MoveLeg load, PlanLoad(disc, *place));
  return NewMove({std::move(unload), std::move(load)}, place, std::move(lease));
}

Library::Planned Library::PrepareMove(absl::string_view disc, absl::string_view slot,
                                      const std::string& owner) {
  ASSIGN_OR_RETURN(const DiscPlace found, FindDisc(disc));
  ASSIGN_OR_RETURN(MoveEnd to, FindSlot(slot));
  if (!found.drive.empty()) {
    ASSIGN_OR_RETURN(const DrivePlace* place, FindDrive(found.drive));
    ASSIGN_OR_RETURN(DriveLease lease, LeaseOf(*place, owner));
    return NewMove({{found.id, found.barcode, DriveEnd(*robot_, *place), std::move(to)}}, place,
                   std::move(lease));
  }
  const SlotPlace* const from = robot_->FindSlot(found.slot);
  if (from == nullptr) return NotThere(found, "slot or drive");
  return NewMove({{found.id, found.barcode, SlotEnd(*from), std::move(to)}}, nullptr, {});
}

Library::Planned Library::PrepareImport(absl::string_view import_export_slot,
                                        absl::string_view slot) {
  const SlotPlace* const from = robot_->FindImportExportSlot(import_export_slot);
  const std::string name = absl::StrCat("importExportSlots/", import_export_slot);
  if (from == nullptr) return NotFoundError("carousel.dev/ImportExportSlot", name);
  const std::shared_ptr<const Inventory> now = inventory();
  const DiscPlace* const disc = now->InImportExportSlot(import_export_slot);
  if (disc == nullptr) {
    RETURN_IF_ERROR(CheckInventory());
    return Refusal(absl::StrCat(name, " was empty at the last inventory"),
                   {{"import_export_slot", name}});
  }
  if (const Element* element = now->ImportExportElement(import_export_slot);
      element != nullptr && !LetsIn(*element))
    return Refusal(absl::StrCat(name, " lets discs out only"), {{"import_export_slot", name}});
  std::string destination(slot);
  if (destination.empty()) {
    const auto& slots = robot_->slots();
    // Nor the home of a disc that is in a drive.
    const auto free = std::find_if(slots.begin(), slots.end(), [&](const SlotPlace& place) {
      return std::none_of(now->discs().begin(), now->discs().end(),
                          [&](const DiscPlace& other) { return other.home_slot == place.id; });
    });
    if (free == slots.end())
      return Refusal("all slots are taken", {{"disc", absl::StrCat("discs/", disc->id)}});
    destination = free->id;
  }
  ASSIGN_OR_RETURN(MoveEnd to, FindSlot(destination));
  return NewMove({{disc->id, disc->barcode, ImportExportEnd(*from), std::move(to)}}, nullptr, {});
}

Library::Planned Library::PrepareExport(absl::string_view disc,
                                        absl::string_view import_export_slot) {
  ASSIGN_OR_RETURN(const DiscPlace found, FindDisc(disc));
  const SlotPlace* const from = robot_->FindSlot(found.slot);
  if (from == nullptr) return NotThere(found, "slot");
  const std::shared_ptr<const Inventory> now = inventory();
  const auto lets_out = [&](const SlotPlace& place) {
    const Element* const element = now->ImportExportElement(place.id);
    return element == nullptr || LetsOut(*element);
  };
  const SlotPlace* to = nullptr;
  if (import_export_slot.empty()) {
    for (const SlotPlace& place : robot_->import_export_slots()) {
      if (to == nullptr && lets_out(place) && now->InImportExportSlot(place.id) == nullptr)
        to = &place;
    }
    if (to == nullptr)
      return Refusal("no import/export slot is free that lets discs out",
                     {{"disc", absl::StrCat("discs/", found.id)}});
  } else {
    const std::string name = absl::StrCat("importExportSlots/", import_export_slot);
    to = robot_->FindImportExportSlot(import_export_slot);
    if (to == nullptr) return NotFoundError("carousel.dev/ImportExportSlot", name);
    if (const DiscPlace* other = now->InImportExportSlot(to->id); other != nullptr)
      return Taken("import_export_slot", name, *other);
    if (!lets_out(*to))
      return Refusal(absl::StrCat(name, " lets discs in only"), {{"import_export_slot", name}});
  }
  return NewMove({{found.id, found.barcode, SlotEnd(*from), ImportExportEnd(*to)}}, nullptr, {});
}

}  // namespace carousel
