// An edited tree in the form in which server/mastering takes it.
#ifndef SERVER_IMAGE_MASTERING_INPUT_H_
#define SERVER_IMAGE_MASTERING_INPUT_H_

#include <vector>

#include "absl/status/statusor.h"
#include "server/image/file_tree.h"
#include "server/image/tree_editor.h"
#include "server/mastering/content.h"

namespace carousel {

struct MasteringInput {
  FileTree tree;  // finished
  std::vector<mastering::NewFile> new_files;
};

// Copies all that is in the tree. Imported entries keep their extents and inode numbers; new ones
// have no inode number, so mastering gives each a serial number of its own. RESOURCE_EXHAUSTED: a
// limit of FileTree.
absl::StatusOr<MasteringInput> MakeMasteringInput(const TreeEditor& editor);

}  // namespace carousel

#endif  // SERVER_IMAGE_MASTERING_INPUT_H_
