#include "server/maintenance/disc_describer.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "hal/drive/drive.h"
#include "hal/mmc/profile.h"
#include "hal/robot/drive_station.h"
#include "server/burn/repeating_block_reader.h"
#include "server/imapi/error.h"
#include "server/maintenance/manifest_check.h"

namespace carousel {
namespace {

using imapi::Hresult;

std::string DriveName(absl::string_view id) { return absl::StrCat("drives/", id); }

absl::Status Locked(const DriveStation& station) {
  return imapi::MakeError(
      Hresult::E_IMAPI_RECORDER_LOCKED, absl::StrCat("an operation uses drive ", station.id()),
      {{"drive", DriveName(station.id())}, {"owner", station.snapshot().owner}});
}

bool HasOpenSession(const MediaState& state) {
  return !mmc::IsOverwritable(state.profile) &&
         (state.last_session == LastSessionState::kIncomplete ||
          state.last_session == LastSessionState::kDamaged);
}

// On the device's thread.
absl::Status Describe(Drive& drive, bool with_manifest, DiscDescription& description) {
  ASSIGN_OR_RETURN(const MediaState state, drive.ReadMediaState());
  RepeatingBlockReader disc(&drive, state.ReadableEnd());
  description.open_session = HasOpenSession(state);
  ASSIGN_OR_RETURN(description.sessions, ListDiscSessions(state, disc));
  if (!with_manifest || description.sessions.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      std::optional<SessionManifest> found,
      ReadSessionManifest(disc, description.sessions.back().start, description.warnings));
  if (found.has_value()) description.manifest = std::move(found->manifest);
  return absl::OkStatus();
}

}  // namespace

void DiscDescriber::Run(absl::string_view drive, bool with_manifest, Done done) {
  // Whoever has the drive has it for minutes or hours, and the question would wait behind.
  const DrivePlace* place = robot_->FindDrive(drive);
  if (place != nullptr && !place->station->snapshot().owner.empty()) {
    done(Locked(*place->station));
    return;
  }
  media_->Get(drive, [this, with_manifest,
                      done = std::move(done)](absl::StatusOr<DriveMedium> medium) mutable {
    OnMedium(std::move(medium), with_manifest, std::move(done));
  });
}

void DiscDescriber::OnMedium(absl::StatusOr<DriveMedium> medium, bool with_manifest, Done done) {
  if (!medium.ok()) {
    done(medium.status());
    return;
  }
  // Shared, since a task that the lane refuses is destroyed with what it owns.
  auto shared = std::make_shared<Done>(std::move(done));
  const absl::Status posted =
      lanes_->Post(medium->drive, [medium = *medium, with_manifest, shared] {
        DiscDescription description{.medium = medium};
        const absl::Status described = medium.station->Run(
            [&](Drive& drive) { return Describe(drive, with_manifest, description); });
        if (described.ok())
          (*shared)(std::move(description));
        else
          (*shared)(
              imapi::WithMetadata(imapi::FromDevice(described), "drive", DriveName(medium.drive)));
      });
  if (!posted.ok()) (*shared)(posted);
}

}  // namespace carousel
