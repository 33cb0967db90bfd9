// An imported tree, which stays shared and as it is, with changes laid over it: what is at names
// instead of what was imported there. Knows no paths, no rules and no way back; TreeEditor does.
#ifndef SERVER_IMAGE_LAYERED_TREE_H_
#define SERVER_IMAGE_LAYERED_TREE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "server/image/file_tree.h"
#include "server/mastering/content.h"

namespace carousel {

// Not thread-safe; const methods may run concurrently. Nothing blocks.
class LayeredTree {
 public:
  // Identifies an entry; never used again.
  enum class Id : uint64_t {};

  struct Place {
    Id parent{};
    std::string name;
    bool operator==(const Place&) const = default;
  };
  // A new entry.
  struct Node {
    Place place;
    EntryData data;
    std::optional<mastering::ContentHandle> content;
  };
  // What a name has instead of what was imported there: an entry, or nothing.
  using Change = std::optional<Id>;

  // `imported` is finished and does not change; null is an empty tree.
  explicit LayeredTree(std::shared_ptr<const FileTree> imported);

  const FileTree& imported() const { return *imported_; }
  // Whether an entry was imported, wherever it is now.
  bool IsImported(Id id) const { return has_import_ && InImport(id); }
  Id root() const { return root_; }
  void set_root(Id root) { root_ = root; }

  // As FileTree has them. The root has no name and no parent.
  absl::string_view name(Id id) const;
  Id parent(Id id) const;
  EntryType type(Id id) const;
  EntryData data(Id id) const;
  size_t child_count(Id directory) const;
  std::vector<Id> Children(Id directory, size_t first, size_t limit) const;
  std::optional<Id> FindChild(Id directory, absl::string_view name) const;
  std::string Path(Id id) const;
  // Where a new file's bytes are; nothing for all other entries.
  std::optional<mastering::ContentHandle> content(Id id) const;

  // What was imported at a name, whatever became of it.
  std::optional<Id> ImportedChild(Id directory, absl::string_view name) const;

  // The change at a name; nothing if it has none.
  std::optional<Change> FindChange(const Place& place) const;
  // Lays `change` over what is at a name, or takes the change there away.
  void SetChange(const Place& place, std::optional<Change> change);
  // Makes a name empty.
  void Vacate(const Place& place);

  // An entry that is at no name yet: SetChange puts it where it says it is.
  Id NewNode(Node node);
  void EraseNode(Id id);
  // Where an entry says it is.
  void SetPlace(Id id, Place place);
  // Drops what is held of an entry that is at no name any more, and of what is below it.
  void Forget(Id id);

  // How many records are held in memory; each is at most an entry's name and 1 KiB.
  size_t records() const { return records_; }

 private:
  using Changes = std::map<std::string, Change, std::less<>>;

  // Whether it is an entry of imported_.
  static bool InImport(Id id);
  const Changes& ChangesIn(Id directory) const;
  size_t ImportedCount(Id directory) const;
  // How many of the imported children have names below `name`.
  size_t ImportedBelow(Id directory, absl::string_view name) const;

  const bool has_import_;
  std::shared_ptr<const FileTree> imported_;
  absl::flat_hash_map<Id, Changes> changes_;  // none empty
  absl::flat_hash_map<Id, Node> nodes_;
  absl::flat_hash_map<Id, Place> moved_;  // of imported entries
  uint64_t next_node_;
  Id root_{};
  size_t records_ = 0;
};

}  // namespace carousel

#endif  // SERVER_IMAGE_LAYERED_TREE_H_
