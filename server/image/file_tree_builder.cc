#include "server/image/file_tree_builder.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/image/file_tree_rep.h"
#include "server/image/file_tree_time.h"

namespace carousel {

FileTreeBuilder::FileTreeBuilder() = default;
FileTreeBuilder::~FileTreeBuilder() = default;

int64_t FileTreeBuilder::Ticks(absl::Time time) { return ToTicks(time); }

FileTreeBuilder::Attributes FileTreeBuilder::Intern(const PosixAttributes& posix) {
  return Attributes{tree_.rep_->Intern(posix)};
}

FileTreeBuilder::Entry FileTreeBuilder::EntryOf(const EntryData& data) {
  Entry entry = {.type = data.type,
                 .bytes = data.bytes,
                 .modify_ticks = Ticks(data.modify_time),
                 .extents = data.extents,
                 .symlink_target = data.symlink_target};
  if (data.posix.has_value()) {
    entry.attributes = Intern(*data.posix);
    entry.inode = data.posix->inode;
  }
  return entry;
}

void FileTreeBuilder::Update(FileTree::Id id, const Entry& entry) {
  FileTree::Rep::Row& row = tree_.rep_->rows[static_cast<uint32_t>(id)];
  row.time = entry.modify_ticks;
  row.attributes = static_cast<uint32_t>(entry.attributes);
  tree_.rep_->SetInode(static_cast<uint32_t>(id), entry.inode);
}

absl::StatusOr<FileTree::Id> FileTreeBuilder::Append(FileTree::Id parent, absl::string_view name,
                                                     const Entry& entry) {
  FileTree::Rep::Row row = {.bytes = entry.bytes,
                            .time = entry.modify_ticks,
                            .parent = static_cast<uint32_t>(parent),
                            .attributes = static_cast<uint32_t>(entry.attributes),
                            .type = entry.type,
                            .where_kind = FileTree::Rep::Where::kNothing};
  if (entry.type == EntryType::kFile) {
    tree_.rep_->SetExtents(entry.extents, row);
  } else if (entry.type == EntryType::kSymlink) {
    ASSIGN_OR_RETURN(row.where, tree_.rep_->AddTarget(entry.symlink_target));
    row.where_kind = FileTree::Rep::Where::kTarget;
  }
  ASSIGN_OR_RETURN(const uint32_t id, tree_.rep_->Append(row, name));
  if (entry.inode != 0) tree_.rep_->SetInode(id, entry.inode);
  run_.push_back(id);
  return FileTree::Id{id};
}

absl::Span<const uint32_t> FileTreeBuilder::EndDirectory(FileTree::Id directory) {
  dropped_.clear();
  tree_.rep_->SetChildren(static_cast<uint32_t>(directory), absl::MakeSpan(run_), &dropped_);
  run_.clear();
  return dropped_;
}

void FileTreeBuilder::DropEmptyDirectory(FileTree::Id id) {
  FileTree::Rep& rep = *tree_.rep_;
  const uint32_t index = static_cast<uint32_t>(id);
  FileTree::Rep::Range& siblings = rep.directories[rep.rows[rep.rows[index].parent].where];
  uint32_t kept = siblings.first;
  for (uint32_t i = siblings.first; i < siblings.first + siblings.count; ++i) {
    if (rep.children[i] != index) rep.children[kept++] = rep.children[i];
  }
  siblings.count = kept - siblings.first;
  rep.rows[index].dropped = true;
  --rep.directory_entries;
}

std::string FileTreeBuilder::Path(FileTree::Id id, size_t max_bytes) const {
  // Climbs no further than what is shown, whatever the depth.
  std::string path;
  for (; id != FileTree::kRoot && path.size() <= max_bytes; id = tree_.parent(id))
    path = absl::StrCat("/", tree_.name(id), path);
  if (path.size() > max_bytes) return absl::StrCat("...", path.substr(path.size() - max_bytes));
  return path.empty() ? "/" : path;
}

size_t FileTreeBuilder::child_count(FileTree::Id directory) const {
  return tree_.child_count(directory);
}
int64_t FileTreeBuilder::entry_count() const { return tree_.entry_count(); }
int64_t FileTreeBuilder::file_count() const { return tree_.file_count(); }
int64_t FileTreeBuilder::directory_count() const { return tree_.directory_count(); }

size_t FileTreeBuilder::MemoryUse() const {
  return tree_.MemoryUse() + (run_.capacity() + dropped_.capacity()) * sizeof(uint32_t);
}

FileTree FileTreeBuilder::Build() && { return std::move(tree_); }

}  // namespace carousel
