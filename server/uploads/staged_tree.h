// A listed tree as edits of an image's tree. Reads no file and no disc.
#ifndef SERVER_UPLOADS_STAGED_TREE_H_
#define SERVER_UPLOADS_STAGED_TREE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/image/tree_editor.h"
#include "server/mastering/content.h"
#include "server/uploads/staging_folder.h"

namespace carousel {

// Where a tree goes: below the directory `directory`, which must be there; with `base`, in a
// directory of that name in it.
struct TreeDestination {
  std::string directory;  // empty is the root
  std::string base;
  TreeEditor::Attributes base_attributes;  // of that directory if it is new
};

// The content of the file with that index among the entries.
using ContentOf = absl::FunctionRef<mastering::ContentHandle(size_t)>;

// Adds `entries`, each directory of which stands before what is in it. On a collision the source
// wins, as IFsiDirectoryItem::AddTree has it: a file or link takes the place of what was there, a
// directory that of a file; two directories become one with the older's attributes. Codes of
// TreeEditor::AddDirectory, AddFile and AddSymlink, and of FindDirectory. An error leaves what was
// added before it.
absl::Status AddEntries(const std::vector<StagedEntry>& entries, const TreeDestination& destination,
                        ContentOf content, TreeEditor& editor);

}  // namespace carousel

#endif  // SERVER_UPLOADS_STAGED_TREE_H_
