#include "hal/base/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"

namespace carousel {
namespace {

constexpr int kMode = 0644;

absl::Status WriteDurably(const std::string& path, absl::string_view contents) {
  ASSIGN_OR_RETURN(const FileDescriptor file, OpenFile(path, O_WRONLY | O_CREAT | O_TRUNC));
  RETURN_IF_ERROR(WriteAll(file.get(), contents, path));
  return fsync(file.get()) == 0 ? absl::OkStatus() : ErrnoStatus(path);
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) close(fd_);
}

absl::Status ErrnoStatus(absl::string_view what) {
  const int error = errno;
  absl::StatusCode code = absl::StatusCode::kInternal;
  if (error == ENOENT || error == ENOTDIR) code = absl::StatusCode::kNotFound;
  if (error == EEXIST || error == ENOTEMPTY) code = absl::StatusCode::kAlreadyExists;
  if (error == EACCES || error == EPERM) code = absl::StatusCode::kPermissionDenied;
  if (error == ENOSPC || error == EDQUOT || error == EFBIG)
    code = absl::StatusCode::kResourceExhausted;
  if (error == EROFS) code = absl::StatusCode::kFailedPrecondition;
  if (error == EIO) code = absl::StatusCode::kDataLoss;
  return absl::Status(code, absl::StrCat(what, ": ", std::strerror(error)));
}

absl::StatusOr<FileDescriptor> OpenFile(const std::string& path, int flags) {
  FileDescriptor file(open(path.c_str(), flags | O_CLOEXEC, kMode));
  if (file.get() < 0) return ErrnoStatus(path);
  return file;
}

absl::Status WriteAll(int fd, absl::string_view contents, absl::string_view what) {
  while (!contents.empty()) {
    const ssize_t written = write(fd, contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return ErrnoStatus(what);
    contents.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadFile(const std::string& path, size_t limit) {
  ASSIGN_OR_RETURN(const FileDescriptor file, OpenFile(path, O_RDONLY));
  std::string contents;
  char buffer[16 * 1024];
  while (true) {
    const ssize_t got = read(file.get(), buffer, sizeof(buffer));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ErrnoStatus(path);
    if (got == 0) return contents;
    contents.append(buffer, static_cast<size_t>(got));
    if (contents.size() > limit) {
      return absl::FailedPreconditionError(absl::StrCat(path, ": more than ", limit, " bytes"));
    }
  }
}

absl::Status ReplaceFile(const std::string& path, absl::string_view contents) {
  const std::string fresh = absl::StrCat(path, ".new");
  absl::Status replaced = WriteDurably(fresh, contents);
  if (replaced.ok() && std::rename(fresh.c_str(), path.c_str()) != 0) replaced = ErrnoStatus(path);
  if (!replaced.ok()) {
    unlink(fresh.c_str());
    return replaced;
  }
  return SyncFolder(FolderOf(path));
}

absl::Status SyncFolder(const std::string& path) {
  ASSIGN_OR_RETURN(const FileDescriptor folder, OpenFile(path, O_RDONLY | O_DIRECTORY));
  return fsync(folder.get()) == 0 ? absl::OkStatus() : ErrnoStatus(path);
}

absl::StatusOr<FileDescriptor> LockFile(const std::string& path) {
  ASSIGN_OR_RETURN(FileDescriptor file, OpenFile(path, O_RDWR | O_CREAT));
  while (flock(file.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return ErrnoStatus(path);
  }
  return file;
}

absl::StatusOr<FileDescriptor> TryLockFile(const std::string& path) {
  ASSIGN_OR_RETURN(FileDescriptor file, OpenFile(path, O_RDWR | O_CREAT));
  if (flock(file.get(), LOCK_EX | LOCK_NB) == 0) return file;
  if (errno != EWOULDBLOCK) return ErrnoStatus(path);
  return absl::FailedPreconditionError(absl::StrCat(path, ": is locked by another process"));
}

}  // namespace carousel
