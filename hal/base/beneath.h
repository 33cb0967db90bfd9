// Files below a folder and never outside it, whatever their names and whoever moves or links them
// meanwhile: the kernel resolves each path with the folder as its root (openat2, Linux 5.6).
#ifndef HAL_BASE_BENEATH_H_
#define HAL_BASE_BENEATH_H_

#include <string>

#include "absl/status/statusor.h"
#include "hal/base/file.h"

namespace carousel {

// Opens `path`, relative to the open folder `root`; empty is the folder itself. No symbolic link is
// followed: `flags` with O_PATH and O_NOFOLLOW open one itself, as the last name. The codes of
// ErrnoStatus. FAILED_PRECONDITION: the path leads outside or through a link.
absl::StatusOr<FileDescriptor> OpenBeneath(int root, const std::string& path, int flags);

}  // namespace carousel

#endif  // HAL_BASE_BENEATH_H_
