#include "server/image/mastering_input.h"

#include <cstddef>
#include <limits>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "hal/base/status_macros.h"
#include "server/image/file_tree_builder.h"

namespace carousel {
namespace {

constexpr size_t kAll = std::numeric_limits<size_t>::max();

struct Directory {
  TreeEditor::Id from{};
  FileTree::Id to = FileTree::kRoot;
};

// Adds the entries of one directory; directories among them go to `left`.
absl::Status Copy(const TreeEditor& editor, const Directory& directory, FileTreeBuilder& builder,
                  std::vector<mastering::NewFile>& new_files, std::vector<Directory>& left) {
  const std::vector<TreeEditor::Id> children = editor.Children(directory.from, 0, kAll);
  for (const TreeEditor::Id child : children) {
    const EntryData data = editor.data(child);
    ASSIGN_OR_RETURN(const FileTree::Id id,
                     builder.Append(directory.to, editor.name(child), builder.EntryOf(data)));
    if (data.type == EntryType::kDirectory) left.push_back({.from = child, .to = id});
    if (const auto content = editor.content(child); content.has_value())
      new_files.push_back({.file = id, .content = *content});
  }
  if (!children.empty()) builder.EndDirectory(directory.to);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<MasteringInput> MakeMasteringInput(const TreeEditor& editor) {
  FileTreeBuilder builder;
  std::vector<mastering::NewFile> new_files;
  const EntryData root = editor.data(editor.root());
  builder.Update(FileTree::kRoot, builder.EntryOf(root));
  std::vector<Directory> left = {{.from = editor.root(), .to = FileTree::kRoot}};
  while (!left.empty()) {
    const Directory directory = left.back();
    left.pop_back();
    RETURN_IF_ERROR(Copy(editor, directory, builder, new_files, left));
  }
  return MasteringInput{.tree = std::move(builder).Build(), .new_files = std::move(new_files)};
}

}  // namespace carousel
