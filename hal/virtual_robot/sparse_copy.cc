#include "hal/virtual_robot/sparse_copy.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "absl/strings/str_cat.h"
#include "hal/base/file.h"
#include "hal/base/status_macros.h"

namespace carousel::virtual_robot {
namespace {

constexpr size_t kChunk = 1024 * 1024;
// The file system's usual allocation unit: smaller runs of zeros save nothing.
constexpr int64_t kBlock = 4096;

absl::Status WriteAt(int fd, const uint8_t* data, size_t size, int64_t offset) {
  while (size > 0) {
    const ssize_t written = pwrite(fd, data, size, offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return ErrnoStatus("writing a disc's data");
    data += written;
    size -= static_cast<size_t>(written);
    offset += written;
  }
  return absl::OkStatus();
}

// Writes the blocks of `data` that are not zero.
absl::Status WriteNonZero(int fd, const std::vector<uint8_t>& data, size_t size, int64_t offset) {
  for (size_t at = 0; at < size; at += kBlock) {
    const size_t part = std::min<size_t>(kBlock, size - at);
    const uint8_t* block = data.data() + at;
    if (std::all_of(block, block + part, [](uint8_t byte) { return byte == 0; })) continue;
    RETURN_IF_ERROR(WriteAt(fd, block, part, offset + static_cast<int64_t>(at)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<int64_t> FileSize(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return ErrnoStatus(path);
  if (!S_ISREG(info.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is not a regular file"));
  }
  return int64_t{info.st_size};
}

absl::Status SparseCopy(const std::string& from, const std::string& to, int64_t offset) {
  ASSIGN_OR_RETURN(const FileDescriptor in, OpenFile(from, O_RDONLY));
  ASSIGN_OR_RETURN(const FileDescriptor out, OpenFile(to, O_WRONLY | O_CREAT));
  std::vector<uint8_t> buffer(kChunk);
  int64_t at = 0;
  while (true) {
    // Where the file system cannot tell holes it says that everything is data.
    const off_t data = lseek(in.get(), at, SEEK_DATA);
    if (data < 0 && errno == ENXIO) return absl::OkStatus();
    at = std::max<int64_t>(at, data / kBlock * kBlock);
    const ssize_t got = pread(in.get(), buffer.data(), buffer.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ErrnoStatus(from);
    if (got == 0) return absl::OkStatus();
    RETURN_IF_ERROR(WriteNonZero(out.get(), buffer, static_cast<size_t>(got), offset + at));
    at += got;
  }
}

absl::Status FinishSparseFile(const std::string& path, int64_t size) {
  ASSIGN_OR_RETURN(const FileDescriptor file, OpenFile(path, O_WRONLY | O_CREAT));
  if (ftruncate(file.get(), size) != 0 || fsync(file.get()) != 0) return ErrnoStatus(path);
  return absl::OkStatus();
}

}  // namespace carousel::virtual_robot
