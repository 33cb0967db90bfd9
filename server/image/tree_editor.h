// The tree of an image as its client edits it: what was imported, which stays shared and as it is,
// with what was added and removed since. Knows where new contents are, not what they are; what is
// written is made of it by mastering_input.h.
#ifndef SERVER_IMAGE_TREE_EDITOR_H_
#define SERVER_IMAGE_TREE_EDITOR_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/image/file_tree.h"
#include "server/mastering/content.h"

namespace carousel {

// Each edit is a whole or nothing, and one change point; it takes memory for its own entry, however
// large the tree. Errors are imapi::MakeError's, with metadata path. Every edit: IMAPI_E_READONLY
// (set_read_only), IMAPI_E_INVALID_PATH (no absolute path, or a name that FileTree does not take).
// Not thread-safe; const methods may run concurrently. Nothing blocks.
class TreeEditor {
 public:
  // Identifies an entry until it is removed or its change rolled back; never used again.
  enum class Id : uint64_t {};

  // What a client says about any new entry. Of `posix`, `links` and `inode` are not taken: a new
  // entry is always its own.
  struct Attributes {
    absl::Time modify_time = absl::UnixEpoch();
    std::optional<PosixAttributes> posix;
  };

  // `imported` is finished and does not change; null for an image that has imported nothing.
  explicit TreeEditor(std::shared_ptr<const FileTree> imported);

  // Add an entry at `path`, the parent of which is there. IMAPI_E_DUP_NAME: an entry is at `path`,
  // the root among them, imported or new. IMAPI_E_DIR_NOT_FOUND: no parent. IMAPI_E_NOT_DIR: the
  // parent, or what is above it, is no directory.
  absl::StatusOr<Id> AddDirectory(absl::string_view path, const Attributes& attributes);
  // A file of `bytes`, to be read from `content`. IMAPI_E_INVALID_PARAM: fewer than 0.
  absl::StatusOr<Id> AddFile(absl::string_view path, mastering::ContentHandle content,
                             int64_t bytes, const Attributes& attributes);
  // IMAPI_E_INVALID_PARAM: `target` is empty, longer than FileTree::kMaxTargetBytes or has a NUL.
  absl::StatusOr<Id> AddSymlink(absl::string_view path, absl::string_view target,
                                const Attributes& attributes);

  // Removes one entry. What an imported one says stays on the disc, and in earlier sessions.
  // IMAPI_E_ITEM_NOT_FOUND. IMAPI_E_DIR_NOT_EMPTY: a directory with entries. IMAPI_E_INVALID_PARAM:
  // the root.
  absl::Status RemoveItem(absl::string_view path);
  // Removes an entry and all below it; "/" removes all but the root. Reads what it removes.
  // IMAPI_E_ITEM_NOT_FOUND.
  absl::Status RemoveTree(absl::string_view path);

  // How many changes were made that are not rolled back.
  int64_t change_point() const { return change_point_; }
  // Forbids to roll back to before now, and forgets what only that needed.
  void LockInChangePoint();
  // Makes the tree what it was at `change_point`. IMAPI_E_READONLY. IMAPI_E_INVALID_PARAM: there
  // has been no such change point, or it lies before the last lock.
  absl::Status RollbackToChangePoint(int64_t change_point);

  // How many records edits hold in memory; each is at most an entry's name and data.
  size_t records() const;
  // Whether edits and rollbacks are refused: a result image was made of the tree.
  void set_read_only(bool read_only) { read_only_ = read_only; }

  // As FileTree has them, of entries that are there; FindChild gives nothing where none is.
  Id root() const { return root_; }
  absl::string_view name(Id id) const;
  EntryType type(Id id) const;
  EntryData data(Id id) const;
  size_t child_count(Id directory) const;
  std::vector<Id> Children(Id directory, size_t first, size_t limit) const;
  std::optional<Id> FindChild(Id directory, absl::string_view name) const;
  int64_t file_count() const { return counts_.files; }
  int64_t directory_count() const { return counts_.directories; }

  // The entry at `path`. IMAPI_E_ITEM_NOT_FOUND, IMAPI_E_INVALID_PATH.
  absl::StatusOr<Id> FindItem(absl::string_view path) const;
  // Where a new file's bytes are; nothing for all other entries.
  std::optional<mastering::ContentHandle> content(Id id) const;

 private:
  struct Node {
    Id parent{};
    std::string name;
    EntryData data;
    std::optional<mastering::ContentHandle> content;
  };
  using Key = std::pair<Id, std::string>;  // the directory, and the name in it
  // What is at names of a directory instead of what was imported there: a new entry, or nothing.
  using Changes = std::map<std::string, std::optional<Id>, std::less<>>;
  struct Counts {
    int64_t files = 0;
    int64_t directories = 0;
  };
  // What takes one change back.
  struct Undo {
    Id root{};
    Counts counts;
    std::optional<Id> added;
    std::optional<Key> key;    // nothing if all was removed
    bool was_changed = false;  // whether the key had a change
    std::optional<Id> change;  // what it had
  };

  absl::StatusOr<Id> Add(absl::string_view path, Node node, const Attributes& attributes);
  // The directory that takes the new entry `name` at `path`. Codes of AddDirectory.
  absl::StatusOr<Id> FindPlace(absl::string_view path, absl::string_view parent,
                               absl::string_view name) const;
  void Record(std::optional<Key> key, std::optional<Id> added);
  void Remove(Id id);
  void Clear();
  void SetChange(const Key& key, std::optional<Id> change);
  void EraseChange(const Key& key);
  void Forget(Id id);
  Id NewNode(Node node);
  Id parent(Id id) const;
  Counts CountBelow(Id id) const;
  std::optional<Id> ImportedChild(Id directory, absl::string_view name) const;
  const Changes& ChangesIn(Id directory) const;
  size_t ImportedCount(Id directory) const;
  // How many of the imported children have names below `name`.
  size_t ImportedBelow(Id directory, absl::string_view name) const;

  std::shared_ptr<const FileTree> imported_;
  absl::flat_hash_map<Id, Changes> changes_;  // none empty
  absl::flat_hash_map<Id, Node> nodes_;
  std::vector<Undo> journal_;  // since the last lock
  uint64_t next_node_;
  Id root_{};
  Counts counts_;
  int64_t change_point_ = 0;
  bool read_only_ = false;
};

}  // namespace carousel

#endif  // SERVER_IMAGE_TREE_EDITOR_H_
