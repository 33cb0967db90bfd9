#include "hal/base/beneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace carousel {
namespace {

// The kernel gives up when somebody renames on the way (EAGAIN); one that never ends does it on
// purpose.
constexpr int kAttempts = 100;

}  // namespace

absl::StatusOr<FileDescriptor> OpenBeneath(int root, const std::string& path, int flags) {
  open_how how = {};
  how.flags = static_cast<uint64_t>(flags) | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  const char* const name = path.empty() ? "." : path.c_str();
  long fd = -1;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    fd = syscall(SYS_openat2, root, name, &how, sizeof(how));
    if (fd >= 0 || (errno != EAGAIN && errno != EINTR)) break;
  }
  if (fd >= 0) return FileDescriptor(static_cast<int>(fd));
  if (errno == EXDEV || errno == ELOOP)
    return absl::FailedPreconditionError(absl::StrCat(path, ": leads outside or through a link"));
  return ErrnoStatus(path);
}

}  // namespace carousel
