#include "server/image/tree_lookup.h"

#include "absl/status/status.h"
#include "server/image/path_error.h"
#include "server/imapi/hresult.h"

namespace carousel {

using imapi::Hresult;

absl::StatusOr<TreeEditor::Id> FindDirectory(const TreeEditor& tree, absl::string_view path) {
  if (path.empty()) return tree.root();
  const absl::StatusOr<TreeEditor::Id> id = tree.FindItem(path);
  if (absl::IsNotFound(id.status()))
    return PathError(Hresult::IMAPI_E_DIR_NOT_FOUND, path, "is not in the image");
  if (id.ok() && tree.type(*id) != EntryType::kDirectory)
    return PathError(Hresult::IMAPI_E_NOT_DIR, path, "is no directory");
  return id;
}

}  // namespace carousel
