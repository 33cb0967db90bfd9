#include "hal/virtual_robot/virtual_changer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "hal/scsi/sense.h"

namespace carousel::virtual_robot {
namespace {

using scsi::Sense;
using scsi::SenseKey;

constexpr uint8_t kMoveMedium = 0xA5;  // SMC-3 6.5
// A swap takes real arms 4 to 30 s, by the data sheets of disc libraries; this one is in between.
constexpr absl::Duration kReach = absl::Seconds(3);  // to an element and back into its hands
constexpr absl::Duration kScan = absl::Seconds(1);   // the bar code at the destination
// How long READ ELEMENT STATUS is waited for.
constexpr absl::Duration kReadTimeout = absl::Seconds(10);

Sense Make(SenseKey key, uint8_t asc, uint8_t ascq) {
  Sense sense;
  sense.key = key;
  sense.asc = asc;
  sense.ascq = ascq;
  return sense;
}

absl::Status Refuse(uint8_t asc, uint8_t ascq, absl::string_view why) {
  return scsi::SenseStatus(Make(SenseKey::kIllegalRequest, asc, ascq), kMoveMedium,
                           absl::StrCat("arm: ", why));
}

ElementAddress AddressOf(const Place& place) {
  switch (place.kind) {
    case Place::Kind::kSlot:
      return ElementAddress(static_cast<uint16_t>(kFirstSlotElement + place.number - 1));
    case Place::Kind::kDrive:
      return ElementAddress(static_cast<uint16_t>(kFirstDriveElement + place.number - 1));
    case Place::Kind::kPicker:
      break;
  }
  return kPickerElement;
}

Element Describe(const Locations& locations, const Place& place, ElementType type) {
  Element element{.address = AddressOf(place), .type = type};
  const std::optional<std::string> disc = locations.In(place);
  if (!disc.has_value()) return element;
  element.full = true;
  element.barcode = *disc;
  const std::optional<int> home = locations.Find(*disc)->home_slot;
  if (home.has_value()) {
    element.source = AddressOf(Place{.kind = Place::Kind::kSlot, .number = *home});
  }
  return element;
}

constexpr Place kPicker = {.kind = Place::Kind::kPicker, .number = 0};

}  // namespace

VirtualChanger::VirtualChanger(DiscStore store, int slots,
                               std::vector<std::shared_ptr<VirtualDrive>> drives,
                               MoveFaultPlan faults, Clock* clock)
    : store_(std::move(store)),
      slots_(slots),
      drives_(std::move(drives)),
      faults_(std::move(faults)),
      clock_(clock) {}

absl::StatusOr<std::vector<Element>> VirtualChanger::ReadElements() {
  if (!faults_.NextReadIsAnswered()) {
    clock_->SleepFor(kReadTimeout);
    return absl::DeadlineExceededError("arm: no answer to READ ELEMENT STATUS");
  }
  ASSIGN_OR_RETURN(const Locations locations, store_.ReadLocations());
  std::vector<Element> elements = {Describe(locations, kPicker, ElementType::kPicker)};
  for (size_t i = 0; i < drives_.size(); ++i) {
    elements.push_back(
        Describe(locations, {Place::Kind::kDrive, static_cast<int>(i + 1)}, ElementType::kDrive));
    elements.back().drive_serial = drives_[i]->serial();
  }
  for (int slot = 1; slot <= slots_; ++slot) {
    elements.push_back(Describe(locations, {Place::Kind::kSlot, slot}, ElementType::kSlot));
  }
  return elements;
}

std::optional<Place> VirtualChanger::PlaceAt(ElementAddress address) const {
  const int drive = address.value() - kFirstDriveElement + 1;
  const int slot = address.value() - kFirstSlotElement + 1;
  if (address == kPickerElement) return kPicker;
  if (slot >= 1 && slot <= slots_) return Place{.kind = Place::Kind::kSlot, .number = slot};
  if (drive >= 1 && drive <= static_cast<int>(drives_.size())) {
    return Place{.kind = Place::Kind::kDrive, .number = drive};
  }
  return std::nullopt;
}

absl::Status VirtualChanger::CheckMove(const Locations& locations, const Place& source,
                                       const Place& destination) const {
  if (!locations.In(source).has_value()) {
    return Refuse(0x3B, 0x0E, absl::StrCat(PlaceName(source), " is empty"));
  }
  if (locations.In(destination).has_value()) {
    return Refuse(0x3B, 0x0D, absl::StrCat(PlaceName(destination), " is full"));
  }
  if (source != kPicker && locations.In(kPicker).has_value()) {
    return Refuse(0x3B, 0x0D, "the picker holds a disc");
  }
  if (source.kind == Place::Kind::kDrive) {
    const absl::Status released = drives_[source.number - 1]->CheckReleased();
    if (!released.ok()) return Refuse(0x53, 0x02, released.message());
  }
  if (destination.kind == Place::Kind::kDrive) {
    const absl::Status can_take = drives_[destination.number - 1]->CheckCanTake();
    if (!can_take.ok()) return Refuse(0x3B, 0x11, can_take.message());
  }
  return absl::OkStatus();
}

absl::Status VirtualChanger::Take(const Place& source) {
  if (source.kind == Place::Kind::kDrive) {
    RETURN_IF_ERROR(drives_[source.number - 1]->Remove());
  }
  return store_.UpdateLocations([&](Locations& locations) {
    const std::optional<std::string> disc = locations.In(source);
    if (!disc.has_value()) return absl::AbortedError("the disc was taken away meanwhile");
    Placement placement{.place = kPicker, .home_slot = locations.Find(*disc)->home_slot};
    if (source.kind == Place::Kind::kSlot) placement.home_slot = source.number;
    return locations.Put(*disc, placement);
  });
}

absl::Status VirtualChanger::Put(const Place& destination) {
  std::string barcode;
  RETURN_IF_ERROR(store_.UpdateLocations([&](Locations& locations) {
    const std::optional<std::string> disc = locations.In(kPicker);
    if (!disc.has_value()) return absl::AbortedError("the disc was taken away meanwhile");
    barcode = *disc;
    Placement placement{.place = destination};
    if (destination.kind == Place::Kind::kDrive) {
      placement.home_slot = locations.Find(barcode)->home_slot;
    }
    return locations.Put(barcode, placement);
  }));
  if (destination.kind == Place::Kind::kDrive) {
    return drives_[destination.number - 1]->Insert(barcode);
  }
  return absl::OkStatus();
}

MoveResult VirtualChanger::Fail(MoveOutcome outcome, const Sense& sense) {
  return {.outcome = outcome, .status = scsi::SenseStatus(sense, kMoveMedium, "arm")};
}

MoveResult VirtualChanger::Carry(const Place& source, const Place& destination,
                                 const MoveFault* fault) {
  const auto meets = [fault](MoveFault::Kind kind) {
    return fault != nullptr && fault->kind == kind;
  };
  clock_->SleepFor(kReach);
  if (meets(MoveFault::Kind::kStuck)) {
    return Fail(MoveOutcome::kStillAtSource, Make(SenseKey::kHardwareError, 0x53, 0x00));
  }
  if (source != kPicker) {
    const absl::Status taken = Take(source);
    if (!taken.ok()) return {.outcome = MoveOutcome::kUnknown, .status = taken};
  }
  if (meets(MoveFault::Kind::kGripper)) {
    return Fail(MoveOutcome::kInGripper, Make(SenseKey::kHardwareError, 0x15, 0x01));
  }
  clock_->SleepFor(kReach);
  if (destination != kPicker) {
    const absl::Status put = Put(destination);
    if (!put.ok()) return {.outcome = MoveOutcome::kUnknown, .status = put};
  }
  clock_->SleepFor(kScan);
  if (meets(MoveFault::Kind::kWrongBarcode)) {
    // Vendors' code for a label that is not the expected one.
    return Fail(MoveOutcome::kUnknown, Make(SenseKey::kHardwareError, 0x83, 0x00));
  }
  if (meets(MoveFault::Kind::kHang)) {
    return {.outcome = MoveOutcome::kUnknown,
            .status = absl::DeadlineExceededError("arm: no answer to MOVE MEDIUM")};
  }
  return {.outcome = MoveOutcome::kMoved, .status = absl::OkStatus()};
}

MoveResult VirtualChanger::Move(ElementAddress source, ElementAddress destination) {
  const std::optional<Place> from = PlaceAt(source);
  const std::optional<Place> to = PlaceAt(destination);
  const auto nothing_moved = [](absl::Status status) {
    return MoveResult{.outcome = MoveOutcome::kStillAtSource, .status = std::move(status)};
  };
  const MoveFault* fault = faults_.Next();
  if (!from.has_value() || !to.has_value()) {
    return nothing_moved(Refuse(0x21, 0x01, "no such element"));
  }
  if (fault != nullptr && fault->kind == MoveFault::Kind::kNotReady) {
    return Fail(MoveOutcome::kStillAtSource, Make(SenseKey::kNotReady, 0x04, 0x01));
  }
  const absl::StatusOr<Locations> before = store_.ReadLocations();
  if (!before.ok()) return nothing_moved(before.status());
  const absl::Status allowed = CheckMove(*before, *from, *to);
  if (!allowed.ok()) return nothing_moved(allowed);
  const std::string barcode = *before->In(*from);
  MoveResult result = Carry(*from, *to, fault);
  if (result.outcome != MoveOutcome::kMoved) return result;
  // Done is what is seen, not what was ordered.
  const absl::StatusOr<Locations> after = store_.ReadLocations();
  if (!after.ok()) return {.outcome = MoveOutcome::kUnknown, .status = after.status()};
  if (after->In(*to) != barcode) {
    return Fail(MoveOutcome::kUnknown, Make(SenseKey::kHardwareError, 0x83, 0x00));
  }
  return result;
}

}  // namespace carousel::virtual_robot
