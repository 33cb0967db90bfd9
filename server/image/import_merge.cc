#include "server/image/import_merge.h"

#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/image/path_error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

using imapi::Hresult;
using Id = TreeEditor::Id;

constexpr size_t kAll = std::numeric_limits<size_t>::max();

absl::Status CollisionError(absl::string_view path, bool is_directory) {
  return is_directory ? PathError(Hresult::IMAPI_E_IMPORT_TYPE_COLLISION_FILE_EXISTS_AS_DIRECTORY,
                                  path, "is a file on the disc and a directory in the image")
                      : PathError(Hresult::IMAPI_E_IMPORT_TYPE_COLLISION_DIRECTORY_EXISTS_AS_FILE,
                                  path, "is a directory on the disc and none in the image");
}

absl::Status Add(const TreeEditor& edited, Id id, const std::string& path, TreeEditor& merged) {
  EntryData data = edited.data(id);
  const TreeEditor::Attributes attributes = {data.modify_time, data.posix};
  if (data.type == EntryType::kDirectory) return merged.AddDirectory(path, attributes).status();
  if (data.type == EntryType::kSymlink)
    return merged.AddSymlink(path, data.symlink_target, attributes).status();
  return merged.AddFile(path, *edited.content(id), data.bytes, attributes).status();
}

// Puts one entry of `edited` into `merged`, the parent of which is there.
absl::Status Merge(const TreeEditor& edited, Id id, const std::string& path, TreeEditor& merged) {
  const absl::StatusOr<Id> twin = merged.FindItem(path);
  if (twin.ok()) {
    const bool is_directory = edited.type(id) == EntryType::kDirectory;
    if (is_directory != (merged.type(*twin) == EntryType::kDirectory))
      return CollisionError(path, is_directory);
    if (is_directory) return absl::OkStatus();
    RETURN_IF_ERROR(merged.RemoveItem(path));
  }
  return Add(edited, id, path, merged);
}

}  // namespace

absl::StatusOr<std::shared_ptr<TreeEditor>> MergeImport(std::shared_ptr<const FileTree> imported,
                                                        const TreeEditor& edited) {
  auto merged = std::make_shared<TreeEditor>(std::move(imported), edited.change_point() + 1);
  std::vector<std::pair<Id, std::string>> left = {{edited.root(), ""}};
  while (!left.empty()) {
    const auto [directory, path] = std::move(left.back());
    left.pop_back();
    for (const Id child : edited.Children(directory, 0, kAll)) {
      std::string child_path = absl::StrCat(path, "/", edited.name(child));
      RETURN_IF_ERROR(Merge(edited, child, child_path, *merged));
      if (edited.type(child) == EntryType::kDirectory)
        left.emplace_back(child, std::move(child_path));
    }
  }
  merged->LockInChangePoint();
  return merged;
}

}  // namespace carousel
