// What the parts of the service are made with, from the configuration: the conversions that the
// object graph (server.cc) begins with. Makes no part itself.
#ifndef SERVER_APP_PART_OPTIONS_H_
#define SERVER_APP_PART_OPTIONS_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "hal/robot/drive_station.h"
#include "hal/robot/robot.h"
#include "server/config/config.h"
#include "server/metrics/metrics.h"
#include "server/service/robot_service.h"
#include "server/session_import/importer.h"
#include "server/spool/spool.h"
#include "server/uploads/staging_folder.h"

namespace carousel {

// The services that are listed to health checks by name, and whose methods are counted.
inline constexpr const char* kServices[] = {
    "carousel.v1.RobotService", "carousel.v1.DiscFormatService",
    "carousel.v1.FileSystemImageService", "google.longrunning.Operations"};

std::vector<std::string> DriveIds(const Config& config);
Metrics::Options MetricsOptions(const Config& config);
ServiceInfo RobotServiceInfo(const Config& config, absl::Time start_time);
ImportOptions ImportLimits(const LimitsConfig& limits);
SpoolOptions SpoolLimits(const SpoolConfig& spool, const LimitsConfig& limits);
StagingFolder::Limits TreeLimits(const SpoolConfig& spool);

std::vector<const DriveStation*> Stations(const Robot& robot);

}  // namespace carousel

#endif  // SERVER_APP_PART_OPTIONS_H_
