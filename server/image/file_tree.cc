#include "server/image/file_tree.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/image/file_tree_rep.h"
#include "server/image/file_tree_time.h"

namespace carousel {
namespace {

uint32_t Index(FileTree::Id id) { return static_cast<uint32_t>(id); }

}  // namespace

FileTree::FileTree() : rep_(std::make_unique<Rep>()) {}
FileTree::FileTree(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
FileTree::~FileTree() = default;
FileTree::FileTree(FileTree&&) noexcept = default;
FileTree& FileTree::operator=(FileTree&&) noexcept = default;

bool FileTree::IsValidName(absl::string_view name) {
  if (name.empty() || name.size() > kMaxNameBytes || name == "." || name == "..") return false;
  return std::memchr(name.data(), '/', name.size()) == nullptr &&
         std::memchr(name.data(), '\0', name.size()) == nullptr;
}

absl::StatusOr<FileTree::Id> FileTree::Add(Id parent, absl::string_view name,
                                           const EntryData& data) {
  if (!IsValidName(name)) return absl::InvalidArgumentError("not a name of an entry");
  if (Index(parent) >= rep_->rows.size() || type(parent) != EntryType::kDirectory)
    return absl::InvalidArgumentError("the parent is no directory");
  if (data.symlink_target.size() > kMaxTargetBytes)
    return absl::InvalidArgumentError("the link's target is too long");
  if (rep_->names == nullptr) {
    rep_->names =
        std::make_unique<Rep::NameSet>(0, Rep::NameHash{rep_.get()}, Rep::NameEq{rep_.get()});
    for (uint32_t id = 1; id < rep_->rows.size(); ++id) {
      if (!rep_->rows[id].dropped) rep_->names->insert(id);
    }
  }
  if (rep_->names->contains(Rep::NameKey{Index(parent), name}))
    return absl::AlreadyExistsError(absl::StrCat("there is an entry '", name, "' already"));
  Rep::Row row = {.bytes = data.bytes,
                  .time = ToTicks(data.modify_time),
                  .parent = Index(parent),
                  .type = data.type,
                  .where_kind = Rep::Where::kNothing};
  if (data.type == EntryType::kSymlink) {
    ASSIGN_OR_RETURN(row.where, rep_->AddTarget(data.symlink_target));
    row.where_kind = Rep::Where::kTarget;
  } else if (data.type == EntryType::kFile) {
    rep_->SetExtents(data.extents, row);
  }
  if (data.posix.has_value()) row.attributes = rep_->Intern(*data.posix);
  ASSIGN_OR_RETURN(const uint32_t id, rep_->Append(row, name));
  if (data.posix.has_value()) rep_->SetInode(id, data.posix->inode);
  rep_->names->insert(id);
  return Id{id};
}

void FileTree::SetRoot(const EntryData& data) {
  Rep::Row& row = rep_->rows[Index(kRoot)];
  row.bytes = data.bytes;
  row.time = ToTicks(data.modify_time);
  row.attributes = data.posix.has_value() ? rep_->Intern(*data.posix) : 0;
  if (data.posix.has_value()) rep_->SetInode(Index(kRoot), data.posix->inode);
}

void FileTree::Finish() {
  rep_->names.reset();
  rep_->children.Truncate(0);
  // Counting sort by parent; then every directory's run by name.
  std::vector<uint32_t> end(rep_->directories.size() + 1, 0);
  const auto directory_of = [&](uint32_t id) { return rep_->rows[rep_->rows[id].parent].where; };
  for (uint32_t id = 1; id < rep_->rows.size(); ++id) {
    if (!rep_->rows[id].dropped) ++end[directory_of(id) + 1];
  }
  for (size_t i = 1; i < end.size(); ++i) end[i] += end[i - 1];
  std::vector<uint32_t> ids(end.back());
  std::vector<uint32_t> next(end.begin(), end.end() - 1);
  for (uint32_t id = 1; id < rep_->rows.size(); ++id) {
    if (!rep_->rows[id].dropped) ids[next[directory_of(id)]++] = id;
  }
  for (uint32_t id = 0; id < rep_->rows.size(); ++id) {
    const Rep::Row& row = rep_->rows[id];
    if (row.type != EntryType::kDirectory || row.dropped) continue;
    const uint32_t first = end[row.where];
    rep_->SetChildren(id, absl::MakeSpan(ids).subspan(first, end[row.where + 1] - first), nullptr);
  }
}

absl::string_view FileTree::name(Id id) const { return rep_->Name(Index(id)); }
FileTree::Id FileTree::parent(Id id) const { return Id{rep_->rows[Index(id)].parent}; }
EntryType FileTree::type(Id id) const { return rep_->rows[Index(id)].type; }

EntryData FileTree::data(Id id) const {
  const Rep::Row& row = rep_->rows[Index(id)];
  EntryData data = {.type = row.type, .bytes = row.bytes, .modify_time = FromTicks(row.time)};
  if (row.attributes != 0) {
    data.posix = rep_->attributes[row.attributes - 1];
    data.posix->inode =
        row.inode == Rep::kLargeInode ? rep_->large_inodes.at(Index(id)) : row.inode;
  }
  if (row.where_kind == Rep::Where::kSector) {
    data.extents.push_back(Extent{Lba(row.where), row.bytes});
  } else if (row.where_kind == Rep::Where::kExtents) {
    const Rep::Range range = rep_->extent_lists[row.where];
    const auto first = rep_->extents.begin() + range.first;
    data.extents.assign(first, first + range.count);
  } else if (row.where_kind == Rep::Where::kTarget) {
    data.symlink_target = std::string(rep_->Target(row.where));
  }
  return data;
}

std::string FileTree::Path(Id id) const {
  if (id == kRoot) return "/";
  std::vector<absl::string_view> names;
  size_t bytes = 0;
  for (; id != kRoot; id = parent(id)) {
    names.push_back(name(id));
    bytes += names.back().size() + 1;
  }
  std::string path;
  path.reserve(bytes);
  for (auto it = names.rbegin(); it != names.rend(); ++it) absl::StrAppend(&path, "/", *it);
  return path;
}

size_t FileTree::child_count(Id directory) const {
  const Rep::Row& row = rep_->rows[Index(directory)];
  return row.type == EntryType::kDirectory ? rep_->directories[row.where].count : 0;
}

std::vector<FileTree::Id> FileTree::Children(Id directory, size_t first, size_t limit) const {
  const size_t count = child_count(directory);
  std::vector<Id> ids;
  if (first >= count) return ids;
  const size_t begin = rep_->directories[rep_->rows[Index(directory)].where].first + first;
  const size_t end = begin + std::min(limit, count - first);
  ids.reserve(end - begin);
  for (size_t i = begin; i < end; ++i) ids.push_back(Id{rep_->children[i]});
  return ids;
}

absl::StatusOr<FileTree::Id> FileTree::FindChild(Id directory, absl::string_view name) const {
  const size_t count = child_count(directory);
  if (count == 0) return absl::NotFoundError("no such entry");
  size_t low = rep_->directories[rep_->rows[Index(directory)].where].first;
  size_t high = low + count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    const int order = rep_->Name(rep_->children[middle]).compare(name);
    if (order == 0) return Id{rep_->children[middle]};
    (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
  }
  return absl::NotFoundError("no such entry");
}

absl::StatusOr<FileTree::Id> FileTree::Find(absl::string_view path) const {
  if (path.empty() || path[0] != '/') return absl::InvalidArgumentError("not an absolute path");
  Id id = kRoot;
  absl::string_view rest = path.substr(1);
  while (!rest.empty()) {
    const size_t slash = rest.find('/');
    const absl::string_view component = rest.substr(0, slash);
    if (component.empty() || component == "." || component == ".." || slash == rest.size() - 1)
      return absl::InvalidArgumentError("the path has an empty, '.' or '..' component");
    absl::StatusOr<Id> child = FindChild(id, component);
    if (!child.ok()) return absl::NotFoundError(absl::StrCat("no entry '", path, "'"));
    id = *child;
    if (slash == absl::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  return id;
}

int64_t FileTree::file_count() const { return rep_->files; }
int64_t FileTree::directory_count() const { return rep_->directory_entries; }

size_t FileTree::MemoryUse() const { return rep_->MemoryUse(); }

}  // namespace carousel
