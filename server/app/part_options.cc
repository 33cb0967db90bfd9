#include "server/app/part_options.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
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

std::vector<const DriveStation*> Stations(const Robot& robot) {
  std::vector<const DriveStation*> stations;
  for (const DrivePlace& drive : robot.drives()) stations.push_back(drive.station);
  return stations;
}

SpoolOptions SpoolLimits(const SpoolConfig& spool, const LimitsConfig& limits) {
  return {.quota_bytes = spool.quota_bytes,
          .bytes_per_payer = limits.max_spool_bytes_per_principal,
          .upload_ttl = spool.upload_ttl,
          .max_uploads = static_cast<size_t>(spool.max_uploads)};
}

StagingFolder::Limits TreeLimits(const SpoolConfig& spool) {
  return {.max_entries = spool.max_tree_entries, .max_depth = spool.max_tree_depth};
}

}  // namespace carousel
