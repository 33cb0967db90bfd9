#include "tests/interop/disk_tree.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "hal/base/status_macros.h"

namespace carousel {
namespace {

// Inode numbers of linked files, apart from those that a disc brings.
constexpr uint64_t kLinked = uint64_t{1} << 40;

absl::Status Errno(absl::string_view what) { return absl::ErrnoToStatus(errno, what); }

EntryType TypeOf(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return EntryType::kDirectory;
    case S_IFLNK:
      return EntryType::kSymlink;
    case S_IFIFO:
      return EntryType::kFifo;
    case S_IFCHR:
      return EntryType::kCharacterDevice;
    case S_IFBLK:
      return EntryType::kBlockDevice;
    case S_IFSOCK:
      return EntryType::kSocket;
    default:
      return EntryType::kFile;
  }
}

std::set<std::string> NamesIn(const std::string& folder) {
  std::set<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    names.insert(entry.path().filename().string());
  return names;
}

}  // namespace

DiskTree::~DiskTree() {
  if (open_ >= 0) close(open_);
}

absl::Status DiskTree::Describe(const std::string& path, struct stat& facts, EntryData& data) {
  if (lstat(path.c_str(), &facts) != 0) return Errno(path);
  data.type = TypeOf(facts.st_mode);
  data.modify_time = absl::TimeFromTimespec(facts.st_mtim);
  data.posix = PosixAttributes{.mode = static_cast<uint32_t>(facts.st_mode & 07777),
                               .uid = facts.st_uid,
                               .gid = facts.st_gid,
                               .links = static_cast<uint32_t>(facts.st_nlink),
                               .device = facts.st_rdev};
  if (data.type == EntryType::kFile) data.bytes = facts.st_size;
  if (data.type == EntryType::kFile && facts.st_nlink > 1)
    data.posix->inode = kLinked + facts.st_ino;
  if (data.type == EntryType::kSymlink) {
    std::error_code error;
    data.symlink_target = std::filesystem::read_symlink(path, error).string();
    if (error) return absl::UnknownError(absl::StrCat(path, ": ", error.message()));
  }
  return absl::OkStatus();
}

absl::Status DiskTree::Overlay(const FileTree& old, const std::string& folder, FileTree& tree) {
  struct stat facts;
  EntryData root;
  RETURN_IF_ERROR(Describe(folder, facts, root));
  tree.SetRoot(root);
  works_.push_back(Work{&old, FileTree::kRoot, folder, FileTree::kRoot});
  while (!works_.empty()) {
    const Work work = works_.back();
    works_.pop_back();
    RETURN_IF_ERROR(Merge(work, tree));
  }
  tree.Finish();
  return absl::OkStatus();
}

absl::Status DiskTree::AddToRoot(absl::string_view name, absl::string_view contents,
                                 absl::Time time, FileTree& tree) {
  const EntryData data = {.bytes = static_cast<int64_t>(contents.size()), .modify_time = time};
  ASSIGN_OR_RETURN(const FileTree::Id id, tree.Add(FileTree::kRoot, name, data));
  tree.Finish();
  made_[paths_.size()] = std::string(contents);
  new_files_.push_back(mastering::NewFile{id, mastering::ContentHandle{paths_.size()}});
  paths_.emplace_back();
  return absl::OkStatus();
}

absl::Status DiskTree::Merge(const Work& work, FileTree& tree) {
  std::set<std::string> names;
  if (!work.folder.empty()) names = NamesIn(work.folder);
  std::map<std::string, Work> beside;
  if (work.old != nullptr) {
    for (const FileTree::Id child :
         work.old->Children(work.old_id, 0, work.old->child_count(work.old_id))) {
      const std::string name(work.old->name(child));
      const bool is_directory = work.old->type(child) == EntryType::kDirectory;
      if (names.contains(name)) {
        if (is_directory) beside[name] = Work{work.old, child, "", FileTree::kRoot};
        continue;
      }
      ASSIGN_OR_RETURN(const FileTree::Id id, tree.Add(work.id, name, work.old->data(child)));
      if (is_directory) works_.push_back(Work{work.old, child, "", id});
    }
  }
  for (const std::string& name : names) {
    const auto it = beside.find(name);
    RETURN_IF_ERROR(AddFromDisk(work, name, it == beside.end() ? nullptr : &it->second, tree));
  }
  return absl::OkStatus();
}

absl::Status DiskTree::AddFromDisk(const Work& work, const std::string& name, const Work* beside,
                                   FileTree& tree) {
  const std::string path = absl::StrCat(work.folder, "/", name);
  struct stat facts;
  EntryData data;
  RETURN_IF_ERROR(Describe(path, facts, data));
  ASSIGN_OR_RETURN(const FileTree::Id id, tree.Add(work.id, name, data));
  if (data.type == EntryType::kDirectory) {
    works_.push_back(beside != nullptr ? Work{beside->old, beside->old_id, path, id}
                                       : Work{nullptr, FileTree::kRoot, path, id});
  } else if (data.type == EntryType::kFile) {
    const auto [it, is_new] =
        handles_.try_emplace(std::pair(facts.st_dev, facts.st_ino), paths_.size());
    if (is_new) paths_.push_back(path);
    new_files_.push_back(mastering::NewFile{id, mastering::ContentHandle{it->second}});
  }
  return absl::OkStatus();
}

absl::Status DiskTree::Read(mastering::ContentHandle content, int64_t offset,
                            absl::Span<uint8_t> out) {
  const auto handle = static_cast<uint64_t>(content);
  if (const auto it = made_.find(handle); it != made_.end()) {
    std::copy_n(it->second.begin() + offset, out.size(), out.begin());
    return absl::OkStatus();
  }
  if (open_ < 0 || open_handle_ != handle) {
    if (open_ >= 0) close(open_);
    open_ = open(paths_[handle].c_str(), O_RDONLY | O_CLOEXEC);
    if (open_ < 0) return Errno(paths_[handle]);
    open_handle_ = handle;
  }
  while (!out.empty()) {
    const ssize_t count = pread(open_, out.data(), out.size(), offset);
    if (count < 0) return Errno(paths_[handle]);
    if (count == 0) return absl::DataLossError(absl::StrCat(paths_[handle], " has become shorter"));
    offset += count;
    out.remove_prefix(static_cast<size_t>(count));
  }
  return absl::OkStatus();
}

}  // namespace carousel
