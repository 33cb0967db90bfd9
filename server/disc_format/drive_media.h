// The medium in a drive, by the drive's configured id: IDiscFormat2Data's view with IMAPI's errors.
#ifndef SERVER_DISC_FORMAT_DRIVE_MEDIA_H_
#define SERVER_DISC_FORMAT_DRIVE_MEDIA_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/robot/drive_station.h"
#include "hal/robot/robot.h"
#include "server/disc_format/media_facts.h"

namespace carousel {

struct DriveMedium {
  std::string drive;  // id
  std::string disc;   // id; empty if not known
  DriveStation* station = nullptr;
  std::shared_ptr<const MediaFacts> facts;
};

// Thread-safe. What it is given must outlive it and every call that runs.
class DriveMedia {
 public:
  using FactsOr = absl::StatusOr<std::shared_ptr<const MediaFacts>>;
  // MediaFactsCache::Get.
  using GetFacts = std::function<void(DriveStation&, absl::AnyInvocable<void(FactsOr)>)>;
  // The id of the disc in a drive; empty if not known. Never blocks.
  using DiscInDrive = std::function<std::string(absl::string_view drive)>;
  using Done = absl::AnyInvocable<void(absl::StatusOr<DriveMedium>)>;

  DriveMedia(const Robot* robot, GetFacts get_facts, DiscInDrive disc_in_drive);

  // Calls `done` once with the medium in `drive`: at once if its facts are known, else from the
  // drive's thread, where it must not block. NOT_FOUND: no such drive. FAILED_PRECONDITION
  // E_IMAPI_RECORDER_MEDIA_NO_MEDIA: it is empty. The recorder's codes, with metadata drive.
  void Get(absl::string_view drive, Done done) const;

 private:
  const Robot* const robot_;
  const GetFacts get_facts_;
  const DiscInDrive disc_in_drive_;
};

}  // namespace carousel

#endif  // SERVER_DISC_FORMAT_DRIVE_MEDIA_H_
