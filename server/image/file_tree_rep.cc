#include "server/image/file_tree_rep.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace carousel {
namespace {

// Trees with more entries than a 32-bit identity can tell apart.
constexpr size_t kMaxEntries = 0xFFFFFFFF;

size_t CommonPrefix(absl::string_view a, absl::string_view b) {
  const size_t limit = std::min(a.size(), b.size());
  size_t n = 0;
  while (n < limit && a[n] == b[n]) ++n;
  return n;
}

// Names hold no NUL, so that the padding of a short name sorts before every longer one.
uint64_t PrefixOf(absl::string_view name, size_t from) {
  uint64_t prefix = 0;
  for (size_t i = 0; i < 8; ++i) {
    prefix <<= 8;
    if (from + i < name.size()) prefix |= static_cast<uint8_t>(name[from + i]);
  }
  return prefix;
}

}  // namespace

FileTree::Rep::Rep() {
  directories.push_back(Range{});
  rows.push_back(Row{.name = *strings.Add(""),
                     .parent = 0,
                     .where = 0,
                     .type = EntryType::kDirectory,
                     .where_kind = Where::kDirectory});
}

absl::StatusOr<uint32_t> FileTree::Rep::Append(Row row, absl::string_view name) {
  if (rows.size() >= kMaxEntries) return absl::ResourceExhaustedError("too many entries");
  const std::optional<uint32_t> handle = strings.Add(name);
  if (!handle.has_value()) return absl::ResourceExhaustedError("more than 4 GiB of names");
  row.name = *handle;
  row.name_length = static_cast<uint16_t>(name.size());
  row.dropped = false;
  if (row.type == EntryType::kDirectory) {
    row.where_kind = Where::kDirectory;
    row.where = static_cast<uint32_t>(directories.size());
    directories.push_back(Range{});
    ++directory_entries;
  } else {
    ++files;
  }
  rows.push_back(row);
  return static_cast<uint32_t>(rows.size() - 1);
}

uint32_t FileTree::Rep::Intern(const PosixAttributes& posix) {
  const auto [place, added] = attribute_index.try_emplace(
      AttributesKey(posix.mode, posix.uid, posix.gid, posix.links, posix.device),
      static_cast<uint32_t>(attributes.size() + 1));
  if (added) {
    attributes.push_back(posix);
    attributes.back().inode = 0;
  }
  return place->second;
}

void FileTree::Rep::SetInode(uint32_t id, uint64_t inode) {
  if (inode < kLargeInode) {
    rows[id].inode = static_cast<uint32_t>(inode);
    return;
  }
  rows[id].inode = kLargeInode;
  large_inodes[id] = inode;
}

absl::StatusOr<uint32_t> FileTree::Rep::AddTarget(absl::string_view target) {
  const char length[2] = {static_cast<char>(target.size() >> 8), static_cast<char>(target.size())};
  const std::optional<uint32_t> handle =
      strings.Add(absl::StrCat(absl::string_view(length, sizeof(length)), target));
  if (!handle.has_value()) return absl::ResourceExhaustedError("more than 4 GiB of names");
  return *handle;
}

absl::string_view FileTree::Rep::Target(uint32_t handle) const {
  const char* text = strings.Get(handle);
  const size_t length = static_cast<uint8_t>(text[0]) << 8 | static_cast<uint8_t>(text[1]);
  return absl::string_view(text + 2, length);
}

void FileTree::Rep::SetExtents(absl::Span<const Extent> list, Row& row) {
  if (list.empty()) return;
  const int64_t start = list[0].start.value();
  if (list.size() == 1 && list[0].bytes == row.bytes && start >= 0 && start <= 0xFFFFFFFF) {
    row.where = static_cast<uint32_t>(start);
    row.where_kind = Where::kSector;
    return;
  }
  row.where = AddExtents(list);
  row.where_kind = Where::kExtents;
}

uint32_t FileTree::Rep::AddExtents(absl::Span<const Extent> list) {
  extent_lists.push_back(
      Range{static_cast<uint32_t>(extents.size()), static_cast<uint32_t>(list.size())});
  extents.insert(extents.end(), list.begin(), list.end());
  return static_cast<uint32_t>(extent_lists.size() - 1);
}

void FileTree::Rep::SortByName(absl::Span<uint32_t> ids) {
  bool sorted = true;
  for (size_t i = 1; i < ids.size() && sorted; ++i) sorted = Name(ids[i - 1]) < Name(ids[i]);
  if (sorted) return;
  // Names in one directory tend to share their beginning: compare eight bytes behind it first.
  const absl::string_view first = Name(ids[0]);
  size_t shared = first.size();
  for (const uint32_t id : ids) shared = CommonPrefix(first.substr(0, shared), Name(id));
  sort_keys_.clear();
  for (const uint32_t id : ids) {
    sort_keys_.push_back(
        SortKey{PrefixOf(Name(id), shared), id, static_cast<uint32_t>(sort_keys_.size())});
  }
  std::sort(sort_keys_.begin(), sort_keys_.end(), [this](const SortKey& a, const SortKey& b) {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    const int order = Name(a.id).compare(Name(b.id));
    return order != 0 ? order < 0 : a.position < b.position;
  });
  for (size_t i = 0; i < ids.size(); ++i) ids[i] = sort_keys_[i].id;
}

void FileTree::Rep::SetChildren(uint32_t directory, absl::Span<uint32_t> ids,
                                std::vector<uint32_t>* dropped) {
  SortByName(ids);
  Range& range = directories[rows[directory].where];
  range = Range{static_cast<uint32_t>(children.size()), 0};
  for (size_t i = 0; i < ids.size(); ++i) {
    if (range.count > 0 && Name(children[children.size() - 1]) == Name(ids[i])) {
      Row& row = rows[ids[i]];
      row.dropped = true;
      --(row.type == EntryType::kDirectory ? directory_entries : files);
      if (dropped != nullptr) dropped->push_back(ids[i]);
      continue;
    }
    children.push_back(ids[i]);
    ++range.count;
  }
}

size_t FileTree::Rep::MemoryUse() const {
  // A hash table keeps a control byte beside each of its slots.
  const size_t tables = attribute_index.capacity() * (sizeof(*attribute_index.begin()) + 1) +
                        large_inodes.capacity() * (sizeof(*large_inodes.begin()) + 1) +
                        (names == nullptr ? 0 : names->capacity() * (sizeof(uint32_t) + 1));
  return sizeof(*this) + rows.MemoryUse() + directories.MemoryUse() + children.MemoryUse() +
         strings.MemoryUse() + attributes.capacity() * sizeof(PosixAttributes) + tables +
         extent_lists.capacity() * sizeof(Range) + extents.capacity() * sizeof(Extent) +
         sort_keys_.capacity() * sizeof(SortKey);
}

}  // namespace carousel
