// What DescribeDisc tells: the sessions of the disc in a drive, and the manifest of the newest one.
#ifndef SERVER_MAINTENANCE_DISC_DESCRIBER_H_
#define SERVER_MAINTENANCE_DISC_DESCRIBER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/robot/robot.h"
#include "server/disc_format/drive_media.h"
#include "server/maintenance/disc_sessions.h"
#include "server/mastering/manifest.h"
#include "server/operations/task_lanes.h"

namespace carousel {

struct DiscDescription {
  DriveMedium medium;
  std::vector<DiscSession> sessions;
  bool open_session = false;
  // Of the newest session, if it was asked for and is there.
  std::optional<mastering::Manifest> manifest;
  std::vector<std::string> warnings;
};

// Thread-safe. What it is given must outlive it and every call that runs.
class DiscDescriber {
 public:
  using Done = absl::AnyInvocable<void(absl::StatusOr<DiscDescription>)>;

  // `lanes` has one for each drive's id.
  DiscDescriber(const Robot* robot, const DriveMedia* media, TaskLanes* lanes)
      : robot_(robot), media_(media), lanes_(lanes) {}

  // Calls `done` once, from any thread. Codes of DriveMedia::Get and of ReadSessionManifest.
  // UNAVAILABLE E_IMAPI_RECORDER_LOCKED: an operation has the drive (metadata owner).
  // RESOURCE_EXHAUSTED (LIMIT_REACHED): too many wait for the drive.
  void Run(absl::string_view drive, bool with_manifest, Done done);

 private:
  void OnMedium(absl::StatusOr<DriveMedium> medium, bool with_manifest, Done done);

  const Robot* const robot_;
  const DriveMedia* const media_;
  TaskLanes* const lanes_;
};

}  // namespace carousel

#endif  // SERVER_MAINTENANCE_DISC_DESCRIBER_H_
