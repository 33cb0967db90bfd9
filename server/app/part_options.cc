#include "server/app/part_options.h"

#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "hal/drive/mmc_drive.h"
#include "server/app/build_info.h"

namespace carousel {
namespace {

std::vector<GrpcMethod> ServedMethods() {
  std::vector<GrpcMethod> methods;
  for (const char* name : kServices) {
    const auto* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
      const auto* method = service->method(i);
      methods.push_back({.path = absl::StrCat("/", name, "/", method->name()),
                         .client_stream = method->client_streaming(),
                         .server_stream = method->server_streaming()});
    }
  }
  return methods;
}

}  // namespace

std::vector<std::string> DriveIds(const Config& config) {
  std::vector<std::string> ids;
  for (const DriveConfig& drive : config.drives) ids.push_back(drive.id);
  return ids;
}

Metrics::Options MetricsOptions(const Config& config) {
  const BuildInfo build = GetBuildInfo();
  return {.version = build.version,
          .revision = build.revision,
          .compiler = build.compiler,
          .compilation_mode = build.compilation_mode,
          .robot_id = config.robot_id,
          .config_digest = config.digest,
          .drives = DriveIds(config),
          .grpc_methods = ServedMethods()};
}

ServiceInfo RobotServiceInfo(const Config& config, absl::Time start_time) {
  const BuildInfo build = GetBuildInfo();
  return {.version = build.version,
          .revision = build.revision,
          .compiler = build.compiler,
          .compilation_mode = build.compilation_mode,
          .config_digest = config.digest,
          .start_time = start_time};
}

ImportOptions ImportLimits(const LimitsConfig& limits) {
  ImportOptions options;
  options.limits.max_entries = limits.max_import_entries;
  options.limits.max_depth = limits.max_import_depth;
  options.limits.max_memory_bytes = limits.max_import_memory_bytes;
  options.prefetch_bytes = limits.import_prefetch_bytes;
  options.time_limit = limits.max_import_time;
  return options;
}

VirtualRobotOptions RobotOptions(const Config& config, Clock* clock) {
  VirtualRobotOptions options;
  options.store = config.virtual_robot->store;
  options.slots = static_cast<int>(config.slots.size());
  options.changer_fault_plan = config.virtual_robot->changer_fault_plan;
  options.clock = clock;
  for (const DriveConfig& drive : config.drives) {
    const auto& backend = std::get<VirtualDriveConfig>(drive.backend);
    options.drives.push_back({.type = backend.type,
                              .serial = backend.serial,
                              .fault_plan = backend.fault_plan,
                              .quirks = backend.quirks});
  }
  return options;
}

std::vector<SlotPlace> SlotPlaces(const Config& config, const VirtualRobot& devices) {
  std::vector<SlotPlace> slots;
  for (size_t i = 0; i < config.slots.size(); ++i) {
    slots.push_back({config.slots[i], devices.slot_element(static_cast<int>(i) + 1)});
  }
  return slots;
}

std::vector<MatchedRobot::Device> Devices(const Config& config, const VirtualRobot& robot,
                                          Clock* clock, Metrics* metrics) {
  std::vector<MatchedRobot::Device> devices;
  for (size_t i = 0; i < config.drives.size(); ++i) {
    scsi::TransportObserver* const observer = metrics->scsi(config.drives[i].id);
    devices.push_back({config.drives[i].id,
                       [&robot, i, clock,
                        observer](MediaGeneration first) -> absl::StatusOr<std::unique_ptr<Drive>> {
                         std::unique_ptr<scsi::Transport> transport = robot.OpenDrive(i);
                         transport->set_observer(observer);
                         return std::make_unique<MmcDrive>(
                             std::move(transport), clock,
                             MmcDriveOptions{.first_generation = first});
                       }});
  }
  return devices;
}

std::vector<const DriveStation*> Stations(const Robot& robot) {
  std::vector<const DriveStation*> stations;
  for (const DrivePlace& drive : robot.drives()) stations.push_back(drive.station);
  return stations;
}

SpoolOptions SpoolLimits(const SpoolConfig& spool) {
  return {.quota_bytes = spool.quota_bytes,
          .upload_ttl = spool.upload_ttl,
          .max_uploads = static_cast<size_t>(spool.max_uploads)};
}

StagingFolder::Limits TreeLimits(const SpoolConfig& spool) {
  return {.max_entries = spool.max_tree_entries, .max_depth = spool.max_tree_depth};
}

}  // namespace carousel
