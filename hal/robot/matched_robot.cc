#include "hal/robot/matched_robot.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "hal/base/status_macros.h"

namespace carousel {
namespace {

// "element 256 has VIRTUAL-0, element 257 has no serial number".
std::string DescribeDriveElements(const std::vector<Element>& elements) {
  std::vector<std::string> known;
  for (const Element& element : elements) {
    if (element.type != ElementType::kDrive) continue;
    known.push_back(
        absl::StrCat("element ", element.address.value(), " has ",
                     element.drive_serial.empty() ? "no serial number" : element.drive_serial));
  }
  return known.empty() ? "it has no drive elements" : absl::StrJoin(known, ", ");
}

}  // namespace

MatchedRobot::MatchedRobot(std::vector<Device> devices, std::vector<SlotPlace> slots,
                           std::vector<SlotPlace> import_export_slots, Changer* changer,
                           DriveStation::Options options)
    : slots_(std::move(slots)),
      import_export_slots_(std::move(import_export_slots)),
      changer_(changer) {
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
  ASSIGN_OR_RETURN(const DriveIdentity identity, drive->Identify());
  RETURN_IF_ERROR(Match(device.id, identity.serial));
  return drive;
}

absl::Status MatchedRobot::Match(const std::string& id, const std::string& serial) {
  std::vector<Element> elements;
  {
    MutexLock arm(&arm_mutex());
    ASSIGN_OR_RETURN(elements, changer_->ReadElements());
  }
  MutexLock lock(&mutex_);
  elements_.erase(id);
  if (serial.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(id, " tells no serial number, so nobody knows in which element it is"));
  }
  const Element* found = nullptr;
  for (const Element& element : elements) {
    if (element.type != ElementType::kDrive || element.drive_serial != serial) continue;
    if (found != nullptr) {
      return absl::FailedPreconditionError(
          absl::StrCat("the changer has serial number ", serial, " of ", id, " in element ",
                       found->address.value(), " and in element ", element.address.value()));
    }
    found = &element;
  }
  if (found == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("the changer knows no drive with serial number ", serial, " of ", id, ": ",
                     DescribeDriveElements(elements)));
  }
  for (const auto& [other, address] : elements_) {
    if (address != found->address) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        id, " and ", other, " both have serial number ", serial, ": one device, two drives"));
  }
  elements_.emplace(id, found->address);
  return absl::OkStatus();
}

}  // namespace carousel
