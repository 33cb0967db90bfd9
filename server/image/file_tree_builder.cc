#include "server/image/file_tree_builder.h"

#include <utility>

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

void FileTreeBuilder::SetRoot(const Entry& entry) {
  FileTree::Rep::Row& row = tree_.rep_->rows[0];
  row.bytes = entry.bytes;
  row.time = entry.modify_ticks;
  row.attributes = static_cast<uint32_t>(entry.attributes);
  tree_.rep_->SetInode(0, entry.inode);
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

std::string FileTreeBuilder::Path(FileTree::Id id) const { return tree_.Path(id); }
int64_t FileTreeBuilder::entry_count() const { return tree_.entry_count(); }
int64_t FileTreeBuilder::file_count() const { return tree_.file_count(); }
int64_t FileTreeBuilder::directory_count() const { return tree_.directory_count(); }

size_t FileTreeBuilder::MemoryUse() const {
  return tree_.MemoryUse() + (run_.capacity() + dropped_.capacity()) * sizeof(uint32_t);
}

FileTree FileTreeBuilder::Build() && { return std::move(tree_); }

}  // namespace carousel
