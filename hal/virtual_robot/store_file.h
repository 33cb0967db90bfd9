// Small files of a disc store: read whole with a bound, replaced atomically, locked between
// processes. Not the sectors of a disc (DiscData).
#ifndef HAL_VIRTUAL_ROBOT_STORE_FILE_H_
#define HAL_VIRTUAL_ROBOT_STORE_FILE_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace carousel::virtual_robot {

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

// The status of the system call that has just failed, by errno, with `what` before it. ENOENT is
// NOT_FOUND, EEXIST and ENOTEMPTY are ALREADY_EXISTS, EACCES and EPERM are PERMISSION_DENIED,
// ENOSPC and EDQUOT are RESOURCE_EXHAUSTED, the rest is INTERNAL.
absl::Status ErrnoStatus(absl::string_view what);

absl::StatusOr<FileDescriptor> OpenFile(const std::string& path, int flags);

// The whole file. FAILED_PRECONDITION if it has more than `limit` bytes; the codes of ErrnoStatus.
absl::StatusOr<std::string> ReadFile(const std::string& path, size_t limit);

// Replaces `path` so that a reader, also one after a power cut, sees the old contents or the new
// ones: writes a file beside it, syncs it, renames it, syncs the folder. One writer at a time.
absl::Status ReplaceFile(const std::string& path, absl::string_view contents);

// Syncs a folder, so that renames in it survive a power cut.
absl::Status SyncFolder(const std::string& path);

// An exclusive lock on `path`, which is created if need be; held until the descriptor is closed.
// Blocks while another process holds it.
absl::StatusOr<FileDescriptor> LockFile(const std::string& path);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_STORE_FILE_H_
