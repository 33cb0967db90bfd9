// IFileSystemImage::put_MultisessionInterfaces as the service does it: the rules, with the drive's
// facts fetched between those that ask nothing and those that need them.
#ifndef SERVER_IMAGE_MULTISESSION_BINDER_H_
#define SERVER_IMAGE_MULTISESSION_BINDER_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/robot/robot.h"
#include "server/disc_format/media_facts.h"
#include "server/image/file_system_image.h"
#include "server/metrics/observers.h"
#include "server/multisession/multisession.h"

namespace carousel {

// Thread-safe. What it is given must outlive it and every call that runs.
class MultisessionBinder {
 public:
  using FactsOr = absl::StatusOr<std::shared_ptr<const MediaFacts>>;
  // Gives the facts of the medium in a drive: at once if they are known, else from the drive's
  // thread. Never blocks. MediaFactsCache::Get.
  using GetFacts = std::function<void(DriveStation&, absl::AnyInvocable<void(FactsOr)>)>;
  // The id of the disc in the drive `id`; empty if not known. Never blocks.
  using DiscInDrive = std::function<std::string(absl::string_view id)>;

  struct Request {
    std::shared_ptr<FileSystemImage> image;
    std::string etag;
    multisession::List list;
    bool validate_only = false;
  };
  struct Outcome {
    ImageView image;  // after the change
    std::shared_ptr<const BoundDisc> bound;
  };
  using Done = absl::AnyInvocable<void(absl::StatusOr<Outcome>)>;

  // `observer` may be null.
  MultisessionBinder(Robot* robot, GetFacts get_facts, DiscInDrive disc_in_drive,
                     ValidationObserver* observer);

  // Checks rules R1 to R11, and stores the list unless the request only validates (R12). `done` is
  // called once: before Bind returns unless the drive has to be asked, else from its thread, where
  // it must not block. All or nothing. Codes of FileSystemImage::CheckBind and of the rules.
  void Bind(Request request, Done done);

 private:
  absl::StatusOr<DriveStation*> CheckRequest(const Request& request);
  absl::StatusOr<Outcome> Finish(const Request& request, const DriveStation& station,
                                 const FactsOr& facts);

  Robot* const robot_;
  const GetFacts get_facts_;
  const DiscInDrive disc_in_drive_;
  ValidationObserver* const observer_;
};

}  // namespace carousel

#endif  // SERVER_IMAGE_MULTISESSION_BINDER_H_
