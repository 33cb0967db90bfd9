#include "server/image/tree_lookup.h"

#include "hal/base/status_macros.h"
#include "server/image/path_error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

using imapi::Hresult;

absl::StatusOr<FileTree::Id> Find(const FileTree& tree, absl::string_view path, Hresult not_found) {
  absl::StatusOr<FileTree::Id> id = tree.Find(path);
  if (id.ok()) return id;
  if (absl::IsNotFound(id.status())) return PathError(not_found, path, "is not in the image");
  return PathError(Hresult::IMAPI_E_INVALID_PATH, path, "is no absolute path");
}

}  // namespace

const FileTree& TreeOf(const std::shared_ptr<const ImportedSession>& session) {
  static const FileTree& empty = *[] {
    auto* tree = new FileTree;  // lives as long as the process
    tree->Finish();
    return tree;
  }();
  return session == nullptr ? empty : session->tree;
}

absl::StatusOr<FileTree::Id> FindItem(const FileTree& tree, absl::string_view path) {
  return Find(tree, path, Hresult::IMAPI_E_ITEM_NOT_FOUND);
}

absl::StatusOr<FileTree::Id> FindDirectory(const FileTree& tree, absl::string_view path) {
  if (path.empty()) return FileTree::kRoot;
  ASSIGN_OR_RETURN(const FileTree::Id id, Find(tree, path, Hresult::IMAPI_E_DIR_NOT_FOUND));
  if (tree.type(id) != EntryType::kDirectory)
    return PathError(Hresult::IMAPI_E_NOT_DIR, path, "is no directory");
  return id;
}

}  // namespace carousel
