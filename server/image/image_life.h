// The life of a file system image: its state, the operation that runs on it, its etag and its
// times. What is in the image is FileSystemImage's affair.
//
//                    Begin                           BeginDelete
//   (active) -----------------------> (importing, -----------------+
//      ^  |                            adding, mastering,          v
//      |  |           End              burning)               (deleting) --> gone
//      +--|-------------------------------+                        ^
//         +--------------------------------------------------------+
#ifndef SERVER_IMAGE_IMAGE_LIFE_H_
#define SERVER_IMAGE_IMAGE_LIFE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "server/image/image_view.h"

namespace carousel {

// Not thread-safe. Calls nothing that it is given: the caller does, without locks.
class ImageLife {
 public:
  using Gone = absl::AnyInvocable<void()>;

  // The image `name` ("images/1") expires `ttl` after its last use. `clock` must outlive this.
  ImageLife(std::string name, absl::Duration ttl, Clock* clock);

  // ABORTED (ETAG_MISMATCH): `etag` is neither empty nor the image's. NOT_FOUND: it is deleted.
  absl::Status CheckEtag(absl::string_view etag) const;
  // Codes of CheckEtag; FAILED_PRECONDITION IMAPI_E_PROPERTY_NOT_ACCESSIBLE with metadata
  // operation: one runs.
  absl::Status CheckIdle(absl::string_view etag) const;

  // Another etag, and the expiry pushed on.
  void Changed();
  void Touch() { expire_time_ = clock_->Now() + ttl_; }
  bool Expired() const { return state_ == ImageState::kActive && clock_->Now() >= expire_time_; }

  bool running() const { return !operation_.empty(); }
  // Fills in what this knows.
  void Describe(ImageView& view) const;

  // Starts `operation`, after CheckIdle.
  void Begin(ImageState state, std::string operation, std::function<void()> cancel);
  // Ends it. To be called by the caller: who waits for the image's end.
  std::vector<Gone> End();

  // Marks the image as being deleted. To be called by the caller: `gone`, if it is left, since
  // nothing runs; else what cancels the operation, the first time.
  std::function<void()> BeginDelete(Gone& gone);

 private:
  std::string Etag() const;

  const std::string name_;
  const absl::Duration ttl_;
  Clock* const clock_;
  const absl::Time create_time_;
  absl::Time update_time_;
  absl::Time expire_time_;
  ImageState state_ = ImageState::kActive;
  int64_t changes_ = 0;
  std::string operation_;
  std::function<void()> cancel_;
  std::vector<Gone> gone_;
};

}  // namespace carousel

#endif  // SERVER_IMAGE_IMAGE_LIFE_H_
