#include "server/app/devices.h"

#include <utility>
#include <variant>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "hal/base/status_macros.h"
#include "hal/changer/smc_changer.h"
#include "hal/drive/mmc_drive.h"
#include "hal/scsi/iscsi/iscsi_transport.h"
#include "hal/scsi/sg/sg_transport.h"

namespace carousel {
namespace {

VirtualRobotOptions ModelOptions(const Config& config, Clock* clock) {
  VirtualRobotOptions options;
  options.store = config.virtual_robot->store;
  options.slots = static_cast<int>(config.slots.size());
  options.import_export_elements = static_cast<int>(config.import_export_slots.size());
  options.changer_fault_plan = config.virtual_robot->changer_fault_plan;
  options.clock = clock;
  for (const DriveConfig& drive : config.drives) {
    const auto* const model = std::get_if<VirtualDriveConfig>(&drive.backend);
    if (model == nullptr) continue;
    options.drives.push_back({.type = model->type,
                              .serial = model->serial,
                              .fault_plan = model->fault_plan,
                              .quirks = model->quirks});
  }
  return options;
}

absl::StatusOr<std::unique_ptr<scsi::Transport>> OpenReal(const SgConfig& device) {
  return scsi::OpenSg({.path = device.device, .serial = device.serial});
}

absl::StatusOr<std::unique_ptr<scsi::Transport>> OpenReal(const IscsiConfig& device) {
  return scsi::OpenIscsi({.portal = device.portal,
                          .target = device.target,
                          .lun = device.lun,
                          .initiator = device.initiator,
                          .chap_user = device.chap_user,
                          .chap_secret_file = device.chap_secret_file});
}

}  // namespace

absl::StatusOr<std::unique_ptr<Devices>> Devices::Open(const Config& config, Clock* clock) {
  std::unique_ptr<VirtualRobot> model;
  if (config.virtual_robot.has_value()) {
    ASSIGN_OR_RETURN(model, VirtualRobot::Open(ModelOptions(config, clock)));
  }
  return absl::WrapUnique(new Devices(config, clock, std::move(model)));
}

Devices::Devices(const Config& config, Clock* clock, std::unique_ptr<VirtualRobot> model)
    : config_(config), clock_(clock), model_(std::move(model)) {
  if (config_.changer.has_value()) {
    own_changer_ = std::make_unique<SmcChanger>(
        [this] {
          return std::visit([](const auto& device) { return OpenReal(device); }, *config_.changer);
        },
        clock_);
    changer_ = own_changer_.get();
  } else {
    changer_ = &model_->changer();
  }
}

Devices::OpenTransport Devices::Opener(size_t drive) const {
  const auto& backend = config_.drives[drive].backend;
  if (const auto* const sg = std::get_if<SgConfig>(&backend)) {
    return [sg] { return OpenReal(*sg); };
  }
  if (const auto* const iscsi = std::get_if<IscsiConfig>(&backend)) {
    return [iscsi] { return OpenReal(*iscsi); };
  }
  size_t index = 0;
  for (size_t i = 0; i < drive; ++i) {
    index += std::holds_alternative<VirtualDriveConfig>(config_.drives[i].backend);
  }
  return [model = model_.get(), index] { return model->OpenDrive(index); };
}

std::vector<MatchedRobot::Device> Devices::Drives(Metrics* metrics) const {
  std::vector<MatchedRobot::Device> devices;
  for (size_t i = 0; i < config_.drives.size(); ++i) {
    scsi::TransportObserver* const observer = metrics->scsi(config_.drives[i].id);
    devices.push_back({config_.drives[i].id,
                       [open = Opener(i), clock = clock_,
                        observer](MediaGeneration first) -> absl::StatusOr<std::unique_ptr<Drive>> {
                         absl::StatusOr<std::unique_ptr<scsi::Transport>> transport = open();
                         if (!transport.ok()) {
                           // Whatever keeps it from being opened, it cannot be reached, and is
                           // tried again.
                           return absl::UnavailableError(transport.status().message());
                         }
                         (*transport)->set_observer(observer);
                         return std::make_unique<MmcDrive>(
                             *std::move(transport), clock,
                             MmcDriveOptions{.first_generation = first});
                       }});
  }
  return devices;
}

std::vector<SlotPlace> Devices::Places(const std::vector<SlotConfig>& slots,
                                       ElementAddress (VirtualRobot::*of_model)(int) const) const {
  std::vector<SlotPlace> places;
  for (size_t i = 0; i < slots.size(); ++i) {
    places.push_back({slots[i].id, config_.changer.has_value()
                                       ? ElementAddress(slots[i].element)
                                       : (*model_.*of_model)(static_cast<int>(i) + 1)});
  }
  return places;
}

std::vector<SlotPlace> Devices::Slots() const {
  return Places(config_.slots, &VirtualRobot::slot_element);
}

std::vector<SlotPlace> Devices::ImportExportSlots() const {
  return Places(config_.import_export_slots, &VirtualRobot::import_export_element);
}

}  // namespace carousel
