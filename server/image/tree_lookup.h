// Looks into the tree of an image with IMAPI's errors.
#ifndef SERVER_IMAGE_TREE_LOOKUP_H_
#define SERVER_IMAGE_TREE_LOOKUP_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/image/file_system_image.h"
#include "server/image/file_tree.h"

namespace carousel {

// The tree that `session` holds; an empty one for an image that has imported nothing (null).
const FileTree& TreeOf(const std::shared_ptr<const ImportedSession>& session);

// The entry at `path`. IMAPI_E_ITEM_NOT_FOUND, IMAPI_E_INVALID_PATH.
absl::StatusOr<FileTree::Id> FindItem(const FileTree& tree, absl::string_view path);

// The directory at `path`; empty is the root. IMAPI_E_DIR_NOT_FOUND, IMAPI_E_NOT_DIR,
// IMAPI_E_INVALID_PATH.
absl::StatusOr<FileTree::Id> FindDirectory(const FileTree& tree, absl::string_view path);

}  // namespace carousel

#endif  // SERVER_IMAGE_TREE_LOOKUP_H_
