#include "server/spool/read_at.h"

#include <unistd.h>

#include <cerrno>

#include "hal/base/file.h"

namespace carousel {

absl::Status ReadAt(int fd, int64_t offset, absl::Span<uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = pread(fd, out.data(), out.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ErrnoStatus("a file of the spool");
    if (got == 0) return absl::DataLossError("a file of the spool has become shorter");
    out.remove_prefix(static_cast<size_t>(got));
    offset += got;
  }
  return absl::OkStatus();
}

}  // namespace carousel
