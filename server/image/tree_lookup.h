// Looks into the tree of an image for what must be a directory.
#ifndef SERVER_IMAGE_TREE_LOOKUP_H_
#define SERVER_IMAGE_TREE_LOOKUP_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/image/tree_editor.h"

namespace carousel {

// The directory at `path`; empty is the root. IMAPI_E_DIR_NOT_FOUND, IMAPI_E_NOT_DIR,
// IMAPI_E_INVALID_PATH.
absl::StatusOr<TreeEditor::Id> FindDirectory(const TreeEditor& tree, absl::string_view path);

}  // namespace carousel

#endif  // SERVER_IMAGE_TREE_LOOKUP_H_
