// The content spool: where the files that clients send wait until discs are burned. Uploads come in
// pieces, go on after a lost connection or a restart, and become contents, each stored once by its
// SHA-256 and kept as long as somebody refers to it. Not what the files mean in an image.
// What survives a restart: README.md.
#ifndef SERVER_SPOOL_SPOOL_H_
#define SERVER_SPOOL_SPOOL_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "server/digest/sha256.h"
#include "server/operations/worker_pool.h"
#include "server/spool/content_reader.h"
#include "server/spool/spool_folder.h"
#include "server/spool/spool_index.h"
#include "server/spool/upload_file.h"
#include "server/spool/upload_spec.h"
#include "server/spool/upload_writer.h"

namespace carousel {

struct SpoolOptions {
  // What contents and announced uploads may take, in blocks of 4 KiB, at least one each.
  int64_t quota_bytes = 0;
  // And of that, those of owners for whom one payer answers; a content that several use counts for
  // each.
  int64_t bytes_per_payer = std::numeric_limits<int64_t>::max();
  // An upload that nobody writes for as long expires.
  absl::Duration upload_ttl = absl::Hours(24);
  // Of uploads that have not finished; each holds a file open.
  size_t max_uploads = 256;
};

// Thread-safe. Every method blocks for the disk and returns the codes of hal/base ErrnoStatus
// beside its own (RESOURCE_EXHAUSTED: full; FAILED_PRECONDITION: read-only; DATA_LOSS: it fails).
// The lock is held while records are written and synced, never while contents are.
class Spool {
 public:
  // Opens or makes the spool in `folder` and removes what an earlier process left half done. The
  // uploads' time begins anew. FAILED_PRECONDITION: another process has it. `clock` must outlive
  // it.
  static absl::StatusOr<std::unique_ptr<Spool>> Open(const std::string& folder,
                                                     SpoolOptions options, Clock* clock);
  // After its writers.
  ~Spool();

  // Begins an upload, its space reserved on the disk, or goes on with the one of the same key; a
  // finished one takes its own bytes once more. Going on after a restart reads what has come.
  // `payer` answers for what the key's owner has, from now on; empty: nobody.
  // INVALID_ARGUMENT (INVALID_FIELD). RESOURCE_EXHAUSTED (LIMIT_REACHED: spool_quota_bytes,
  // max_spool_bytes_per_principal, spool_disk_bytes, max_uploads). ABORTED (UPLOAD_BUSY): another
  // writer has it. ALREADY_EXISTS (REQUEST_ID_REUSED): the id came with another path, size or
  // digest.
  absl::StatusOr<std::unique_ptr<UploadWriter>> StartUpload(const UploadSpec& spec,
                                                            absl::string_view payer = "")
      ABSL_LOCKS_EXCLUDED(mutex_);

  struct UploadState {
    UploadSpec spec;
    int64_t durable_offset = 0;  // what came before survives a power cut
    bool finished = false;
  };
  // NOT_FOUND. DATA_LOSS: its bytes are lost, and it is gone.
  absl::StatusOr<UploadState> GetUpload(const UploadKey& key) ABSL_LOCKS_EXCLUDED(mutex_);

  // One more use of a content. NOT_FOUND: nobody refers to it. ALREADY_EXISTS (REQUEST_ID_REUSED):
  // `key` names another upload or content.
  absl::Status AddReference(const Sha256Digest& content, const UploadKey& key)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Gives up an upload, or the reference that it has become; the last one frees the content. A
  // writer's next call is NOT_FOUND. NOT_FOUND: there is neither.
  absl::Status Release(const UploadKey& key) ABSL_LOCKS_EXCLUDED(mutex_);
  // All that `owner` has; OK if that is nothing.
  absl::Status ReleaseOwner(absl::string_view owner) ABSL_LOCKS_EXCLUDED(mutex_);
  // Whatever belongs to owners that `live` does not know: for a start after which some are gone.
  // `live` is called with the lock held.
  absl::Status RetainOwners(const std::function<bool(absl::string_view)>& live)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // NOT_FOUND: nobody refers to it. DATA_LOSS: its file has another size.
  absl::StatusOr<std::unique_ptr<ContentReader>> OpenContent(const Sha256Digest& content)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Frees the uploads that nobody has written for the time to live, open ones too. StartUpload does
  // it too.
  void RemoveExpired() ABSL_LOCKS_EXCLUDED(mutex_);

  struct Usage {
    int64_t quota_bytes = 0;
    int64_t upload_bytes = 0;   // reserved by uploads
    int64_t content_bytes = 0;  // in blocks, as the quota counts them
    size_t uploads = 0;
    size_t contents = 0;
  };
  // Blocks for nothing, so that whoever watches a disk that hangs learns what it holds up. The
  // numbers may be of different moments.
  Usage usage() const;

 private:
  friend class UploadWriter;

  Spool(SpoolFolder folder, SpoolOptions options, Clock* clock, std::unique_ptr<WorkerPool> hashers,
        SpoolIndex index);

  // Of StartUpload: a place in the index; then the file, without the lock.
  absl::StatusOr<SpoolIndex::Upload> Claim(const UploadSpec& spec, absl::string_view payer)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Prepare(SpoolIndex::Upload* upload) ABSL_LOCKS_EXCLUDED(mutex_);

  // Of UploadWriter. An upload is the one with this key and these files, not one begun since.
  // `announced`: the bytes must have the upload's digest, or it takes theirs.
  absl::StatusOr<Sha256Digest> Finish(const UploadKey& key, const std::string& id, UploadFile* file,
                                      bool announced) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<int64_t> Sync(const UploadKey& key, const std::string& id, UploadFile* file)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void CloseWriter(const UploadKey& key, const std::string& id) ABSL_LOCKS_EXCLUDED(mutex_);

  SpoolIndex::Uploads::iterator Find(const UploadKey& key, const std::string& id)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Commit(SpoolIndex::Uploads::iterator upload, const Sha256Digest& digest)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Refer(const UploadSpec& spec) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  SpoolIndex::Uploads::iterator Drop(SpoolIndex::Uploads::iterator upload)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DropUpload(const UploadKey& key, const std::string& id) ABSL_LOCKS_EXCLUDED(mutex_);
  void DropExpired() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // After each change of the index: for usage.
  void CountUsage() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status DropReference(SpoolIndex::References::iterator reference)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const SpoolFolder folder_;
  const SpoolOptions options_;
  Clock* const clock_;
  const std::unique_ptr<WorkerPool> hashers_;  // of the files of the index
  Mutex mutex_;
  SpoolIndex index_ ABSL_GUARDED_BY(mutex_);
  std::atomic<int64_t> upload_bytes_ = 0;
  std::atomic<int64_t> content_bytes_ = 0;
  std::atomic<size_t> uploads_ = 0;
  std::atomic<size_t> contents_ = 0;
};

}  // namespace carousel

#endif  // SERVER_SPOOL_SPOOL_H_
