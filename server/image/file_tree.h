// The tree of an image: names, attributes and where the data lie. At most 120 bytes an entry on the
// heap, names included (docs/benchmarks.md).
#ifndef SERVER_IMAGE_FILE_TREE_H_
#define SERVER_IMAGE_FILE_TREE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/base/types.h"

namespace carousel {

enum class EntryType : uint8_t {
  kFile,
  kDirectory,
  kSymlink,
  kFifo,
  kCharacterDevice,
  kBlockDevice,
  kSocket
};

// A run of data on the disc: absolute address, length in bytes (only a file's last extent may end
// inside a sector).
struct Extent {
  Lba start;
  int64_t bytes = 0;
  bool operator==(const Extent&) const = default;
};

// POSIX attributes (RRIP PX). Absent as a whole without Rock Ridge.
struct PosixAttributes {
  uint32_t mode = 0;  // permission, set-id and sticky bits
  uint32_t uid = 0;
  uint32_t gid = 0;
  uint32_t links = 1;
  uint64_t inode = 0;   // PX serial number; 0: none
  uint64_t device = 0;  // PN, for device nodes
  bool operator==(const PosixAttributes&) const = default;
};

// Everything about one entry but its name and place.
struct EntryData {
  EntryType type = EntryType::kFile;
  int64_t bytes = 0;
  absl::Time modify_time = absl::UnixEpoch();
  std::optional<PosixAttributes> posix;
  std::vector<Extent> extents;  // empty for zero-length files and everything that is no file
  std::string symlink_target;   // bytes as on the disc
};

// Names and targets are bytes; what they mean is the caller's affair. Not thread-safe; const
// methods may run concurrently.
class FileTree {
 public:
  // Identifies an entry as long as the tree lives and is not changed. The root is kRoot.
  enum class Id : uint32_t {};
  static constexpr Id kRoot{0};

  // 255 units of UTF-16, IMAPI's and Joliet's, take this much in UTF-8; POSIX names take 255.
  static constexpr size_t kMaxNameBytes = 765;
  static constexpr size_t kMaxTargetBytes = 65'000;

  FileTree();
  ~FileTree();
  FileTree(FileTree&&) noexcept;
  FileTree& operator=(FileTree&&) noexcept;

  // Whether Add takes `name`: not empty, "." or "..", no '/' or NUL in it, at most
  // kMaxNameBytes.
  static bool IsValidName(absl::string_view name);

  // Adds an entry under the directory `parent`. Times are kept in units of 100 ns.
  // INVALID_ARGUMENT: not a valid name; `parent` is no directory; a target of more than 65,000
  // bytes.
  // ALREADY_EXISTS: the name is there. RESOURCE_EXHAUSTED: more than 2^32 - 1 entries or 4 GiB of
  // names.
  absl::StatusOr<Id> Add(Id parent, absl::string_view name, const EntryData& data);

  // The root's own size, time and attributes; the rest of `data` has no meaning there.
  void SetRoot(const EntryData& data);

  // Sorts every directory by name in byte order; look-ups and listings need it after the last Add.
  void Finish();

  absl::string_view name(Id id) const;
  Id parent(Id id) const;
  EntryType type(Id id) const;
  EntryData data(Id id) const;
  std::string Path(Id id) const;  // "/", "/a/b"

  // Children by name in byte order.
  size_t child_count(Id directory) const;
  // The children from index `first` on, at most `limit`.
  std::vector<Id> Children(Id directory, size_t first, size_t limit) const;

  // The child of that name. NOT_FOUND: no such entry.
  absl::StatusOr<Id> FindChild(Id directory, absl::string_view name) const;

  // The entry at an absolute path ("/a/b"; "/" is the root). NOT_FOUND: no such entry.
  // INVALID_ARGUMENT: not an absolute path, or with empty, "." or ".." components.
  absl::StatusOr<Id> Find(absl::string_view path) const;

  int64_t file_count() const;       // everything that is no directory
  int64_t directory_count() const;  // the root not counted
  int64_t entry_count() const { return file_count() + directory_count(); }
  // Heap bytes in use by the tree, by its own count.
  size_t MemoryUse() const;

 private:
  friend class FileTreeBuilder;
  struct Rep;
  explicit FileTree(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace carousel

#endif  // SERVER_IMAGE_FILE_TREE_H_
