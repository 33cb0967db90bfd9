#include "server/mastering/directory_listing.h"

#include <algorithm>
#include <utility>

#include "server/fs/iso9660/new_identifiers.h"
#include "server/imapi/error.h"

namespace carousel::mastering {

absl::StatusOr<std::vector<ListedEntry>> ListDirectory(const FileTree& tree, FileTree::Id directory,
                                                       const TreeRules& rules) {
  const bool has_all = !rules.joliet && rules.rock_ridge.has_value();
  std::vector<ListedEntry> entries;
  std::vector<iso9660::EntryName> names;
  for (const FileTree::Id id : tree.Children(directory, 0, tree.child_count(directory))) {
    const EntryType type = tree.type(id);
    const bool is_directory = type == EntryType::kDirectory;
    if (!has_all && !is_directory && type != EntryType::kFile) continue;
    entries.push_back(ListedEntry{id, type, std::string()});
    names.push_back(iso9660::EntryName{tree.name(id), is_directory});
  }
  absl::StatusOr<std::vector<std::string>> identifiers =
      rules.joliet ? iso9660::JolietIdentifiers(names, rules.joliet_characters)
                   : iso9660::PrimaryIdentifiers(names, rules.level);
  if (!identifiers.ok())
    return imapi::WithMetadata(identifiers.status(), "path", tree.Path(directory));
  for (size_t i = 0; i < entries.size(); ++i) entries[i].identifier = std::move((*identifiers)[i]);
  // Every character of a name is greater than the '.', as blanks are smaller: the order of bytes is
  // that of padded names and extensions.
  std::sort(entries.begin(), entries.end(),
            [](const ListedEntry& a, const ListedEntry& b) { return a.identifier < b.identifier; });
  return entries;
}

}  // namespace carousel::mastering
