#include "hal/robot/matched_robot.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "hal/base/status_macros.h"
#include "hal/robot/load_probe.h"

namespace carousel {
namespace {

std::string NameOf(const Element& element) {
  if (!element.drive_serial.empty()) return element.drive_serial;
  return element.drive_id.has_value() ? element.drive_id->ToString() : "no serial number";
}

// "element 256 has VIRTUAL-0, element 257 has no serial number".
std::string DescribeDriveElements(const std::vector<Element>& elements) {
  std::vector<std::string> known;
  for (const Element& element : elements) {
    if (element.type != ElementType::kDrive) continue;
    known.push_back(absl::StrCat("element ", element.address.value(), " has ", NameOf(element)));
  }
  return known.empty() ? "it has no drive elements" : absl::StrJoin(known, ", ");
}

// Whether the changer speaks of this drive: by its serial number, or by another of its names.
bool Names(const Element& element, const std::string& serial, const std::vector<DeviceId>& ids) {
  if (element.type != ElementType::kDrive) return false;
  if (!serial.empty() && element.drive_serial == serial) return true;
  return element.drive_id.has_value() &&
         std::find(ids.begin(), ids.end(), *element.drive_id) != ids.end();
}

}  // namespace

MatchedRobot::MatchedRobot(std::vector<Device> devices, std::vector<SlotPlace> slots,
                           std::vector<SlotPlace> import_export_slots, Changer* changer,
                           DriveStation::Options options, Clock* probe_clock)
    : slots_(std::move(slots)),
      import_export_slots_(std::move(import_export_slots)),
      changer_(changer),
      probe_clock_(probe_clock) {
  for (Device& device : devices) {
    std::string id = device.id;
    stations_.push_back(std::make_unique<DriveStation>(
        id,
        [this, device = std::move(device)](MediaGeneration first) {
          return OpenMatched(device, first);
        },
        options));
    drives_.push_back({std::move(id), stations_.back().get()});
  }
}

MatchedRobot::~MatchedRobot() = default;

std::optional<ElementAddress> MatchedRobot::DriveElement(absl::string_view id) const {
  MutexLock lock(&mutex_);
  const auto found = elements_.find(id);
  if (found == elements_.end()) return std::nullopt;
  return found->second;
}

absl::StatusOr<std::unique_ptr<Drive>> MatchedRobot::OpenMatched(const Device& device,
                                                                 MediaGeneration first) {
  ASSIGN_OR_RETURN(std::unique_ptr<Drive> drive, device.open(first));
  RETURN_IF_ERROR(Match(device.id, *drive));
  return drive;
}

absl::Status MatchedRobot::Match(const std::string& id, Drive& drive) {
  ASSIGN_OR_RETURN(const DriveIdentity identity, drive.Identify());
  ASSIGN_OR_RETURN(const std::vector<DeviceId> ids, drive.ReadDeviceIds());
  // From the look at the elements to the end of a probe the arm is ours.
  MutexLock arm(&arm_mutex());
  ASSIGN_OR_RETURN(const std::vector<Element> elements, changer_->ReadElements());
  Forget(id);
  const Element* found = nullptr;
  for (const Element& element : elements) {
    if (!Names(element, identity.serial, ids)) continue;
    if (found != nullptr) {
      return absl::FailedPreconditionError(absl::StrCat(
          "the changer has serial number ", NameOf(element), " of ", id, " in element ",
          found->address.value(), " and in element ", element.address.value()));
    }
    found = &element;
  }
  if (found != nullptr) return Remember(id, identity.serial, found->address);
  const std::vector<ElementAddress> nameless = NamelessElements(elements);
  // Without a serial number what was found could not be kept, and each time that the drive is
  // opened the arm would begin anew.
  const bool may_probe = probe_clock_ != nullptr && !identity.serial.empty();
  if (!nameless.empty() && may_probe) return Probe(id, identity.serial, drive, nameless);
  if (identity.serial.empty() && ids.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(id, " tells no serial number, so nobody knows in which element it is"));
  }
  return absl::FailedPreconditionError(
      absl::StrCat("the changer knows no drive with serial number ", identity.serial, " of ", id,
                   ": ", DescribeDriveElements(elements)));
}

// Drive elements that the changer tells nothing of and no drive was found in.
std::vector<ElementAddress> MatchedRobot::NamelessElements(
    const std::vector<Element>& elements) const {
  MutexLock lock(&mutex_);
  std::vector<ElementAddress> nameless;
  for (const Element& element : elements) {
    if (element.type != ElementType::kDrive || element.drive_id.has_value() ||
        !element.drive_serial.empty())
      continue;
    const bool taken = std::any_of(elements_.begin(), elements_.end(), [&](const auto& known) {
      return known.second == element.address;
    });
    if (!taken) nameless.push_back(element.address);
  }
  return nameless;
}

absl::Status MatchedRobot::Probe(const std::string& id, const std::string& serial, Drive& drive,
                                 const std::vector<ElementAddress>& candidates) {
  std::optional<ElementAddress> known;
  {
    MutexLock lock(&mutex_);
    const auto probed = probed_.find(serial);
    if (probed != probed_.end()) known = probed->second;
    // What has moved discs about once without success is not done again by itself.
    const auto failed = failed_probes_.find(id);
    if (failed != failed_probes_.end()) return failed->second;
  }
  if (known.has_value() &&
      std::find(candidates.begin(), candidates.end(), *known) != candidates.end())
    return Remember(id, serial, *known);
  std::vector<ElementAddress> slots;
  for (const SlotPlace& slot : slots_) slots.push_back(slot.element);
  LoadProbe probe(&drive, changer_, probe_clock_, slots);
  const absl::StatusOr<ElementAddress> found = probe.Run(candidates);
  if (found.ok()) {
    MutexLock lock(&mutex_);
    probed_[serial] = *found;
  } else if (probe.has_moved() && !absl::IsUnavailable(found.status())) {
    MutexLock lock(&mutex_);
    failed_probes_.emplace(id, found.status());
  }
  RETURN_IF_ERROR(found.status());
  return Remember(id, serial, *found);
}

void MatchedRobot::Forget(const std::string& id) {
  MutexLock lock(&mutex_);
  elements_.erase(id);
}

absl::Status MatchedRobot::Remember(const std::string& id, const std::string& serial,
                                    ElementAddress element) {
  MutexLock lock(&mutex_);
  for (const auto& [other, address] : elements_) {
    if (address != element) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        id, " and ", other, " both have serial number ", serial, ": one device, two drives"));
  }
  elements_.emplace(id, element);
  return absl::OkStatus();
}

}  // namespace carousel
