// A file system image: what IFileSystemImage is to IMAPI2, as far as its state goes. It is told
// which disc it continues, takes over that disc's tree, is edited, and remembers what was mastered
// from it; it asks no device itself.
#ifndef SERVER_IMAGE_FILE_SYSTEM_IMAGE_H_
#define SERVER_IMAGE_FILE_SYSTEM_IMAGE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "server/digest/sha256.h"
#include "server/image/content_table.h"
#include "server/image/edit_rules.h"
#include "server/image/image_life.h"
#include "server/image/image_properties.h"
#include "server/image/image_view.h"
#include "server/image/mastering_source.h"
#include "server/image/tree_editor.h"
#include "server/multisession/multisession.h"

namespace carousel {

struct ResultImage;  // server/mastering/result_image.h

// Thread-safe. An empty etag matches any. Every method that takes one answers ABORTED
// (ETAG_MISMATCH) if it is not the image's, FAILED_PRECONDITION IMAPI_E_PROPERTY_NOT_ACCESSIBLE
// with metadata operation while an operation runs, and NOT_FOUND once it is being deleted. Every
// one that changes the image answers IMAPI_E_READONLY once it has a result.
class FileSystemImage {
 public:
  // `number` orders images by creation. The image expires `ttl` after its last use. `max_edits` is
  // EditRules::max_records. `clock` must outlive it.
  FileSystemImage(std::string id, int64_t number, ImageOptions options, absl::Duration ttl,
                  Clock* clock, size_t max_edits = EditRules().max_records);

  const std::string& id() const { return id_; }
  int64_t number() const { return number_; }
  const std::string& creator() const { return options_.creator; }
  multisession::Types types() const { return options_.types; }

  ImageView view() const ABSL_LOCKS_EXCLUDED(mutex_);
  std::shared_ptr<const BoundDisc> bound() const ABSL_LOCKS_EXCLUDED(mutex_);
  std::shared_ptr<const ImportedSession> imported() const ABSL_LOCKS_EXCLUDED(mutex_);
  // What was mastered from the image; null before.
  std::shared_ptr<const ResultImage> result() const ABSL_LOCKS_EXCLUDED(mutex_);

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

  // Changes properties: `change` is called once with those there are. Its error leaves them as they
  // are, as do CheckProperties' and, of what is in the tree, IMAPI_E_ISO9660_LEVELS (too deep for
  // strict_compliance) and IMAPI_E_IMAGE_TOO_BIG (for free_media_blocks).
  absl::StatusOr<ImageView> Update(absl::string_view etag,
                                   absl::FunctionRef<absl::Status(ImageProperties&)> change)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Looks at the tree: `look` is called once, with the image locked, so it may not call the image.
  absl::Status Look(absl::FunctionRef<absl::Status(const TreeEditor&)> look) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status LookWithContents(
      absl::FunctionRef<absl::Status(const TreeEditor&, const ContentTable&)> look) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Edits the tree: `edit` is called once, with the image locked. Its error takes all that it did
  // back, unless it locked it in.
  absl::StatusOr<ImageView> Edit(absl::string_view etag,
                                 absl::FunctionRef<absl::Status(TreeEditor&)> edit)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // The same for edits with new contents, which belong to the image from then on.
  absl::StatusOr<ImageView> EditWithContents(
      absl::string_view etag, absl::FunctionRef<absl::Status(TreeEditor&, ContentTable&)> edit)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // TreeEditor::AddFile of what has the digest `content`.
  absl::StatusOr<ImageView> AddFile(absl::string_view etag, absl::string_view path,
                                    const Sha256Digest& content, int64_t bytes,
                                    const TreeEditor::Attributes& attributes)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Starts the import of `operation` (id). `cancel` asks for its early end; called at most once,
  // from any thread, without locks. Codes of CheckBind; IMAPI_E_MULTISESSION_NOT_SET. Returns the
  // disc to be imported.
  absl::StatusOr<std::shared_ptr<const BoundDisc>> BeginImport(absl::string_view etag,
                                                               std::string operation,
                                                               std::function<void()> cancel)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Ends it. `session` is null if it failed: the image is then as it was before, as it is after an
  // error of MergeImport.
  absl::Status EndImport(std::shared_ptr<const ImportedSession> session)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Starts another operation, as BeginImport does; kBurning is not refused by a result.
  absl::Status BeginOperation(ImageState state, absl::string_view etag, std::string operation,
                              std::function<void()> cancel) ABSL_LOCKS_EXCLUDED(mutex_);
  // Ends it.
  void EndOperation() ABSL_LOCKS_EXCLUDED(mutex_);
  // Ends it with an edit of what nothing else may change meanwhile: `edit` works on copies, without
  // the lock however long it takes, and they become the image's if it returns OK; the image after
  // it. Its error leaves the image as it was.
  absl::StatusOr<ImageView> EndOperationWithEdit(
      absl::FunctionRef<absl::Status(TreeEditor&, ContentTable&)> edit) ABSL_LOCKS_EXCLUDED(mutex_);

  // What to master; for the operation that runs, since it may take seconds and nothing may change
  // meanwhile. Codes of MakeMasteringInput; INTERNAL IMAPI_E_FSI_INTERNAL_ERROR: none is mastering.
  absl::StatusOr<MasteringSource> Master() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Keeps what the operation that runs has mastered. The image is read-only from then on.
  void SetResult(std::shared_ptr<const ResultImage> result) ABSL_LOCKS_EXCLUDED(mutex_);

  // Marks the image as being deleted and cancels its operation. `gone` is called when none runs any
  // more: at once or by its end. May be called again; all are told.
  absl::Status BeginDelete(absl::string_view etag, absl::AnyInvocable<void()> gone)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::Status CheckChange(absl::string_view etag) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckUnbound(absl::string_view etag) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckTree(const ImageProperties& properties) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyRules() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  ImageView View() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string id_;
  const int64_t number_;
  const ImageOptions options_;
  const size_t max_edits_;

  mutable Mutex mutex_;
  ImageLife life_ ABSL_GUARDED_BY(mutex_);
  ImageProperties properties_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const BoundDisc> bound_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const ImportedSession> imported_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<TreeEditor> editor_ ABSL_GUARDED_BY(mutex_);  // never null
  ContentTable contents_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const ResultImage> result_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // SERVER_IMAGE_FILE_SYSTEM_IMAGE_H_
