#include "server/spool/load_spool.h"

#include <sys/stat.h>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "hal/base/file.h"
#include "hal/base/status_macros.h"

namespace carousel {
namespace {

constexpr size_t kIdDigits = 16;

// Whether an error says that a file is no whole one, not that the disk failed.
bool IsHalfDone(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsInvalidArgument(status);
}

class Loader {
 public:
  Loader(const SpoolFolder& folder, absl::Time now, WorkerPool* hashers)
      : folder_(folder), now_(now), hashers_(hashers) {}

  absl::Status Load() {
    RETURN_IF_ERROR(LoadContents());
    RETURN_IF_ERROR(LoadReferences());
    RETURN_IF_ERROR(RemoveUnreferenced());
    return LoadUploads();
  }

  SpoolIndex Take() { return std::move(index_); }

 private:
  absl::Status LoadContents() {
    ASSIGN_OR_RETURN(const std::vector<std::string> names, SpoolFolder::List(folder_.contents()));
    for (const std::string& name : names) {
      const absl::StatusOr<Sha256Digest> digest = ParseSha256(name);
      if (!digest.ok() || ToHex(*digest) != name) continue;
      struct stat stat = {};
      if (lstat(folder_.ContentOf(*digest).c_str(), &stat) != 0)
        return ErrnoStatus("a content of the spool");
      if (S_ISREG(stat.st_mode)) index_.contents[*digest] = {.size = stat.st_size, .references = 0};
    }
    return absl::OkStatus();
  }

  absl::Status LoadReferences() {
    ASSIGN_OR_RETURN(const std::vector<std::string> names, SpoolFolder::List(folder_.references()));
    for (const std::string& name : names) {
      if (!SpoolFolder::HasId(name)) continue;
      const std::string id = name.substr(0, kIdDigits);
      ASSIGN_OR_RETURN(const bool known, LoadReference(id, name));
      if (!known) RETURN_IF_ERROR(SpoolFolder::Remove(folder_.references() + "/" + name));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<bool> LoadReference(const std::string& id, const std::string& name) {
    const std::string path = folder_.ReferenceOf(id);
    if (folder_.references() + "/" + name != path) return false;  // a replacement half done
    absl::StatusOr<UploadSpec> spec = folder_.ReadRecord(path);
    if (!spec.ok()) return IsHalfDone(spec.status()) ? absl::StatusOr<bool>(false) : spec.status();
    const auto content = index_.contents.find(spec->sha256);
    if (content == index_.contents.end() || content->second.size != spec->size) return false;
    const UploadKey key = spec->key;
    if (!index_.references.try_emplace(key, SpoolIndex::Reference{id, *std::move(spec)}).second)
      return false;
    ++content->second.references;
    index_.Charge(key.owner, SpoolIndex::Space(content->second.size));
    return true;
  }

  absl::Status RemoveUnreferenced() {
    for (auto content = index_.contents.begin(); content != index_.contents.end();) {
      if (content->second.references == 0) {
        RETURN_IF_ERROR(SpoolFolder::Remove(folder_.ContentOf(content->first)));
        content = index_.contents.erase(content);
      } else {
        index_.content_bytes += SpoolIndex::Space(content->second.size);
        ++content;
      }
    }
    return absl::OkStatus();
  }

  absl::Status LoadUploads() {
    ASSIGN_OR_RETURN(const std::vector<std::string> names, SpoolFolder::List(folder_.uploads()));
    for (const std::string& name : names) {
      if (!SpoolFolder::HasId(name)) continue;
      const std::string id = name.substr(0, kIdDigits);
      const std::string path = folder_.uploads() + "/" + name;
      if (path == folder_.RecordOf(id)) {
        ASSIGN_OR_RETURN(const bool known, LoadUpload(id));
        if (!known) folder_.RemoveUpload(id);
      } else if (path != folder_.BytesOf(id)) {
        RETURN_IF_ERROR(SpoolFolder::Remove(path));
      }
    }
    return RemoveBytesWithoutRecord(names);
  }

  absl::StatusOr<bool> LoadUpload(const std::string& id) {
    absl::StatusOr<UploadSpec> spec = folder_.ReadRecord(folder_.RecordOf(id));
    if (!spec.ok()) return IsHalfDone(spec.status()) ? absl::StatusOr<bool>(false) : spec.status();
    // Finished, and not tidied up; or one of two.
    if (index_.references.count(spec->key) != 0 || index_.uploads.count(spec->key) != 0)
      return false;
    absl::StatusOr<std::shared_ptr<UploadFile>> file =
        UploadFile::Open(folder_.BytesOf(id), spec->size, hashers_);
    if (!file.ok()) return IsHalfDone(file.status()) ? absl::StatusOr<bool>(false) : file.status();
    (*file)->Touch(now_);
    index_.upload_bytes += SpoolIndex::Space(spec->size);
    const UploadKey key = spec->key;
    index_.Charge(key.owner, SpoolIndex::Space(spec->size));
    index_.uploads[key] = {.id = id, .spec = *std::move(spec), .file = *std::move(file)};
    return true;
  }

  absl::Status RemoveBytesWithoutRecord(const std::vector<std::string>& names) {
    std::map<std::string, bool> known;
    for (const auto& [key, upload] : index_.uploads) known[upload.id] = true;
    for (const std::string& name : names) {
      const std::string id = name.substr(0, kIdDigits);
      if (SpoolFolder::HasId(name) && known.count(id) == 0)
        RETURN_IF_ERROR(SpoolFolder::Remove(folder_.uploads() + "/" + name));
    }
    return absl::OkStatus();
  }

  const SpoolFolder& folder_;
  const absl::Time now_;
  WorkerPool* const hashers_;
  SpoolIndex index_;
};

}  // namespace

absl::StatusOr<SpoolIndex> LoadSpool(const SpoolFolder& folder, absl::Time now,
                                     WorkerPool* hashers) {
  Loader loader(folder, now, hashers);
  RETURN_IF_ERROR(loader.Load());
  return loader.Take();
}

}  // namespace carousel
