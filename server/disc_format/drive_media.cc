#include "server/disc_format/drive_media.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {

DriveMedia::DriveMedia(const Robot* robot, GetFacts get_facts, DiscInDrive disc_in_drive)
    : robot_(robot), get_facts_(std::move(get_facts)), disc_in_drive_(std::move(disc_in_drive)) {}

void DriveMedia::Get(absl::string_view drive, Done done) const {
  const DrivePlace* place = robot_->FindDrive(drive);
  if (place == nullptr) {
    done(NotFoundError("carousel.dev/Drive", absl::StrCat("drives/", drive)));
    return;
  }
  get_facts_(*place->station, [this, place, done = std::move(done)](FactsOr facts) mutable {
    if (!facts.ok()) {
      done(imapi::WithMetadata(imapi::FromDevice(facts.status()), "drive",
                               absl::StrCat("drives/", place->id)));
    } else if (!(*facts)->present) {
      done(imapi::MakeError(imapi::Hresult::E_IMAPI_RECORDER_MEDIA_NO_MEDIA,
                            absl::StrCat(place->id, " is empty"),
                            {{"drive", absl::StrCat("drives/", place->id)}}));
    } else {
      done(DriveMedium{.drive = place->id,
                       .disc = disc_in_drive_(place->id),
                       .station = place->station,
                       .facts = *std::move(facts)});
    }
  });
}

}  // namespace carousel
