// The images of the service: creation, look-up, expiry.
#ifndef SERVER_IMAGE_IMAGE_STORE_H_
#define SERVER_IMAGE_IMAGE_STORE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "server/image/file_system_image.h"
#include "server/operations/request_id.h"

namespace carousel {

using ImagePtr = std::shared_ptr<FileSystemImage>;

// Thread-safe. Images that have expired are as if they were not there.
class ImageStore {
 public:
  struct Options {
    size_t max_images = 1000;
    size_t max_images_per_principal = 1000;
    absl::Duration ttl = absl::Hours(24);
    // Of one image: EditRules::max_records.
    size_t max_edits = 1'000'000;
    // Told the id of each image that is gone, deleted or expired, when nobody finds it any more.
    // Any thread, without locks; must not block. Calls `done` once nothing is left of what it kept
    // for the image. May be empty.
    std::function<void(const std::string& id, absl::AnyInvocable<void()> done)> on_gone;
  };

  // `clock` must outlive the store and its images.
  ImageStore(Clock* clock, Options options);

  // A new image, or the one that `request` created before. ALREADY_EXISTS (REQUEST_ID_REUSED): by a
  // request with another body. RESOURCE_EXHAUSTED (LIMIT_REACHED): max_images, or of one creator.
  absl::StatusOr<ImagePtr> Create(ImageOptions options, RequestId request = {})
      ABSL_LOCKS_EXCLUDED(mutex_);

  // The image, its expiry pushed on. NOT_FOUND.
  absl::StatusOr<ImagePtr> Find(absl::string_view id) ABSL_LOCKS_EXCLUDED(mutex_);

  // Images in the order of creation, at most `limit`, only those with a number above `above`.
  std::vector<ImagePtr> List(int64_t above, size_t limit) ABSL_LOCKS_EXCLUDED(mutex_);

  // Deletes an image; an import that runs on it is cancelled. OK: `gone` is called once when its
  // end is over and on_gone's too, at once or from another thread. NOT_FOUND; ABORTED
  // (ETAG_MISMATCH).
  absl::Status Delete(absl::string_view id, absl::string_view etag, absl::AnyInvocable<void()> gone)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Frees what has expired.
  void RemoveExpired() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Entry {
    ImagePtr image;
    RequestId request;
  };

  void Remove(const std::string& id, absl::AnyInvocable<void()> gone) ABSL_LOCKS_EXCLUDED(mutex_);
  void Tell(const std::string& id, absl::AnyInvocable<void()> done) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status CheckRoom(const std::string& creator) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  ImagePtr Erase(absl::string_view id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Clock* const clock_;
  const Options options_;
  Mutex mutex_;
  int64_t next_number_ ABSL_GUARDED_BY(mutex_) = 1;
  absl::flat_hash_map<std::string, Entry> by_id_ ABSL_GUARDED_BY(mutex_);
  std::map<int64_t, ImagePtr> by_number_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, std::string> id_by_request_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // SERVER_IMAGE_IMAGE_STORE_H_
