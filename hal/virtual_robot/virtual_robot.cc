#include "hal/virtual_robot/virtual_robot.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "hal/changer/smc_changer.h"
#include "hal/virtual_robot/disc_store.h"
#include "hal/virtual_robot/drive_type.h"
#include "hal/virtual_robot/fault_plan.h"
#include "hal/virtual_robot/locations.h"
#include "hal/virtual_robot/quirks.h"
#include "hal/virtual_robot/virtual_changer.h"
#include "hal/virtual_robot/virtual_changer_transport.h"
#include "hal/virtual_robot/virtual_drive_transport.h"

namespace carousel {
namespace {

using virtual_robot::DiscStore;
using virtual_robot::Locations;
using virtual_robot::Place;
using virtual_robot::VirtualDrive;

// Addresses of one kind end where those of the next begin; addresses have 16 bits.
constexpr size_t kMostDrives =
    virtual_robot::kFirstImportExportElement - virtual_robot::kFirstDriveElement;
constexpr int kMostImportExport =
    virtual_robot::kFirstSlotElement - virtual_robot::kFirstImportExportElement;
constexpr int kMostSlots = 0xFFFF - virtual_robot::kFirstSlotElement + 1;

absl::StatusOr<VirtualDrive::Options> DriveOptions(const VirtualDriveOptions& options) {
  VirtualDrive::Options drive;
  ASSIGN_OR_RETURN(drive.type, virtual_robot::FindDriveType(options.type));
  ASSIGN_OR_RETURN(drive.quirks, virtual_robot::ParseQuirks(options.quirks));
  ASSIGN_OR_RETURN(drive.faults, virtual_robot::ParseDriveFaultPlan(options.fault_plan));
  drive.serial = options.serial;
  return drive;
}

absl::Status CheckSizes(const VirtualRobotOptions& options) {
  if (options.slots < 0 || options.slots > kMostSlots || options.drives.size() > kMostDrives ||
      options.import_export_elements < 0 || options.import_export_elements > kMostImportExport) {
    return absl::InvalidArgumentError(absl::StrCat("virtual robot: at most ", kMostSlots,
                                                   " slots, ", kMostDrives, " drives and ",
                                                   kMostImportExport, " import/export elements"));
  }
  std::set<std::string> serials;
  for (const VirtualDriveOptions& drive : options.drives) {
    if (!serials.insert(drive.serial).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("virtual robot: two drives with the serial number '", drive.serial, "'"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckPlaces(const Locations& locations, size_t drives) {
  for (const auto& [barcode, placement] : locations.discs()) {
    if (placement.place.kind == Place::Kind::kDrive &&
        placement.place.number > static_cast<int>(drives)) {
      return absl::InvalidArgumentError(absl::StrCat("virtual robot: disc ", barcode, " is in ",
                                                     PlaceName(placement.place),
                                                     ", which the robot does not have"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<VirtualRobot>> VirtualRobot::Open(
    const VirtualRobotOptions& options) {
  RETURN_IF_ERROR(CheckSizes(options));
  ASSIGN_OR_RETURN(const DiscStore store, DiscStore::OpenOrCreate(options.store));
  ASSIGN_OR_RETURN(const Locations locations, store.ReadLocations());
  RETURN_IF_ERROR(CheckPlaces(locations, options.drives.size()));
  std::vector<std::shared_ptr<VirtualDrive>> drives;
  for (const VirtualDriveOptions& drive : options.drives) {
    const int number = static_cast<int>(drives.size() + 1);
    absl::StatusOr<VirtualDrive::Options> checked = DriveOptions(drive);
    RETURN_IF_ERROR(Annotate(checked.status(), absl::StrCat("virtual drive ", number)));
    drives.push_back(std::make_shared<VirtualDrive>(
        *std::move(checked), store,
        locations.In(Place{.kind = Place::Kind::kDrive, .number = number}), options.clock));
  }
  absl::StatusOr<virtual_robot::MoveFaultPlan> faults =
      virtual_robot::ParseMoveFaultPlan(options.changer_fault_plan);
  RETURN_IF_ERROR(Annotate(faults.status(), "virtual changer"));
  auto arm = std::make_shared<virtual_robot::VirtualChanger>(
      store,
      virtual_robot::VirtualChanger::Sizes{.slots = options.slots,
                                           .import_export = options.import_export_elements,
                                           .tells_drives = options.tells_drives},
      drives, *std::move(faults), options.clock);
  return absl::WrapUnique(new VirtualRobot(options, std::move(drives), std::move(arm)));
}

VirtualRobot::VirtualRobot(const VirtualRobotOptions& options,
                           std::vector<std::shared_ptr<VirtualDrive>> drives,
                           std::shared_ptr<virtual_robot::VirtualChanger> arm)
    : clock_(options.clock),
      drives_(std::move(drives)),
      arm_(std::move(arm)),
      changer_(std::make_unique<SmcChanger>([this] { return OpenChanger(); }, clock_)) {}

std::unique_ptr<scsi::Transport> VirtualRobot::OpenChanger() const {
  return std::make_unique<virtual_robot::VirtualChangerTransport>(arm_, clock_);
}

std::unique_ptr<scsi::Transport> VirtualRobot::OpenDrive(size_t index) const {
  return std::make_unique<virtual_robot::VirtualDriveTransport>(
      drives_[index], absl::StrCat("virtual drive ", index), clock_);
}

ElementAddress VirtualRobot::drive_element(size_t index) const {
  return ElementAddress(static_cast<uint16_t>(virtual_robot::kFirstDriveElement + index));
}

ElementAddress VirtualRobot::slot_element(int number) const {
  return ElementAddress(static_cast<uint16_t>(virtual_robot::kFirstSlotElement + number - 1));
}

ElementAddress VirtualRobot::import_export_element(int number) const {
  return ElementAddress(
      static_cast<uint16_t>(virtual_robot::kFirstImportExportElement + number - 1));
}

}  // namespace carousel
