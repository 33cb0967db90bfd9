// The image of an archive's session as xorriso writes it: the tree that imports are timed with.
#ifndef TESTS_TESTING_ARCHIVE_IMAGE_H_
#define TESTS_TESTING_ARCHIVE_IMAGE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace carousel {

// Writes `folder`/archive.iso and returns its path: `entries` entries below the root, YYYY/MM/DD/
// project-N/ with 37 files in each, names of 20 to 30 bytes of which some are not ASCII, Rock Ridge
// and Joliet. The files share some contents, so that the image is little more than its directories.
// Blocks for some seconds. INTERNAL: xorriso is missing or fails.
absl::StatusOr<std::string> WriteArchiveImage(const std::string& folder, int entries);

// Bytes from the lowest directory of the primary tree to the end of the highest, by the path table
// of the image at `path`. INTERNAL: it cannot be read.
absl::StatusOr<int64_t> DirectoryAreaBytes(const std::string& path);

}  // namespace carousel

#endif  // TESTS_TESTING_ARCHIVE_IMAGE_H_
