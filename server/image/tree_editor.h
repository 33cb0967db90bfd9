// The tree of an image as its client edits it: what was imported, which stays shared and as it is,
// with what was added, moved and removed since. Knows where new contents are, not what they are;
// what is written is made of it by mastering_input.h.
#ifndef SERVER_IMAGE_TREE_EDITOR_H_
#define SERVER_IMAGE_TREE_EDITOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/image/content_uses.h"
#include "server/image/edit_rules.h"
#include "server/image/file_tree.h"
#include "server/image/layered_tree.h"
#include "server/image/tree_undo.h"
#include "server/mastering/content.h"

namespace carousel {

// Each edit is a whole or nothing, and one change point; it takes memory for its own entry, however
// large the tree. Errors are imapi::MakeError's, with metadata path. Every edit: IMAPI_E_READONLY
// (set_read_only), IMAPI_E_INVALID_PATH (no absolute path, or a name that FileTree does not take),
// RESOURCE_EXHAUSTED (LIMIT_REACHED: EditRules::max_records).
// Not thread-safe; const methods may run concurrently. Nothing blocks.
class TreeEditor {
 public:
  // Identifies an entry until it is removed or its change rolled back; never used again.
  using Id = LayeredTree::Id;

  // What a client says about any new entry. Of `posix`, `links` and `inode` are not taken: a new
  // entry is always its own.
  struct Attributes {
    absl::Time modify_time = absl::UnixEpoch();
    std::optional<PosixAttributes> posix;
  };

  // `imported` is finished and does not change; null for an image that has imported nothing.
  // Changes are counted from `change_point` on.
  explicit TreeEditor(std::shared_ptr<const FileTree> imported, int64_t change_point = 0)
      : tree_(std::move(imported)),
        counts_({tree_.imported().file_count(), tree_.imported().directory_count()}),
        change_point_(change_point) {}

  // For edits from now on; what is there stays. None at first.
  void set_rules(EditRules rules) { rules_ = std::move(rules); }

  // Add an entry at `path`, the parent of which is there. IMAPI_E_DUP_NAME: an entry is at `path`,
  // the root among them, imported or new. IMAPI_E_DIR_NOT_FOUND: no parent. IMAPI_E_NOT_DIR: the
  // parent, or what is above it, is no directory. Codes of CheckName.
  // IMAPI_E_ISO9660_LEVELS: by CheckLevel.
  absl::StatusOr<Id> AddDirectory(absl::string_view path, const Attributes& attributes);
  // A file of `bytes`, to be read from `content`. IMAPI_E_INVALID_PARAM: fewer than 0. Codes of
  // CheckSize and CheckSpace.
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

  // Gives an entry, with all below it, the path `destination`, where nothing is; contents and
  // attributes stay what they are. IMAPI_E_ITEM_NOT_FOUND: no `path`. IMAPI_E_INVALID_PARAM: it is
  // the root, or above `destination`. For `destination`: codes of AddDirectory.
  absl::Status MoveItem(absl::string_view path, absl::string_view destination);

  // How many changes were made that are not rolled back.
  int64_t change_point() const { return change_point_; }
  // Forbids to roll back to before now, and forgets what only that needed.
  void LockInChangePoint();
  // Makes the tree what it was at `change_point`. IMAPI_E_READONLY. IMAPI_E_INVALID_PARAM: there
  // has been no such change point, or it lies before the last lock.
  absl::Status RollbackToChangePoint(int64_t change_point);

  // How many records edits hold in memory; each is at most two entries' names and 1 KiB.
  size_t records() const { return tree_.records() + journal_.size(); }
  // Whether edits and rollbacks are refused: a result image was made of the tree.
  void set_read_only(bool read_only) { read_only_ = read_only; }

  // As LayeredTree has them, of entries that are there; FindChild gives nothing where none is.
  const LayeredTree& tree() const { return tree_; }
  Id root() const { return tree_.root(); }
  absl::string_view name(Id id) const { return tree_.name(id); }
  EntryType type(Id id) const { return tree_.type(id); }
  EntryData data(Id id) const { return tree_.data(id); }
  size_t child_count(Id directory) const { return tree_.child_count(directory); }
  std::vector<Id> Children(Id directory, size_t first, size_t limit) const {
    return tree_.Children(directory, first, limit);
  }
  std::optional<Id> FindChild(Id directory, absl::string_view name) const {
    return tree_.FindChild(directory, name);
  }
  std::optional<mastering::ContentHandle> content(Id id) const { return tree_.content(id); }

  int64_t file_count() const { return counts_.files; }
  int64_t directory_count() const { return counts_.directories; }
  // Sectors that the contents of new files take.
  int64_t new_blocks() const { return uses_.blocks(); }
  // The root is the first.
  size_t directory_levels() const { return 1 + LevelsBelow(root()); }

  // The entry at `path`. IMAPI_E_ITEM_NOT_FOUND, IMAPI_E_INVALID_PATH.
  absl::StatusOr<Id> FindItem(absl::string_view path) const;

 private:
  absl::StatusOr<Id> Add(absl::string_view path, LayeredTree::Node node,
                         const Attributes& attributes);
  // Where a new entry at `path` is. Codes of AddDirectory.
  absl::StatusOr<LayeredTree::Place> FindPlace(absl::string_view path,
                                               absl::string_view field) const;
  TreeUndo& Record(std::optional<LayeredTree::Place> place);
  void TakeBack(TreeUndo& undo);
  void Remove(Id id);
  // Calls `visit` for an entry and all below it.
  void Walk(Id id, absl::FunctionRef<void(Id)> visit) const;
  size_t LevelsBelow(Id id) const;
  bool IsBelow(Id id, Id above) const;

  LayeredTree tree_;
  EditRules rules_;
  std::vector<TreeUndo> journal_;  // since the last lock
  TreeCounts counts_;
  ContentUses uses_;
  int64_t change_point_ = 0;
  bool read_only_ = false;
};

}  // namespace carousel

#endif  // SERVER_IMAGE_TREE_EDITOR_H_
