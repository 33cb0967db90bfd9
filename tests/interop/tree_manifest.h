// The manifest of a tree whose files are on a disc or on the computer. For tests.
#ifndef TESTS_INTEROP_TREE_MANIFEST_H_
#define TESTS_INTEROP_TREE_MANIFEST_H_

#include <string>

#include "absl/status/statusor.h"
#include "server/fs/block_reader.h"
#include "server/image/file_tree.h"
#include "tests/interop/disk_tree.h"

namespace carousel {

// The text of the manifest of `tree`: new files' bytes from `contents`, old ones' from `disc`,
// which may be null where there are none. Reads all of them.
absl::StatusOr<std::string> ManifestOf(const FileTree& tree, DiskTree& contents, BlockReader* disc);

}  // namespace carousel

#endif  // TESTS_INTEROP_TREE_MANIFEST_H_
