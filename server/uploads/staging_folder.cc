#include "server/uploads/staging_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/beneath.h"
#include "hal/base/status_macros.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

using imapi::Hresult;

constexpr uint32_t kModeBits = 07777;

absl::Status Error(Hresult hresult, absl::string_view path, absl::string_view why) {
  return imapi::MakeError(hresult,
                          absl::StrCat(path.empty() ? "the staging root" : path, ": ", why),
                          {{"path", std::string(path)}});
}

absl::Status Limit(absl::string_view limit, int64_t value) {
  return imapi::MakeError(Hresult::E_OUTOFMEMORY,
                          absl::StrCat("the tree has more than ", limit, " = ", value),
                          {{"limit", std::string(limit)}, {"value", absl::StrCat(value)}});
}

std::string Join(absl::string_view directory, absl::string_view name) {
  return directory.empty() || name.empty() ? absl::StrCat(directory, name)
                                           : absl::StrCat(directory, "/", name);
}

int64_t Nanoseconds(const timespec& time) {
  return absl::ToUnixNanos(absl::TimeFromTimespec(time));
}

FileIdentity IdentityOf(const struct stat& stat) {
  return {.device = stat.st_dev,
          .inode = stat.st_ino,
          .bytes = stat.st_size,
          .modified_ns = Nanoseconds(stat.st_mtim),
          .changed_ns = Nanoseconds(stat.st_ctim)};
}

TreeEditor::Attributes AttributesOf(const struct stat& stat) {
  return {.modify_time = absl::TimeFromTimespec(stat.st_mtim),
          .posix = PosixAttributes{
              .mode = stat.st_mode & kModeBits, .uid = stat.st_uid, .gid = stat.st_gid}};
}

// One listing, breadth first within what waits: no descriptor is held for what lies above.
class Lister {
 public:
  Lister(int root, const std::string& source, const StagingFolder::Limits& limits,
         const std::atomic<bool>& cancelled)
      : root_(root), source_(source), limits_(limits), cancelled_(cancelled) {}

  absl::StatusOr<std::vector<StagedEntry>> Run() {
    waiting_.push_back({"", 0});
    while (!waiting_.empty()) {
      const Directory next = std::move(waiting_.front());
      waiting_.pop_front();
      RETURN_IF_ERROR(ListDirectory(next));
    }
    return std::move(entries_);
  }

 private:
  struct Directory {
    std::string path;
    int depth = 0;
  };

  absl::Status ListDirectory(const Directory& directory) {
    ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(directory.path));
    if (!names.empty() && directory.depth == limits_.max_depth)
      return Limit("max_tree_depth", limits_.max_depth);
    for (const std::string& name : names) {
      if (cancelled_) {
        return imapi::MakeError(Hresult::E_IMAPI_REQUEST_CANCELLED,
                                "cancelled before anything was added");
      }
      RETURN_IF_ERROR(AddEntry(Join(directory.path, name), directory.depth + 1));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<std::string>> NamesIn(const std::string& path) const {
    const std::string whole = Join(source_, path);
    const absl::StatusOr<FileDescriptor> folder = OpenBeneath(root_, whole, O_RDONLY | O_DIRECTORY);
    if (!folder.ok())
      return Error(Hresult::IMAPI_E_DIRECTORY_READ_FAILURE, whole, folder.status().message());
    // fdopendir takes its descriptor over.
    const int copy = fcntl(folder->get(), F_DUPFD_CLOEXEC, 0);
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(copy < 0 ? nullptr : fdopendir(copy),
                                                     closedir);
    if (stream == nullptr)
      return Error(Hresult::IMAPI_E_DIRECTORY_READ_FAILURE, whole, std::strerror(errno));
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = readdir(stream.get())) {
      const absl::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      if (static_cast<int64_t>(entries_.size() + names.size()) >= limits_.max_entries)
        return Limit("max_tree_entries", limits_.max_entries);
      names.emplace_back(name);
    }
    if (errno != 0)
      return Error(Hresult::IMAPI_E_DIRECTORY_READ_FAILURE, whole, std::strerror(errno));
    std::sort(names.begin(), names.end());
    return names;
  }

  absl::Status AddEntry(std::string path, int depth) {
    const std::string whole = Join(source_, path);
    const absl::StatusOr<FileDescriptor> file = OpenBeneath(root_, whole, O_PATH | O_NOFOLLOW);
    struct stat stat = {};
    if (!file.ok() || fstat(file->get(), &stat) != 0) {
      return Error(Hresult::IMAPI_E_DATA_STREAM_CREATE_FAILURE, whole,
                   file.ok() ? absl::string_view(std::strerror(errno)) : file.status().message());
    }
    StagedEntry entry{.path = path, .attributes = AttributesOf(stat), .identity = IdentityOf(stat)};
    if (S_ISDIR(stat.st_mode)) {
      entry.type = EntryType::kDirectory;
      waiting_.push_back({std::move(path), depth});
    } else if (S_ISLNK(stat.st_mode)) {
      entry.type = EntryType::kSymlink;
      RETURN_IF_ERROR(ReadLink(file->get(), whole, &entry.target));
    } else if (!S_ISREG(stat.st_mode)) {
      return Error(Hresult::IMAPI_E_DATA_STREAM_CREATE_FAILURE, whole,
                   "is a device, a FIFO or a socket");
    }
    entries_.push_back(std::move(entry));
    return absl::OkStatus();
  }

  static absl::Status ReadLink(int link, const std::string& path, std::string* target) {
    target->resize(FileTree::kMaxTargetBytes + 1);
    const ssize_t size = readlinkat(link, "", target->data(), target->size());
    if (size < 0)
      return Error(Hresult::IMAPI_E_DATA_STREAM_CREATE_FAILURE, path, std::strerror(errno));
    target->resize(static_cast<size_t>(size));
    target->shrink_to_fit();
    return absl::OkStatus();
  }

  const int root_;
  const std::string& source_;
  const StagingFolder::Limits& limits_;
  const std::atomic<bool>& cancelled_;
  std::deque<Directory> waiting_;
  std::vector<StagedEntry> entries_;
};

}  // namespace

absl::StatusOr<StagingFolder> StagingFolder::Open(const std::string& path) {
  ASSIGN_OR_RETURN(FileDescriptor root, carousel::OpenFile(path, O_PATH | O_DIRECTORY));
  return StagingFolder(std::move(root));
}

absl::StatusOr<std::vector<StagedEntry>> StagingFolder::List(
    const std::string& source, const Limits& limits, const std::atomic<bool>& cancelled) const {
  return Lister(root_.get(), source, limits, cancelled).Run();
}

absl::StatusOr<TreeEditor::Attributes> StagingFolder::Describe(const std::string& source) const {
  const absl::StatusOr<FileDescriptor> folder =
      OpenBeneath(root_.get(), source, O_PATH | O_DIRECTORY);
  struct stat stat = {};
  if (!folder.ok() || fstat(folder->get(), &stat) != 0) {
    return Error(Hresult::IMAPI_E_DIRECTORY_READ_FAILURE, source,
                 folder.ok() ? absl::string_view(std::strerror(errno)) : folder.status().message());
  }
  return AttributesOf(stat);
}

absl::StatusOr<StagedFile> StagingFolder::OpenFile(const std::string& source,
                                                   const StagedEntry& entry) const {
  std::string path = Join(source, entry.path);
  // Without O_NONBLOCK a FIFO that has taken the file's place would wait for its writer.
  absl::StatusOr<FileDescriptor> file =
      OpenBeneath(root_.get(), path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file.ok()) {
    return Error(Hresult::IMAPI_E_DATA_STREAM_CREATE_FAILURE, path, file.status().message());
  }
  StagedFile staged(*std::move(file), std::move(path), entry.identity);
  RETURN_IF_ERROR(staged.CheckUnchanged());
  return staged;
}

absl::StatusOr<size_t> StagedFile::Read(absl::Span<uint8_t> out) {
  ssize_t size = 0;
  do {
    size = read(file_.get(), out.data(), out.size());
  } while (size < 0 && errno == EINTR);
  if (size < 0)
    return Error(Hresult::IMAPI_E_DATA_STREAM_READ_FAILURE, path_, std::strerror(errno));
  offset_ += size;
  const bool too_short = size == 0 && offset_ < identity_.bytes;
  if (too_short || offset_ > identity_.bytes) return Changed();
  return static_cast<size_t>(size);
}

absl::Status StagedFile::CheckUnchanged() const {
  struct stat stat = {};
  if (fstat(file_.get(), &stat) != 0)
    return Error(Hresult::IMAPI_E_DATA_STREAM_READ_FAILURE, path_, std::strerror(errno));
  return S_ISREG(stat.st_mode) && IdentityOf(stat) == identity_ ? absl::OkStatus() : Changed();
}

absl::Status StagedFile::Changed() const {
  return Error(Hresult::IMAPI_E_DATA_STREAM_INCONSISTENCY, path_,
               "has changed since it was listed");
}

}  // namespace carousel
