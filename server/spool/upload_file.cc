#include "server/spool/upload_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/spool/read_at.h"

namespace carousel {
namespace {

constexpr size_t kPiece = 256 * 1024;
constexpr char kUpload[] = "the upload in the spool";

absl::StatusOr<int64_t> FreeBytes(int fd) {
  struct statvfs disk = {};
  if (fstatvfs(fd, &disk) != 0) return ErrnoStatus(kUpload);
  return static_cast<int64_t>(disk.f_bavail) * static_cast<int64_t>(disk.f_frsize);
}

absl::Status Reserve(int fd, int64_t size) {
  if (size == 0) return absl::OkStatus();
  struct stat stat = {};
  if (fstat(fd, &stat) != 0) return ErrnoStatus(kUpload);
  ASSIGN_OR_RETURN(const int64_t free, FreeBytes(fd));
  // Asked first: some file systems take all that there is before they say that it is not enough.
  if (size - stat.st_blocks * 512 > free) return LimitReachedError("spool_disk_bytes", free);
  while (fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, size) != 0) {
    if (errno == EINTR) continue;
    if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
      return LimitReachedError("spool_disk_bytes", free);
    if (errno == EOPNOTSUPP)
      return absl::FailedPreconditionError("the spool's file system cannot reserve space");
    return ErrnoStatus(kUpload);
  }
  return absl::OkStatus();
}

absl::Span<uint8_t> Writable(std::string* bytes) {
  return absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes->data()), bytes->size());
}

absl::StatusOr<int64_t> LengthOf(int fd) {
  struct stat stat = {};
  if (fstat(fd, &stat) != 0) return ErrnoStatus(kUpload);
  return static_cast<int64_t>(stat.st_size);
}

}  // namespace

absl::StatusOr<std::shared_ptr<UploadFile>> UploadFile::Create(const std::string& path,
                                                               int64_t size, WorkerPool* hashers) {
  ASSIGN_OR_RETURN(FileDescriptor file, OpenFile(path, O_RDWR | O_CREAT | O_EXCL));
  RETURN_IF_ERROR(Reserve(file.get(), size));
  return std::shared_ptr<UploadFile>(
      new UploadFile(std::move(file), size, 0, /*reserved=*/true, hashers));
}

absl::StatusOr<std::shared_ptr<UploadFile>> UploadFile::Open(const std::string& path, int64_t size,
                                                             WorkerPool* hashers) {
  ASSIGN_OR_RETURN(FileDescriptor file, OpenFile(path, O_RDWR | O_NOFOLLOW));
  ASSIGN_OR_RETURN(const int64_t received, LengthOf(file.get()));
  if (received > size)
    return absl::InvalidArgumentError("the upload has more bytes than were announced");
  return std::shared_ptr<UploadFile>(
      new UploadFile(std::move(file), size, received, /*reserved=*/false, hashers));
}

absl::StatusOr<std::shared_ptr<UploadFile>> UploadFile::OpenFinished(const std::string& path,
                                                                     int64_t size,
                                                                     WorkerPool* hashers) {
  ASSIGN_OR_RETURN(FileDescriptor file, OpenFile(path, O_RDONLY | O_NOFOLLOW));
  return std::shared_ptr<UploadFile>(
      new UploadFile(std::move(file), size, size, /*reserved=*/true, hashers, /*hashed=*/size));
}

absl::Status UploadFile::CatchUp() {
  while (true) {
    // Piece by piece: who asks for the durable offset does not wait for the whole.
    MutexLock lock(&mutex_);
    RETURN_IF_ERROR(failure_);
    if (!reserved_) RETURN_IF_ERROR(Reserve(file_.get(), size_));
    reserved_ = true;
    if (hashed_ == received_) return absl::OkStatus();
    std::string piece(static_cast<size_t>(std::min<int64_t>(kPiece, received_ - hashed_)), '\0');
    RETURN_IF_ERROR(ReadAt(file_.get(), hashed_, Writable(&piece)));
    hashed_ += static_cast<int64_t>(piece.size());
    hasher_.Update(std::move(piece));
  }
}

absl::Status UploadFile::Append(int64_t offset, std::string bytes) {
  MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  if (offset < 0) return InvalidFieldError("offset", "is negative");
  if (offset > size_ || bytes.size() > static_cast<uint64_t>(size_ - offset))
    return InvalidFieldError("data", "lies beyond the size that was announced");
  if (offset > received_) return UploadGapError(offset, received_);
  const size_t known = std::min<size_t>(bytes.size(), static_cast<size_t>(received_ - offset));
  RETURN_IF_ERROR(Compare(offset, absl::string_view(bytes).substr(0, known)));
  return Write(std::move(bytes), known);
}

absl::Status UploadFile::Compare(int64_t offset, absl::string_view bytes) {
  std::string piece;
  while (!bytes.empty()) {
    piece.resize(std::min(kPiece, bytes.size()));
    RETURN_IF_ERROR(ReadAt(file_.get(), offset, Writable(&piece)));
    if (!absl::ConsumePrefix(&bytes, piece))
      return ContentMismatchError("data", absl::StrCat(offset), "other bytes came there before");
    offset += static_cast<int64_t>(piece.size());
  }
  return absl::OkStatus();
}

absl::Status UploadFile::Write(std::string bytes, size_t from) {
  size_t end = from;
  absl::Status status;
  while (end < bytes.size() && status.ok()) {
    const ssize_t written = pwrite(file_.get(), bytes.data() + end, bytes.size() - end, received_);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      status = ErrnoStatus(kUpload);
    } else {
      end += static_cast<size_t>(written);
      received_ += written;
    }
  }
  bytes.resize(end);
  hasher_.Update(std::move(bytes), from);
  hashed_ = received_;
  return status;
}

int64_t UploadFile::received() {
  MutexLock lock(&mutex_);
  return received_;
}

absl::StatusOr<int64_t> UploadFile::Sync() {
  int64_t received = 0;
  {
    MutexLock lock(&mutex_);
    RETURN_IF_ERROR(failure_);
    received = received_;
  }
  // Without the lock: the writer goes on meanwhile.
  const absl::Status synced = fdatasync(file_.get()) == 0 ? absl::OkStatus() : ErrnoStatus(kUpload);
  MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  failure_ = synced;
  if (!synced.ok()) return synced;
  return received;
}

absl::StatusOr<Sha256Digest> UploadFile::Seal() {
  RETURN_IF_ERROR(Sync().status());
  MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  if (!digest_.has_value()) digest_ = hasher_.Finish();
  return *digest_;
}

void UploadFile::Discard() {
  MutexLock lock(&mutex_);
  failure_ = absl::NotFoundError("the upload has expired or was released");
  // Best effort: the space is free at the latest when the last descriptor is closed.
  [[maybe_unused]] const int ignored = ftruncate(file_.get(), 0);
}

}  // namespace carousel
