#include "server/uploads/staged_tree.h"

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/image/tree_lookup.h"

namespace carousel {
namespace {

std::string Join(absl::string_view directory, absl::string_view name) {
  return absl::StrCat(directory == "/" ? "" : directory, "/", name);
}

absl::Status AddDirectory(const std::string& path, const TreeEditor::Attributes& attributes,
                          TreeEditor& editor) {
  const absl::StatusOr<TreeEditor::Id> there = editor.FindItem(path);
  if (there.ok() && editor.type(*there) == EntryType::kDirectory) return absl::OkStatus();
  if (there.ok()) RETURN_IF_ERROR(editor.RemoveItem(path));
  return editor.AddDirectory(path, attributes).status();
}

absl::Status AddEntry(const StagedEntry& entry, const std::string& path,
                      mastering::ContentHandle content, TreeEditor& editor) {
  if (entry.type == EntryType::kDirectory) return AddDirectory(path, entry.attributes, editor);
  if (editor.FindItem(path).ok()) RETURN_IF_ERROR(editor.RemoveTree(path));
  if (entry.type == EntryType::kSymlink)
    return editor.AddSymlink(path, entry.target, entry.attributes).status();
  return editor.AddFile(path, content, entry.identity.bytes, entry.attributes).status();
}

}  // namespace

absl::Status AddEntries(const std::vector<StagedEntry>& entries, const TreeDestination& destination,
                        ContentOf content, TreeEditor& editor) {
  RETURN_IF_ERROR(FindDirectory(editor, destination.directory).status());
  std::string top = destination.directory;
  if (!destination.base.empty()) {
    top = Join(top, destination.base);
    RETURN_IF_ERROR(AddDirectory(top, destination.base_attributes, editor));
  }
  for (size_t i = 0; i < entries.size(); ++i) {
    const bool file = entries[i].type == EntryType::kFile;
    RETURN_IF_ERROR(AddEntry(entries[i], Join(top, entries[i].path),
                             file ? content(i) : mastering::ContentHandle{}, editor));
  }
  return absl::OkStatus();
}

}  // namespace carousel
