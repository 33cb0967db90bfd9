// The walk over a tree's directories that ReadTree makes; its state from directory to directory.
#ifndef SERVER_FS_ISO9660_TREE_READER_H_
#define SERVER_FS_ISO9660_TREE_READER_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/fs/block_reader.h"
#include "server/fs/iso9660/continuation.h"
#include "server/fs/iso9660/directory_record.h"
#include "server/fs/iso9660/reader.h"
#include "server/fs/iso9660/rock_ridge.h"
#include "server/fs/iso9660/worklist.h"
#include "server/image/file_tree.h"
#include "server/image/file_tree_builder.h"

namespace carousel::iso9660 {

// Reads one tree. Used once.
class TreeReader {
 public:
  // All must outlive the reader; `observer` may be null.
  TreeReader(BlockReader* disc, const Volume& volume, Tree tree, bool rock_ridge,
             const Limits& limits, Observer* observer);

  // As ReadTree.
  absl::StatusOr<ReadResult> Run();

 private:
  struct Directory {
    uint32_t start = 0;
    uint32_t bytes = 0;
    bool relocated = false;  // by CL: its length and attributes stand in its own first record
    uint16_t depth = 0;
    uint32_t parent = 0;  // index in directories_
    FileTree::Id id = FileTree::kRoot;
  };
  // A file whose records go on.
  struct OpenFile {
    bool open = false;
    std::string identifier;
    std::string name;
    std::vector<Extent> extents;
    FileTreeBuilder::Entry entry;
  };
  struct Remembered {
    PosixAttributes posix;
    FileTreeBuilder::Attributes attributes = FileTreeBuilder::Attributes::kNone;
  };

  absl::Status ReadDirectory(uint32_t index);
  absl::Status ReadSectors(Lba start, Sectors count);
  // The first record: checks that this is a directory, and the one meant.
  absl::Status ReadSelf(Directory& directory);
  absl::Status ReadRootSelf(const DirectoryRecord& self, Lba at);
  absl::Status ReadRecords(absl::Span<const uint8_t> sector, Lba at);
  absl::Status FinishDirectory(uint32_t index);
  void FinishRelocation();

  absl::Status HandleRecord(const DirectoryRecord& record, Lba at);
  absl::Status HandleSection(const DirectoryRecord& record, Lba at);
  absl::StatusOr<absl::string_view> NameOf(const DirectoryRecord& record, Lba at);
  // Type, time and attributes by rock_ridge_ and `record`.
  void Describe(const DirectoryRecord& record, Lba at, FileTreeBuilder::Entry& entry);
  FileTreeBuilder::Attributes Intern(const PosixAttributes& posix);
  absl::Status AddDirectory(const DirectoryRecord& record, absl::string_view name,
                            const FileTreeBuilder::Entry& entry, Lba at);
  absl::Status AddFile(const DirectoryRecord& record, absl::string_view name,
                       FileTreeBuilder::Entry entry, Lba at);
  absl::StatusOr<FileTree::Id> Append(absl::string_view name, const FileTreeBuilder::Entry& entry);
  // Counts a reference to the directory at `start` under the one being read.
  absl::Status CheckForLoop(uint32_t start, Lba at);
  absl::Status CheckMemory() const;
  absl::Status Report(uint32_t index);
  void Warn(absl::string_view what, Lba at);
  // The end of a long path; all of a short one.
  std::string ShownPath(FileTree::Id id) const;

  BlockReader& disc_;
  const Lba end_;
  const Volume volume_;
  const bool joliet_;
  const Limits limits_;
  Observer* const observer_;
  const int64_t read_budget_;

  FileTreeBuilder builder_;
  std::vector<Directory> directories_;
  Worklist worklist_;
  absl::flat_hash_map<uint32_t, uint8_t> references_;  // to directories, by address
  ContinuationReader continuations_;
  std::optional<RockRidgeReader> rock_ridge_reader_;
  std::vector<std::string> warnings_;
  std::vector<uint32_t> moved_from_;   // addresses of directories with RE
  std::vector<uint32_t> moved_to_;     // addresses that CL entries name
  std::vector<FileTree::Id> emptied_;  // top directories in which everything belongs elsewhere
  int64_t directories_done_ = 0;
  int64_t bytes_read_ = 0;

  // Of the directory being read.
  uint32_t current_ = 0;
  int64_t moved_here_ = 0;
  std::vector<Directory> found_;
  OpenFile open_file_;

  // Kept for their memory.
  std::vector<uint8_t> buffer_;
  std::vector<Extent> extents_;
  std::string name_;
  RockRidge rock_ridge_;
  std::array<Remembered, 16> remembered_;
};

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_TREE_READER_H_
