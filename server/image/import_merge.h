// What becomes of the tree of an image, edited before its import, when a disc's tree comes under
// it: what is in the image already wins, as IMAPI documents it.
#ifndef SERVER_IMAGE_IMPORT_MERGE_H_
#define SERVER_IMAGE_IMPORT_MERGE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "server/image/file_tree.h"
#include "server/image/tree_editor.h"

namespace carousel {

// A tree over `imported` with all that is in `edited`, which has imported nothing. A directory of
// both is one directory, as the disc has it. Its change point lies behind that of `edited`; none
// before it can be rolled back to. It has no rules yet.
// IMAPI_E_IMPORT_TYPE_COLLISION_FILE_EXISTS_AS_DIRECTORY: a file of the disc is a directory in the
// image; ..._DIRECTORY_EXISTS_AS_FILE: the other way round. Metadata path.
absl::StatusOr<std::shared_ptr<TreeEditor>> MergeImport(std::shared_ptr<const FileTree> imported,
                                                        const TreeEditor& edited);

}  // namespace carousel

#endif  // SERVER_IMAGE_IMPORT_MERGE_H_
