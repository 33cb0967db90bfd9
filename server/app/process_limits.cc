#include "server/app/process_limits.h"

#include <malloc.h>
#include <sys/resource.h>

#include "absl/strings/str_cat.h"
#include "hal/base/file.h"

namespace carousel {
namespace {

// glibc's greatest value of the first; what an arena keeps at its end is the second.
constexpr int kMappedFrom = 32 << 20;
constexpr int kKept = 64 << 20;

}  // namespace

void KeepFreedMemory() {
  mallopt(M_MMAP_THRESHOLD, kMappedFrom);
  mallopt(M_TRIM_THRESHOLD, kKept);
}

absl::Status AllowOpenFiles(int64_t count) {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return ErrnoStatus("getrlimit");
  const auto wanted = static_cast<rlim_t>(count);
  if (limit.rlim_cur >= wanted) return absl::OkStatus();
  if (limit.rlim_max < wanted) {
    return absl::FailedPreconditionError(
        absl::StrCat("limits.max_connections and spool.max_uploads need ", count,
                     " open files, and the process may have ", limit.rlim_max, " (ulimit -Hn)"));
  }
  limit.rlim_cur = wanted;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return ErrnoStatus("setrlimit");
  return absl::OkStatus();
}

}  // namespace carousel
