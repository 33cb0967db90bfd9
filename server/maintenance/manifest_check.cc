#include "server/maintenance/manifest_check.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "server/digest/sha256.h"
#include "server/fs/iso9660/reader.h"
#include "server/image/extent_bytes.h"
#include "server/imapi/error.h"
#include "server/session_import/disc_manifest.h"

namespace carousel {
namespace {

using imapi::Hresult;

// One file to be read.
struct Job {
  const mastering::Manifest::File* file = nullptr;
  std::vector<Extent> extents;
  Sectors sectors;
};

bool BlamesTheFileSystem(const absl::Status& status) {
  const auto detail = imapi::GetDetail(status);
  if (!detail.has_value()) return false;
  return detail->hresult == Hresult::IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR ||
         detail->hresult == Hresult::IMAPI_E_IMPORT_READ_FAILURE ||
         detail->hresult == Hresult::IMAPI_E_INVALID_PATH;
}

absl::Status FileSystemFault(const absl::Status& status) {
  if (!BlamesTheFileSystem(status)) return status;
  return imapi::MakeError(Hresult::E_IMAPI_BURN_VERIFICATION_FAILED, status.message(),
                          {{"cause", "file_system"}});
}

// The block of a reader's error that is the block's own fault.
std::optional<Lba> UnreadableBlock(const absl::Status& status) {
  const auto detail = imapi::GetDetail(status);
  if (!detail.has_value() || detail->hresult != Hresult::E_IMAPI_BURN_VERIFICATION_FAILED)
    return std::nullopt;
  const auto block = detail->metadata.find("block");
  int64_t number = 0;
  if (block == detail->metadata.end() || !absl::SimpleAtoi(block->second, &number))
    return std::nullopt;
  return Lba(number);
}

class Checker {
 public:
  Checker(BlockReader* disc, const FileCheckOptions* options) : disc_(*disc), options_(*options) {}

  absl::StatusOr<FileCheck> Run(const SessionManifest& session) {
    const std::vector<Job> jobs = Plan(session);
    const Job* last = nullptr;  // hard links and files of one content lie in one place
    Sha256Digest digest{};
    for (const Job& job : jobs) {
      if (check_.faults.size() >= kMostFaults) break;
      if (last == nullptr || job.extents != last->extents) {
        const absl::Status read = Hash(job, &digest);
        last = read.ok() ? &job : nullptr;
        if (const auto block = UnreadableBlock(read); block.has_value()) {
          Blame(*job.file, FileFault::Cause::kUnreadable, block);
          continue;
        }
        RETURN_IF_ERROR(read);
      }
      if (digest != job.file->sha256) Blame(*job.file, FileFault::Cause::kDifferent);
    }
    return std::move(check_);
  }

 private:
  // What is there, by place; what is not is a fault.
  std::vector<Job> Plan(const SessionManifest& session) {
    std::vector<Job> jobs;
    for (const mastering::Manifest::File& file : session.manifest.files) {
      if (check_.faults.size() >= kMostFaults) break;
      ++check_.files;
      const absl::StatusOr<FileTree::Id> id = session.tree.Find(file.path);
      if (!id.ok() || session.tree.type(*id) != EntryType::kFile) {
        Blame(file, FileFault::Cause::kMissing);
        continue;
      }
      if (!options_.read) continue;
      Job job{.file = &file, .extents = session.tree.data(*id).extents};
      for (const Extent& extent : job.extents) job.sectors += Sectors::Holding(extent.bytes);
      total_ += job.sectors;
      jobs.push_back(std::move(job));
    }
    std::stable_sort(jobs.begin(), jobs.end(),
                     [](const Job& a, const Job& b) { return StartOf(a) < StartOf(b); });
    return jobs;
  }
  static Lba StartOf(const Job& job) {
    return job.extents.empty() ? Lba(0) : job.extents.front().start;
  }

  absl::Status Hash(const Job& job, Sha256Digest* digest) {
    Sha256Hasher hasher;
    RETURN_IF_ERROR(ReadExtents(
        disc_, job.extents, [&](absl::Span<const uint8_t> bytes, Lba end) -> absl::Status {
          hasher.Update(bytes);
          check_.sectors += Sectors::Holding(static_cast<int64_t>(bytes.size()));
          if (!options_.on_piece) return absl::OkStatus();
          return options_.on_piece(end, check_.sectors, total_);
        }));
    *digest = hasher.Finish();
    return absl::OkStatus();
  }

  void Blame(const mastering::Manifest::File& file, FileFault::Cause cause,
             std::optional<Lba> block = std::nullopt) {
    check_.faults.push_back({.path = file.path, .cause = cause, .block = block});
  }

  BlockReader& disc_;
  const FileCheckOptions& options_;
  FileCheck check_;
  Sectors total_;
};

}  // namespace

absl::string_view FileFaultCauseName(FileFault::Cause cause) {
  switch (cause) {
    case FileFault::Cause::kMissing:
      return "missing";
    case FileFault::Cause::kUnreadable:
      return "unreadable";
    case FileFault::Cause::kDifferent:
      return "different";
  }
  return "unknown";
}

absl::StatusOr<std::optional<SessionManifest>> ReadSessionManifest(
    BlockReader& disc, Lba start, std::vector<std::string>& warnings) {
  const absl::StatusOr<iso9660::Identification> found = iso9660::Identify(disc, start);
  if (!found.ok()) return FileSystemFault(found.status());
  // A manifest's paths are those of Rock Ridge; other names are what a writer made of them.
  if (!found->primary.has_value() || !found->rock_ridge) return std::nullopt;
  absl::StatusOr<iso9660::ReadResult> read =
      iso9660::ReadTree(disc, *found, iso9660::Tree::kPrimary, iso9660::Limits(), nullptr);
  if (!read.ok()) return FileSystemFault(read.status());
  absl::StatusOr<std::optional<session_import::FoundManifest>> manifest =
      session_import::FindManifest(disc, read->tree, start, warnings);
  if (!manifest.ok()) return FileSystemFault(manifest.status());
  if (!manifest->has_value()) return std::nullopt;
  if (!(*manifest)->of_session) {
    warnings.push_back("/MANIFEST is of an earlier session");
    return std::nullopt;
  }
  return SessionManifest{.tree = std::move(read->tree),
                         .manifest = std::move((*manifest)->manifest)};
}

absl::StatusOr<FileCheck> CheckFiles(BlockReader& disc, const SessionManifest& session,
                                     const FileCheckOptions& options) {
  return Checker(&disc, &options).Run(session);
}

}  // namespace carousel
