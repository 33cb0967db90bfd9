// The bytes of one upload on disk: appended in order, hashed as they come, by other threads. The
// file's length is the number of bytes that have come; the rest of its space is reserved behind its
// end. Not who may write it, and not what becomes of it (Spool).
#ifndef SERVER_SPOOL_UPLOAD_FILE_H_
#define SERVER_SPOOL_UPLOAD_FILE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/file.h"
#include "hal/base/mutex.h"
#include "server/digest/running_digest.h"
#include "server/digest/sha256.h"
#include "server/operations/worker_pool.h"

namespace carousel {

// Thread-safe. Every method blocks for the disk, and returns the codes of ErrnoStatus beside its
// own. After Discard: NOT_FOUND.
class UploadFile {
 public:
  // `hashers`, here and below, must outlive it; its tasks never wait for a digest.
  //
  // A new file with space for `size` bytes. RESOURCE_EXHAUSTED (LIMIT_REACHED): the disk has not as
  // much. FAILED_PRECONDITION: its file system cannot reserve space.
  static absl::StatusOr<std::shared_ptr<UploadFile>> Create(const std::string& path, int64_t size,
                                                            WorkerPool* hashers);

  // What an earlier process left. Call CatchUp before Append. INVALID_ARGUMENT: more than `size`
  // bytes.
  static absl::StatusOr<std::shared_ptr<UploadFile>> Open(const std::string& path, int64_t size,
                                                          WorkerPool* hashers);

  // The content of a finished upload, which only takes bytes that it has.
  static absl::StatusOr<std::shared_ptr<UploadFile>> OpenFinished(const std::string& path,
                                                                  int64_t size,
                                                                  WorkerPool* hashers);

  // Hashes what an earlier process left, by reading it, and reserves the rest again.
  absl::Status CatchUp() ABSL_LOCKS_EXCLUDED(mutex_);

  // Takes bytes at the end, or such as are there and equal. OUT_OF_RANGE (UPLOAD_GAP): `offset` is
  // behind the end. INVALID_ARGUMENT (INVALID_FIELD): below zero, or bytes beyond the size;
  // (CONTENT_MISMATCH): other bytes are there. An error of the disk leaves what was written before
  // it; received() tells.
  absl::Status Append(int64_t offset, std::string bytes) ABSL_LOCKS_EXCLUDED(mutex_);

  int64_t received() ABSL_LOCKS_EXCLUDED(mutex_);

  // How many bytes survive a power cut: all that had come when it was called. After an error the
  // file is worth nothing: the kernel reports a lost page once.
  absl::StatusOr<int64_t> Sync() ABSL_LOCKS_EXCLUDED(mutex_);

  // The digest of what has come, once it is durable.
  absl::StatusOr<Sha256Digest> Seal() ABSL_LOCKS_EXCLUDED(mutex_);

  // Gives the space back at once, whoever has the file open.
  void Discard() ABSL_LOCKS_EXCLUDED(mutex_);

  // When somebody last wrote. Does not block.
  void Touch(absl::Time now) { touched_ = absl::ToUnixNanos(now); }
  absl::Time touched() const { return absl::FromUnixNanos(touched_); }

 private:
  UploadFile(FileDescriptor file, int64_t size, int64_t received, bool reserved,
             WorkerPool* hashers, int64_t hashed = 0)
      : file_(std::move(file)),
        size_(size),
        received_(received),
        reserved_(reserved),
        hashed_(hashed),
        hasher_(hashers) {}

  absl::Status Compare(int64_t offset, absl::string_view bytes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // `bytes` from `from` on.
  absl::Status Write(std::string bytes, size_t from) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const FileDescriptor file_;
  const int64_t size_;
  std::atomic<int64_t> touched_ = 0;
  Mutex mutex_;
  int64_t received_ ABSL_GUARDED_BY(mutex_);
  bool reserved_ ABSL_GUARDED_BY(mutex_);
  int64_t hashed_ ABSL_GUARDED_BY(mutex_);  // or given to be hashed
  RunningDigest hasher_ ABSL_GUARDED_BY(mutex_);
  std::optional<Sha256Digest> digest_ ABSL_GUARDED_BY(mutex_);
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);  // what every call returns from now on
};

}  // namespace carousel

#endif  // SERVER_SPOOL_UPLOAD_FILE_H_
