// Makes a FileTree out of whole directories, as a file system's reader meets them: without a
// look-up or an allocation for each entry. Where entries come one by one, FileTree::Add is the way
// in.
#ifndef SERVER_IMAGE_FILE_TREE_BUILDER_H_
#define SERVER_IMAGE_FILE_TREE_BUILDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/image/file_tree.h"

namespace carousel {

// Not thread-safe.
class FileTreeBuilder {
 public:
  // Attributes that Intern has seen.
  enum class Attributes : uint32_t { kNone = 0 };

  // Everything about one entry but its name and place. What the views point at need not outlive
  // the call.
  struct Entry {
    EntryType type = EntryType::kFile;
    int64_t bytes = 0;
    int64_t modify_ticks = 0;  // by Ticks
    Attributes attributes = Attributes::kNone;
    uint64_t inode = 0;
    absl::Span<const Extent> extents;  // of a file
    absl::string_view symlink_target;  // at most FileTree::kMaxTargetBytes
  };

  FileTreeBuilder();
  ~FileTreeBuilder();

  // A time as entries have it: units of 100 ns since the Unix epoch.
  static constexpr int64_t kTicksPerSecond = 10'000'000;
  static int64_t Ticks(absl::Time time);
  // Attributes as entries have them, the inode apart.
  Attributes Intern(const PosixAttributes& posix);
  // An entry that another tree has. Views `data`.
  Entry EntryOf(const EntryData& data);

  // Gives an entry, the root among them, another time, other attributes and another inode.
  void Update(FileTree::Id id, const Entry& entry);

  // Adds an entry to the open run of the directory `parent`; runs end with EndDirectory, and no
  // other directory's entries come between. `name` is valid (FileTree::IsValidName) and may be
  // there already. RESOURCE_EXHAUSTED as FileTree::Add.
  absl::StatusOr<FileTree::Id> Append(FileTree::Id parent, absl::string_view name,
                                      const Entry& entry);

  // Ends the run of `directory`, once for each directory that has entries. Of several entries of
  // one name the first stays; the others are dropped and returned. Valid until the next call.
  absl::Span<const uint32_t> EndDirectory(FileTree::Id directory);

  // Takes a directory without entries, whose parent's run has ended, out of the tree.
  void DropEmptyDirectory(FileTree::Id id);

  // The path, or no more than the last `max_bytes` of it behind "...".
  std::string Path(FileTree::Id id, size_t max_bytes) const;
  size_t child_count(FileTree::Id directory) const;
  int64_t entry_count() const;
  int64_t file_count() const;
  int64_t directory_count() const;
  size_t MemoryUse() const;

  // The tree, finished. The builder is spent.
  FileTree Build() &&;

 private:
  FileTree tree_;
  std::vector<uint32_t> run_;  // entries of the open directory
  std::vector<uint32_t> dropped_;
};

}  // namespace carousel

#endif  // SERVER_IMAGE_FILE_TREE_BUILDER_H_
