#include "server/fs/file_block_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"

namespace carousel {

absl::StatusOr<std::unique_ptr<FileBlockReader>> FileBlockReader::Open(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, path);
  struct stat stat = {};
  if (fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode)) {
    const absl::Status status =
        S_ISREG(stat.st_mode) ? absl::ErrnoToStatus(errno, path)
                              : absl::InvalidArgumentError(absl::StrCat(path, ": not a file"));
    close(fd);
    return status;
  }
  return std::unique_ptr<FileBlockReader>(new FileBlockReader(fd, Lba(stat.st_size / kSectorSize)));
}

FileBlockReader::~FileBlockReader() { close(fd_); }

absl::Status FileBlockReader::Read(Lba start, absl::Span<uint8_t> out) {
  if (out.empty() || out.size() % kSectorSize != 0)
    return absl::InvalidArgumentError("not a whole number of sectors");
  if (start < Lba(0) || start > end_ || Sectors(out.size() / kSectorSize) > end_ - start)
    return absl::OutOfRangeError("outside the disc");
  size_t done = 0;
  while (done < out.size()) {
    const ssize_t n = pread(fd_, out.data() + done, out.size() - done,
                            start.value() * kSectorSize + static_cast<int64_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return absl::DataLossError(n == 0 ? "the file has become shorter" : "read error");
    done += n;
  }
  return absl::OkStatus();
}

}  // namespace carousel
