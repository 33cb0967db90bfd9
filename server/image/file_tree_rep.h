// How a FileTree is kept: one 40-byte row an entry, names and link targets pooled, attributes
// interned, children as one array of sorted runs. For file_tree.cc and file_tree_builder.cc only.
#ifndef SERVER_IMAGE_FILE_TREE_REP_H_
#define SERVER_IMAGE_FILE_TREE_REP_H_

#include <cstdint>
#include <memory>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/image/chunked_array.h"
#include "server/image/file_tree.h"
#include "server/image/string_pool.h"

namespace carousel {

struct FileTree::Rep {
  // What Row::where says.
  enum class Where : uint8_t {
    kNothing,
    kSector,     // one extent of Row::bytes bytes from this sector on
    kExtents,    // index in extent_lists
    kTarget,     // of a symlink: handle of a 16-bit length and the bytes
    kDirectory,  // index in directories
  };
  struct Row {
    int64_t bytes;
    int64_t time;   // units of 100 ns since the Unix epoch
    uint32_t name;  // handle in strings
    uint32_t parent;
    uint32_t where;
    uint32_t attributes;  // 1 + index in attributes; 0: none
    uint32_t inode;       // kLargeInode: in large_inodes
    uint16_t name_length;
    EntryType type;
    Where where_kind : 4;
    bool dropped : 1;  // a name that was there already: in no directory's list
  };
  static_assert(sizeof(Row) <= 40);
  struct Range {
    uint32_t first = 0;
    uint32_t count = 0;
  };
  static constexpr uint32_t kLargeInode = 0xFFFFFFFF;

  // Names of one tree as keys, by parent and bytes.
  struct NameKey {
    uint32_t parent;
    absl::string_view name;
  };
  struct NameHash {
    using is_transparent = void;
    const Rep* rep;
    size_t operator()(const NameKey& key) const { return absl::HashOf(key.parent, key.name); }
    size_t operator()(uint32_t id) const { return (*this)(rep->Key(id)); }
  };
  struct NameEq {
    using is_transparent = void;
    const Rep* rep;
    static NameKey ToKey(const Rep*, const NameKey& key) { return key; }
    static NameKey ToKey(const Rep* rep, uint32_t id) { return rep->Key(id); }
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      const NameKey x = ToKey(rep, a);
      const NameKey y = ToKey(rep, b);
      return x.parent == y.parent && x.name == y.name;
    }
  };
  using NameSet = absl::flat_hash_set<uint32_t, NameHash, NameEq>;
  using AttributesKey = std::tuple<uint32_t, uint32_t, uint32_t, uint32_t, uint64_t>;

  Rep();

  absl::string_view Name(uint32_t id) const {
    const Row& row = rows[id];
    return absl::string_view(strings.Get(row.name), row.name_length);
  }
  NameKey Key(uint32_t id) const { return NameKey{rows[id].parent, Name(id)}; }

  // Adds a row; the name's validity and uniqueness are the caller's affair. `row` has everything
  // but its name. RESOURCE_EXHAUSTED as FileTree::Add.
  absl::StatusOr<uint32_t> Append(Row row, absl::string_view name);
  // 1 + the index of the same attributes, the inode apart.
  uint32_t Intern(const PosixAttributes& posix);
  void SetInode(uint32_t id, uint64_t inode);
  // Keeps a link's target of at most kMaxTargetBytes. RESOURCE_EXHAUSTED as FileTree::Add.
  absl::StatusOr<uint32_t> AddTarget(absl::string_view target);
  absl::string_view Target(uint32_t handle) const;
  // Where the data of a file lie, as a row has it.
  void SetExtents(absl::Span<const Extent> list, Row& row);
  // Index of a new list.
  uint32_t AddExtents(absl::Span<const Extent> list);
  // Sorts `ids`, children of one directory, by name; of equal names the first stays first.
  void SortByName(absl::Span<uint32_t> ids);
  // Sorts `ids` and makes them the children of `directory`, but those whose name is there already:
  // their rows are marked and they are appended to `dropped`, if there is one.
  void SetChildren(uint32_t directory, absl::Span<uint32_t> ids, std::vector<uint32_t>* dropped);
  size_t MemoryUse() const;

  ChunkedArray<Row, 10> rows;
  ChunkedArray<Range, 8> directories;  // of children
  ChunkedArray<uint32_t, 10> children;
  StringPool strings;
  std::vector<PosixAttributes> attributes;
  absl::flat_hash_map<AttributesKey, uint32_t> attribute_index;
  absl::flat_hash_map<uint32_t, uint64_t> large_inodes;
  std::vector<Range> extent_lists;
  std::vector<Extent> extents;
  int64_t files = 0;
  int64_t directory_entries = 0;
  std::unique_ptr<NameSet> names;  // while entries are added one by one

 private:
  struct SortKey {
    uint64_t prefix;  // eight bytes behind what all names share, big-endian
    uint32_t id;
    uint32_t position;
  };
  std::vector<SortKey> sort_keys_;  // kept from one directory to the next
};

}  // namespace carousel

#endif  // SERVER_IMAGE_FILE_TREE_REP_H_
