#include "server/fs/iso9660/tree_reader.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/fs/iso9660/errors.h"
#include "server/fs/iso9660/file_sections.h"
#include "server/fs/iso9660/identifier.h"
#include "server/fs/iso9660/timestamp.h"
#include "server/imapi/error.h"

namespace carousel::iso9660 {
namespace {

// Sectors asked for at once.
constexpr Sectors kRequest{512};
// A directory that more records than these call their own is no tree's. (Some masters share one
// between two places.)
constexpr int kMaxReferences = 64;
constexpr size_t kMaxWarnings = 100;
constexpr size_t kShownPathBytes = 4096;
constexpr int64_t kMemoryCheckInterval = 4096;  // entries
constexpr int64_t kTicksPerHundredth = FileTreeBuilder::kTicksPerSecond / 100;

// What the directories of a disc may take, read again and again: many times what they do take on
// any disc, and little where a small disc pretends to be endless.
int64_t ReadBudget(Lba end) { return 4 * Sectors(end.value()).bytes() + (int64_t{64} << 20); }

bool IsDevice(EntryType type) {
  return type == EntryType::kCharacterDevice || type == EntryType::kBlockDevice;
}

}  // namespace

TreeReader::TreeReader(BlockReader* disc, const Volume& volume, Tree tree, bool rock_ridge,
                       const Limits& limits, Observer* observer)
    : disc_(*disc),
      end_(disc->end()),
      volume_(volume),
      joliet_(tree == Tree::kJoliet),
      limits_(limits),
      observer_(observer),
      read_budget_(ReadBudget(end_)),
      continuations_(disc, read_budget_) {
  // The bytes to skip are known once the root's own record has been read.
  if (rock_ridge && !joliet_) rock_ridge_reader_.emplace(&continuations_, 0);
}

absl::StatusOr<ReadResult> TreeReader::Run() {
  directories_.push_back(Directory{.start = static_cast<uint32_t>(volume_.root.value()),
                                   .bytes = static_cast<uint32_t>(volume_.root_bytes)});
  references_[directories_[0].start] = 1;
  worklist_.Push(directories_[0].start, 0);
  for (std::optional<uint32_t> next = worklist_.Pop(); next.has_value(); next = worklist_.Pop()) {
    if (absl::Status status = ReadDirectory(*next); !status.ok())
      return imapi::WithMetadata(status, "path", ShownPath(directories_[*next].id));
    RETURN_IF_ERROR(Report(*next));
  }
  FinishRelocation();
  ReadResult result;
  result.rock_ridge = rock_ridge_reader_.has_value();
  result.directories = builder_.directory_count();
  result.warnings = std::move(warnings_);
  result.tree = std::move(builder_).Build();
  return result;
}

absl::Status TreeReader::ReadSectors(Lba start, Sectors count) {
  bytes_read_ += count.bytes();
  if (bytes_read_ > read_budget_) return LimitError("directory_bytes", read_budget_);
  buffer_.resize(std::max<size_t>(buffer_.size(), count.bytes()));
  return FromRead(disc_.Read(start, absl::MakeSpan(buffer_).first(count.bytes())), start);
}

absl::Status TreeReader::ReadDirectory(uint32_t index) {
  current_ = index;
  moved_here_ = 0;
  found_.clear();
  Directory directory = directories_[index];
  if (directory.bytes == 0 && !directory.relocated) {
    Warn("a directory has no bytes", Lba(directory.start));
    return absl::OkStatus();
  }
  Sectors done;
  do {
    const Sectors left = Sectors::Holding(directory.bytes) - done;
    const Lba at = Lba(directory.start) + done;
    const Sectors count = left.value() > 0 ? std::min(left, kRequest) : Sectors(1);
    RETURN_IF_ERROR(ReadSectors(at, count));
    if (done == Sectors(0)) RETURN_IF_ERROR(ReadSelf(directory));
    for (Sectors i; i < count; i += Sectors(1)) {
      RETURN_IF_ERROR(
          ReadRecords(absl::MakeConstSpan(buffer_).subspan(i.bytes(), kSectorSize), at + i));
    }
    done += count;
  } while (done < Sectors::Holding(directory.bytes));
  return FinishDirectory(index);
}

absl::Status TreeReader::ReadSelf(Directory& directory) {
  const Lba at(directory.start);
  if (buffer_[0] == 0) return InconsistentError("this is no directory", at);
  DirectoryRecord self;
  RETURN_IF_ERROR(DecodeRecord(absl::MakeConstSpan(buffer_).first(kSectorSize), at, end_, self));
  if (!self.is(kSelf)) return InconsistentError("this is no directory", at);
  if (Lba(self.extent) + Sectors(self.attribute_sectors) != at)
    Warn("a directory says that it lies elsewhere", at);
  if (directory.relocated) {
    directory.bytes = self.bytes;
    if (self.bytes == 0 || at + Sectors::Holding(self.bytes) > end_)
      return InconsistentError("a relocated directory lies outside the readable area", at);
    if (self.bytes > limits_.max_directory_bytes)
      return LimitError("max_directory_bytes", limits_.max_directory_bytes);
  } else if (Sectors::Holding(self.bytes) != Sectors::Holding(directory.bytes)) {
    return InconsistentError("a directory and its parent differ in its length", at);
  }
  if (directory.id == FileTree::kRoot) return ReadRootSelf(self, at);
  if (!directory.relocated) return absl::OkStatus();
  FileTreeBuilder::Entry entry;
  if (rock_ridge_reader_.has_value())
    RETURN_IF_ERROR(rock_ridge_reader_->Read(self.system_use, at, rock_ridge_));
  Describe(self, at, entry);
  builder_.Update(directory.id, entry);
  return absl::OkStatus();
}

absl::Status TreeReader::ReadRootSelf(const DirectoryRecord& self, Lba at) {
  if (rock_ridge_reader_.has_value()) {
    const std::optional<uint8_t> skip = FindSharingProtocol(self.system_use);
    if (!skip.has_value()) return InconsistentError("the root has lost its SP entry", at);
    rock_ridge_reader_.emplace(&continuations_, *skip);
    RETURN_IF_ERROR(rock_ridge_reader_->ReadRoot(self.system_use, at, rock_ridge_));
  }
  FileTreeBuilder::Entry entry;
  Describe(self, at, entry);
  builder_.Update(FileTree::kRoot, entry);
  return absl::OkStatus();
}

absl::Status TreeReader::ReadRecords(absl::Span<const uint8_t> sector, Lba at) {
  // A length of 0 ends the sector: records do not cross its end (clause 6.8.1.1).
  DirectoryRecord record;
  while (!sector.empty() && sector[0] != 0) {
    RETURN_IF_ERROR(DecodeRecord(sector, at, end_, record));
    if (!record.is(kSelf) && !record.is(kParent)) RETURN_IF_ERROR(HandleRecord(record, at));
    sector.remove_prefix(sector[0]);
  }
  return absl::OkStatus();
}

absl::Status TreeReader::HandleRecord(const DirectoryRecord& record, Lba at) {
  if (record.halves_differ) Warn("the two forms of a field in a record differ", at);
  if (open_file_.open) return HandleSection(record, at);
  if ((record.flags & kAssociatedFlag) != 0) {
    Warn("an associated file was left out", at);
    return absl::OkStatus();
  }
  if (rock_ridge_reader_.has_value()) {
    RETURN_IF_ERROR(rock_ridge_reader_->Read(record.system_use, at, rock_ridge_));
    if (rock_ridge_.relocated) {
      ++moved_here_;
      if (directories_[current_].id != FileTree::kRoot) moved_from_.push_back(record.extent);
      return absl::OkStatus();
    }
  }
  ASSIGN_OR_RETURN(const absl::string_view name, NameOf(record, at));
  FileTreeBuilder::Entry entry;
  Describe(record, at, entry);
  if (entry.type == EntryType::kDirectory) return AddDirectory(record, name, entry, at);
  return AddFile(record, name, entry, at);
}

absl::StatusOr<absl::string_view> TreeReader::NameOf(const DirectoryRecord& record, Lba at) {
  absl::string_view name;
  if (joliet_) {
    if (record.identifier.size() % 2 != 0)
      return InconsistentError("a Joliet name has half a character", at);
    name = JolietName(record.identifier, record.is_directory(), name_);
  } else if (rock_ridge_reader_.has_value() && rock_ridge_.has_name) {
    name = rock_ridge_.name;
  } else {
    name = PrimaryName(record.identifier, record.is_directory());
  }
  if (!FileTree::IsValidName(name)) return InvalidNameError(name, at);
  return name;
}

void TreeReader::Describe(const DirectoryRecord& record, Lba at, FileTreeBuilder::Entry& entry) {
  entry.type = record.is_directory() ? EntryType::kDirectory : EntryType::kFile;
  std::optional<int64_t> time;
  if (rock_ridge_reader_.has_value()) {
    RockRidge& rr = rock_ridge_;
    time = rr.modify_time;
    if (rr.halves_differ) Warn("the two forms of a Rock Ridge field differ", at);
    if (rr.target_cut) Warn("a link's target is cut short", at);
    if (rr.has_posix) {
      if (!IsDevice(rr.type)) rr.posix.device = 0;
      entry.attributes = Intern(rr.posix);
      entry.inode = rr.posix.inode;
    }
    if (rr.child_link.has_value()) {
      entry.type = EntryType::kDirectory;
    } else if (rr.unknown_type ||
               (rr.has_posix && (rr.type == EntryType::kDirectory) != record.is_directory())) {
      Warn("an entry's type by Rock Ridge is unknown or differs from its record's", at);
    } else if (rr.has_posix) {
      entry.type = rr.type;
    } else if (rr.has_target && !record.is_directory()) {
      entry.type = EntryType::kSymlink;
    }
    if (entry.type == EntryType::kSymlink) entry.symlink_target = rr.target;
  }
  if (!time.has_value()) time = DecodeShortTime(record.time);
  entry.modify_ticks = time.value_or(0) * kTicksPerHundredth;
}

FileTreeBuilder::Attributes TreeReader::Intern(const PosixAttributes& posix) {
  PosixAttributes key = posix;
  key.inode = 0;
  Remembered& slot = remembered_[(key.mode ^ key.uid ^ key.gid ^ key.links) % remembered_.size()];
  if (slot.attributes == FileTreeBuilder::Attributes::kNone || slot.posix != key)
    slot = Remembered{key, builder_.Intern(key)};
  return slot.attributes;
}

absl::StatusOr<FileTree::Id> TreeReader::Append(absl::string_view name,
                                                const FileTreeBuilder::Entry& entry) {
  const int64_t count = builder_.entry_count();
  if (count >= limits_.max_entries) return LimitError("max_entries", limits_.max_entries);
  if (count % kMemoryCheckInterval == 0 || entry.extents.size() > 1) RETURN_IF_ERROR(CheckMemory());
  return builder_.Append(directories_[current_].id, name, entry);
}

absl::Status TreeReader::AddDirectory(const DirectoryRecord& record, absl::string_view name,
                                      const FileTreeBuilder::Entry& entry, Lba at) {
  Directory child = {
      .start = record.extent + record.attribute_sectors, .bytes = record.bytes, .parent = current_};
  if (rock_ridge_reader_.has_value() && rock_ridge_.child_link.has_value()) {
    child.relocated = true;
    child.start = *rock_ridge_.child_link;
    child.bytes = 0;
    moved_to_.push_back(child.start);
  }
  const Lba start(child.relocated ? int64_t{child.start}
                                  : int64_t{record.extent} + record.attribute_sectors);
  const bool has_bytes = child.bytes != 0 || child.relocated;
  if (has_bytes && (start >= end_ || start + Sectors::Holding(child.bytes) > end_))
    return InconsistentError("a directory lies outside the readable area", at);
  if (record.unit != 0 || (record.flags & kMultiExtentFlag) != 0)
    return InconsistentError("a directory is interleaved or has several sections", at);
  if (child.bytes > limits_.max_directory_bytes)
    return LimitError("max_directory_bytes", limits_.max_directory_bytes);
  if (directories_[current_].depth >= limits_.max_depth)
    return LimitError("max_depth", limits_.max_depth);
  child.depth = directories_[current_].depth + 1;
  if (has_bytes) RETURN_IF_ERROR(CheckForLoop(child.start, at));
  ASSIGN_OR_RETURN(child.id, Append(name, entry));
  found_.push_back(child);
  return absl::OkStatus();
}

absl::Status TreeReader::CheckForLoop(uint32_t start, Lba at) {
  uint8_t& count = references_[start];
  if (++count == 1) return absl::OkStatus();
  if (count > kMaxReferences) return InconsistentError("too many entries share a directory", at);
  for (uint32_t i = current_;; i = directories_[i].parent) {
    if (directories_[i].start == start) return InconsistentError("a directory contains itself", at);
    if (i == 0) return absl::OkStatus();
  }
}

absl::Status TreeReader::AddFile(const DirectoryRecord& record, absl::string_view name,
                                 FileTreeBuilder::Entry entry, Lba at) {
  const bool goes_on = (record.flags & kMultiExtentFlag) != 0;
  if (entry.type == EntryType::kFile) {
    extents_.clear();
    RETURN_IF_ERROR(AppendExtents(record, at, end_, extents_));
    entry.bytes = record.bytes;
    entry.extents = extents_;
  } else if (goes_on) {
    return InconsistentError("what is no file has several sections", at);
  }
  if (!goes_on) return Append(name, entry).status();
  if (entry.bytes % kSectorSize != 0)
    return InconsistentError("a file's section that is not its last ends inside a sector", at);
  open_file_.open = true;
  open_file_.identifier.assign(record.identifier.begin(), record.identifier.end());
  open_file_.name = std::string(name);
  open_file_.extents = extents_;
  open_file_.entry = entry;
  return absl::OkStatus();
}

absl::Status TreeReader::HandleSection(const DirectoryRecord& record, Lba at) {
  OpenFile& file = open_file_;
  if (!std::equal(record.identifier.begin(), record.identifier.end(), file.identifier.begin(),
                  file.identifier.end(),
                  [](uint8_t a, char b) { return a == static_cast<uint8_t>(b); }) ||
      record.is_directory())
    return InconsistentError("a file of several sections has no last one", at);
  RETURN_IF_ERROR(AppendExtents(record, at, end_, file.extents));
  file.entry.bytes += record.bytes;
  if ((record.flags & kMultiExtentFlag) != 0) {
    if (record.bytes % kSectorSize != 0)
      return InconsistentError("a file's section that is not its last ends inside a sector", at);
    return absl::OkStatus();
  }
  file.open = false;
  file.entry.extents = file.extents;
  return Append(file.name, file.entry).status();
}

absl::Status TreeReader::FinishDirectory(uint32_t index) {
  const Directory& directory = directories_[index];
  if (open_file_.open)
    return InconsistentError("a file of several sections has no last one", Lba(directory.start));
  const absl::Span<const uint32_t> dropped = builder_.EndDirectory(directory.id);
  for (size_t i = 0; i < dropped.size(); ++i)
    Warn("an entry whose name is there already was left out", Lba(directory.start));
  if (directory.depth == 1 && moved_here_ > 0 && builder_.child_count(directory.id) == 0)
    emptied_.push_back(directory.id);
  for (const Directory& child : found_) {
    const uint32_t id = static_cast<uint32_t>(child.id);
    if (!dropped.empty() && std::find(dropped.begin(), dropped.end(), id) != dropped.end())
      continue;
    directories_.push_back(child);
    worklist_.Push(child.start, static_cast<uint32_t>(directories_.size() - 1));
  }
  return CheckMemory();
}

// Directories that Rock Ridge moved are shown where they belong; what held them, and nothing else,
// is not shown.
void TreeReader::FinishRelocation() {
  for (const FileTree::Id id : emptied_) builder_.DropEmptyDirectory(id);
  std::sort(moved_to_.begin(), moved_to_.end());
  for (const uint32_t start : moved_from_) {
    if (!std::binary_search(moved_to_.begin(), moved_to_.end(), start))
      Warn("a relocated directory that belongs nowhere was left out", Lba(start));
  }
}

absl::Status TreeReader::CheckMemory() const {
  const size_t use = builder_.MemoryUse() + directories_.capacity() * sizeof(Directory) +
                     found_.capacity() * sizeof(Directory) + worklist_.MemoryUse() +
                     references_.capacity() * (sizeof(*references_.begin()) + 1) +
                     (moved_from_.capacity() + moved_to_.capacity()) * sizeof(uint32_t) +
                     (extents_.capacity() + open_file_.extents.capacity()) * sizeof(Extent);
  if (use > static_cast<size_t>(limits_.max_memory_bytes))
    return LimitError("max_memory_bytes", limits_.max_memory_bytes);
  return absl::OkStatus();
}

absl::Status TreeReader::Report(uint32_t index) {
  ++directories_done_;
  if (observer_ == nullptr) return absl::OkStatus();
  const bool go_on = observer_->OnDirectory(ShownPath(directories_[index].id), directories_done_,
                                            builder_.file_count());
  return go_on ? absl::OkStatus() : CancelledError();
}

void TreeReader::Warn(absl::string_view what, Lba at) {
  if (warnings_.size() >= kMaxWarnings) return;
  warnings_.push_back(absl::StrCat("sector ", at.value(), ": ", what));
}

std::string TreeReader::ShownPath(FileTree::Id id) const {
  return builder_.Path(id, kShownPathBytes);
}

}  // namespace carousel::iso9660
