#include "server/spool/spool_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "hal/base/status_macros.h"

namespace carousel {
namespace {

constexpr size_t kIdDigits = 16;

absl::Status MakeFolder(const std::string& path) {
  if (mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return absl::OkStatus();
  return ErrnoStatus(path);
}

}  // namespace

absl::StatusOr<SpoolFolder> SpoolFolder::Open(const std::string& path) {
  RETURN_IF_ERROR(MakeFolder(path));
  ASSIGN_OR_RETURN(FileDescriptor lock, TryLockFile(path + "/lock"));
  SpoolFolder folder(path, std::move(lock));
  RETURN_IF_ERROR(MakeFolder(folder.uploads()));
  RETURN_IF_ERROR(MakeFolder(folder.contents()));
  RETURN_IF_ERROR(MakeFolder(folder.references()));
  RETURN_IF_ERROR(SyncFolder(path));
  return folder;
}

std::string SpoolFolder::BytesOf(absl::string_view id) const {
  return absl::StrCat(uploads(), "/", id, ".bytes");
}

std::string SpoolFolder::RecordOf(absl::string_view id) const {
  return absl::StrCat(uploads(), "/", id, ".record");
}

std::string SpoolFolder::ContentOf(const Sha256Digest& digest) const {
  return absl::StrCat(contents(), "/", ToHex(digest));
}

std::string SpoolFolder::ReferenceOf(absl::string_view id) const {
  return absl::StrCat(references(), "/", id, ".record");
}

absl::Status SpoolFolder::Link(absl::string_view id, const Sha256Digest& digest) const {
  const std::string target = ContentOf(digest);
  // One that is there has no reference, or nobody would link it anew.
  RETURN_IF_ERROR(Remove(target));
  if (link(BytesOf(id).c_str(), target.c_str()) != 0) return ErrnoStatus("a content of the spool");
  return SyncFolder(contents());
}

absl::Status SpoolFolder::WriteRecord(absl::string_view id, const UploadSpec& spec) const {
  const std::string path = RecordOf(id);
  ASSIGN_OR_RETURN(const FileDescriptor file, OpenFile(path, O_WRONLY | O_CREAT | O_EXCL));
  return WriteAll(file.get(), EncodeUploadSpec(spec), path);
}

absl::Status SpoolFolder::SyncRecord(absl::string_view id) const {
  const std::string path = RecordOf(id);
  ASSIGN_OR_RETURN(const FileDescriptor file, OpenFile(path, O_RDONLY));
  if (fsync(file.get()) != 0) return ErrnoStatus(path);
  return SyncFolder(uploads());
}

absl::Status SpoolFolder::WriteReference(absl::string_view id, const UploadSpec& spec) const {
  return ReplaceFile(ReferenceOf(id), EncodeUploadSpec(spec));
}

absl::StatusOr<UploadSpec> SpoolFolder::ReadRecord(const std::string& path) const {
  const absl::StatusOr<std::string> text = ReadFile(path, kMaxUploadRecord);
  if (absl::IsFailedPrecondition(text.status()))
    return absl::InvalidArgumentError("too long for a record");
  if (!text.ok()) return text.status();
  return DecodeUploadSpec(*text);
}

void SpoolFolder::RemoveUpload(absl::string_view id) const {
  // What cannot be removed now is removed when the spool is opened.
  Remove(RecordOf(id)).IgnoreError();
  Remove(BytesOf(id)).IgnoreError();
}

absl::Status SpoolFolder::HidePath(const absl::Status& status) const {
  if (!absl::StrContains(status.message(), path_)) return status;
  return absl::Status(status.code(), absl::StrReplaceAll(status.message(), {{path_, "spool"}}));
}

absl::StatusOr<std::vector<std::string>> SpoolFolder::List(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (const std::filesystem::directory_iterator end; !error && entry != end;
       entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) {
    errno = error.value();
    return ErrnoStatus(folder);
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool SpoolFolder::HasId(absl::string_view name) {
  return name.size() > kIdDigits && name[kIdDigits] == '.' &&
         std::all_of(name.begin(), name.begin() + kIdDigits,
                     [](unsigned char c) { return absl::ascii_isxdigit(c); });
}

absl::Status SpoolFolder::Remove(const std::string& path) {
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return ErrnoStatus(path);
}

}  // namespace carousel
