// A file system image: what IFileSystemImage is to IMAPI2, as far as its state goes. It is told
// which disc it continues and takes over that disc's tree; it asks no device itself.
//
//              BeginImport                   BeginDelete
//   (active) ---------------> (importing) ---------------+
//      ^  |                      |                        v
//      |  |       EndImport      |                   (deleting) --> gone
//      +--|----------------------+                        ^
//         +-----------------------------------------------+
#ifndef SERVER_IMAGE_FILE_SYSTEM_IMAGE_H_
#define SERVER_IMAGE_FILE_SYSTEM_IMAGE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "server/disc_format/media_facts.h"
#include "server/image/file_system.h"
#include "server/image/file_tree.h"
#include "server/multisession/multisession.h"

namespace carousel {

// What a client says about a new image.
struct ImageOptions {
  std::string display_name;
  multisession::Types types = multisession::Types::kSequential;
  std::string owner;
};

// What SetMultisessionInterfaces stored: the disc that the image continues. Never changes.
struct BoundDisc {
  std::vector<multisession::Element> interfaces;  // the snapshot, with the drive's values
  multisession::Decision decision;
  std::shared_ptr<const MediaFacts> facts;
  std::string disc;  // id, if known

  // SessionStartBlock and FreeMediaBlocks that follow from it, in sectors.
  int64_t session_start() const;
  int64_t free_blocks() const;
};

// What an import took over. Never changes.
struct ImportedSession {
  FileTree tree;
  FileSystem file_system = FileSystem::kNone;
  bool rock_ridge = false;
  std::string volume_name;
};

enum class ImageState : uint8_t { kActive, kImporting, kDeleting };

// An image as it is at one moment.
struct ImageView {
  std::string id;
  ImageState state = ImageState::kActive;
  std::string etag;  // with its quotes (AIP-154)
  absl::Time create_time;
  absl::Time update_time;
  absl::Time expire_time;
  std::string owner;
  std::string display_name;
  multisession::Types types = multisession::Types::kSequential;
  std::shared_ptr<const BoundDisc> bound;           // null before SetMultisessionInterfaces
  std::shared_ptr<const ImportedSession> imported;  // null before an import
  std::string operation;                            // id; empty if none runs
};

// Thread-safe. An empty etag matches any. Every method that takes one answers ABORTED
// (ETAG_MISMATCH) if it is not the image's, FAILED_PRECONDITION IMAPI_E_PROPERTY_NOT_ACCESSIBLE
// with metadata operation while an operation runs, and NOT_FOUND once it is being deleted.
class FileSystemImage {
 public:
  // `number` orders images by creation. The image expires `ttl` after its last use. `clock` must
  // outlive it.
  FileSystemImage(std::string id, int64_t number, ImageOptions options, absl::Duration ttl,
                  Clock* clock);

  const std::string& id() const { return id_; }
  int64_t number() const { return number_; }
  multisession::Types types() const { return options_.types; }

  ImageView view() const ABSL_LOCKS_EXCLUDED(mutex_);
  std::shared_ptr<const BoundDisc> bound() const ABSL_LOCKS_EXCLUDED(mutex_);
  std::shared_ptr<const ImportedSession> imported() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Pushes the expiry on.
  void Touch() ABSL_LOCKS_EXCLUDED(mutex_);
  // Not used for its time, and no operation runs.
  bool Expired() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether Bind would be accepted now. FAILED_PRECONDITION IMAPI_E_PROPERTY_NOT_ACCESSIBLE: a
  // session was imported already.
  absl::Status CheckBind(absl::string_view etag) const ABSL_LOCKS_EXCLUDED(mutex_);
  // Stores the disc, in place of the one before. Codes of CheckBind.
  absl::StatusOr<ImageView> Bind(absl::string_view etag, std::shared_ptr<const BoundDisc> bound)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Starts the import of `operation` (id). `cancel` asks for its early end; called at most once,
  // from any thread, without locks. Codes of CheckBind; IMAPI_E_MULTISESSION_NOT_SET. Returns the
  // disc to be imported.
  absl::StatusOr<std::shared_ptr<const BoundDisc>> BeginImport(absl::string_view etag,
                                                               std::string operation,
                                                               std::function<void()> cancel)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Ends it. `session` is null if it failed: the image is then as it was before.
  void EndImport(std::shared_ptr<const ImportedSession> session) ABSL_LOCKS_EXCLUDED(mutex_);

  // Marks the image as being deleted and cancels its import. `gone` is called when no operation
  // runs any more: at once or by EndImport. May be called again; all are told.
  absl::Status BeginDelete(absl::string_view etag, absl::AnyInvocable<void()> gone)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::Status CheckEtag(absl::string_view etag) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckChange(absl::string_view etag) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string Etag() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Changed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  ImageView View() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string id_;
  const int64_t number_;
  const ImageOptions options_;
  const absl::Duration ttl_;
  Clock* const clock_;
  const absl::Time create_time_;

  mutable Mutex mutex_;
  ImageState state_ ABSL_GUARDED_BY(mutex_) = ImageState::kActive;
  int64_t changes_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time update_time_ ABSL_GUARDED_BY(mutex_);
  absl::Time expire_time_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const BoundDisc> bound_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const ImportedSession> imported_ ABSL_GUARDED_BY(mutex_);
  std::string operation_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> cancel_ ABSL_GUARDED_BY(mutex_);
  std::vector<absl::AnyInvocable<void()>> gone_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // SERVER_IMAGE_FILE_SYSTEM_IMAGE_H_
