// Files by descriptor, with the operating system's errors as statuses; small files read whole with
// a bound and replaced atomically; locks between processes. Not the sectors of a disc.
#ifndef HAL_BASE_FILE_H_
#define HAL_BASE_FILE_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace carousel {

// An open file descriptor, closed with its owner.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor();
  int get() const { return fd_; }

 private:
  int fd_ = -1;
};

// The status of the system call that has just failed, by errno, with `what` before it. ENOENT and
// ENOTDIR are NOT_FOUND, EEXIST and ENOTEMPTY are ALREADY_EXISTS, EACCES and EPERM are
// PERMISSION_DENIED, ENOSPC, EDQUOT and EFBIG are RESOURCE_EXHAUSTED, EROFS is FAILED_PRECONDITION,
// EIO is DATA_LOSS, the rest is INTERNAL.
absl::Status ErrnoStatus(absl::string_view what);

absl::StatusOr<FileDescriptor> OpenFile(const std::string& path, int flags);

// Writes all of `contents` at the descriptor's position. The codes of ErrnoStatus, with `what`.
absl::Status WriteAll(int fd, absl::string_view contents, absl::string_view what);

// The whole file. FAILED_PRECONDITION if it has more than `limit` bytes; the codes of ErrnoStatus.
absl::StatusOr<std::string> ReadFile(const std::string& path, size_t limit);

// Replaces `path` so that a reader, also one after a power cut, sees the old contents or the new
// ones: writes a file beside it, syncs it, renames it, syncs the folder. One writer at a
// time. After an error the old contents are there, or, if the folder could not be synced, the new.
absl::Status ReplaceFile(const std::string& path, absl::string_view contents);

// Syncs a folder, so that renames in it survive a power cut.
absl::Status SyncFolder(const std::string& path);

// An exclusive lock on `path`, which is created if need be; held until the descriptor is closed.
// Blocks while another process holds it.
absl::StatusOr<FileDescriptor> LockFile(const std::string& path);

// The same without waiting. FAILED_PRECONDITION: another descriptor holds the lock.
absl::StatusOr<FileDescriptor> TryLockFile(const std::string& path);

}  // namespace carousel

#endif  // HAL_BASE_FILE_H_
