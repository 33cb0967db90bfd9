#include "server/session_import/importer.h"

#include <utility>
#include <vector>

#include "hal/base/mutex.h"
#include "hal/base/status_macros.h"
#include "server/disc_format/media_facts_reader.h"
#include "server/imapi/error.h"
#include "server/session_import/content_hash.h"
#include "server/session_import/disc_check.h"
#include "server/session_import/disc_manifest.h"
#include "server/session_import/prefetcher.h"

namespace carousel {
namespace {

using imapi::Hresult;
using session_import::DiscCheck;
using session_import::DriveUse;
using session_import::Prefetcher;
using session_import::PrefetcherOptions;

// Enough for the descriptors, the path table and the roots.
constexpr int64_t kIdentifyBytes = int64_t{1} << 20;

// Whether these facts name a session to read.
absl::Status CheckFacts(const MediaFacts& facts) {
  if (!facts.present) {
    return imapi::MakeError(Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE,
                            "there is no disc to import from",
                            {{"cause", "E_IMAPI_RECORDER_MEDIA_NO_MEDIA"}});
  }
  if (!facts.newest_session().has_value()) {
    return imapi::MakeError(Hresult::IMAPI_E_EMPTY_DISC, "the disc holds no session");
  }
  return absl::OkStatus();
}

bool Is(const absl::Status& status, Hresult hresult) {
  const auto detail = imapi::GetDetail(status);
  return detail.has_value() && detail->hresult == hresult;
}

ImportWork WorkOf(int64_t directories, int64_t files, const DriveUse& use) {
  return {
      .entries = directories + files, .bytes = use.sectors * kSectorSize, .blocks = use.sectors};
}

}  // namespace

struct Importer::Rep : iso9660::Observer {
  Rep(DriveStation* drive, const MediaFacts& bound, ImportOptions import_options, Clock* time)
      : facts(bound),
        options(std::move(import_options)),
        clock(*time),
        start(clock.Now()),
        disc(drive, DiscCheck(bound, ReadMediaFacts),
             PrefetcherOptions{.end = bound.readable_end,
                               .memory_bytes = options.prefetch_bytes,
                               .deadline = start + options.time_limit},
             time) {}

  absl::StatusOr<ImportResult> Run();
  absl::StatusOr<ImportResult> ReadSession();
  absl::Status PlanReading(const iso9660::Volume& volume);
  absl::Status HashFiles(ImportResult& result);
  bool OnDirectory(absl::string_view path, int64_t directories_done, int64_t files_done) override;
  ImportProgress Progress() const ABSL_LOCKS_EXCLUDED(mutex);

  const MediaFacts& facts;
  const ImportOptions options;
  Clock& clock;
  const absl::Time start;
  Prefetcher disc;
  mutable Mutex mutex;
  ImportProgress progress ABSL_GUARDED_BY(mutex);
};

absl::StatusOr<ImportResult> Importer::Rep::Run() {
  RETURN_IF_ERROR(CheckFacts(facts));
  RETURN_IF_ERROR(disc.Check());
  absl::StatusOr<ImportResult> result = ReadSession();
  disc.DropPlan();
  if (!result.ok() && !Is(result.status(), Hresult::IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR)) {
    return result;
  }
  // Contradictions may be those between two discs.
  RETURN_IF_ERROR(disc.Check());
  if (!result.ok()) return result;
  result->totals = Progress();
  result->requests = disc.use().requests;
  result->took = clock.Now() - start;
  return result;
}

absl::StatusOr<ImportResult> Importer::Rep::ReadSession() {
  ASSIGN_OR_RETURN(const iso9660::Identification found,
                   iso9660::Identify(disc, *facts.newest_session()));
  ASSIGN_OR_RETURN(const FileSystem chosen,
                   ChooseFileSystem(found, options.file_system, options.preference));
  const bool joliet = chosen == FileSystem::kJoliet;
  const iso9660::Volume& volume = joliet ? *found.joliet : *found.primary;
  {
    MutexLock lock(&mutex);
    progress.file_system = chosen;
  }
  RETURN_IF_ERROR(PlanReading(volume));
  ASSIGN_OR_RETURN(
      iso9660::ReadResult read,
      iso9660::ReadTree(disc, found, joliet ? iso9660::Tree::kJoliet : iso9660::Tree::kPrimary,
                        options.limits, this));
  ImportResult result;
  result.tree = std::move(read.tree);
  result.file_system = chosen;
  result.rock_ridge = read.rock_ridge;
  result.volume_name = volume.volume_name;
  result.warnings = std::move(read.warnings);
  ASSIGN_OR_RETURN(result.manifest,
                   session_import::ReadDiscManifest(disc, result.tree, *facts.newest_session(),
                                                    result.warnings));
  if (options.hash_files) RETURN_IF_ERROR(HashFiles(result));
  return result;
}

absl::Status Importer::Rep::HashFiles(ImportResult& result) {
  const mastering::KnownContents* const known =
      result.manifest.has_value() ? result.manifest->contents.get() : nullptr;
  const ImportProgress counted = Progress();
  const auto on_file = [&](absl::string_view path) {
    return OnDirectory(path, counted.directories_done, counted.files_done);
  };
  mastering::Manifest hashed;
  ASSIGN_OR_RETURN(hashed.files, session_import::HashUnknownFiles(disc, result.tree, known, on_file,
                                                                  result.warnings));
  auto contents = std::make_shared<mastering::KnownContents>(hashed, result.tree, known);
  if (!result.manifest.has_value()) result.manifest = mastering::DiscManifest{.on_disc = false};
  result.manifest->contents = std::move(contents);
  return absl::OkStatus();
}

absl::Status Importer::Rep::PlanReading(const iso9660::Volume& volume) {
  int64_t directories = 0;
  ASSIGN_OR_RETURN(const std::vector<Extent> plan, iso9660::PlanReads(disc, volume, &directories));
  disc.Plan(plan);
  if (directories == 0) return absl::OkStatus();
  MutexLock lock(&mutex);
  progress.directories_total = directories;
  return absl::OkStatus();
}

bool Importer::Rep::OnDirectory(absl::string_view path, int64_t directories_done,
                                int64_t files_done) {
  {
    MutexLock lock(&mutex);
    progress.current_item.assign(path.data(), path.size());
    progress.directories_done = directories_done;
    progress.files_done = files_done;
  }
  if (options.on_work) options.on_work(WorkOf(directories_done, files_done, disc.use()));
  return !disc.cancelled();
}

ImportProgress Importer::Rep::Progress() const {
  const DriveUse use = disc.use();
  MutexLock lock(&mutex);
  ImportProgress now = progress;
  now.blocks_read = use.sectors;
  now.bytes_read = use.sectors * kSectorSize;
  return now;
}

Importer::Importer(DriveStation* drive, const MediaFacts& facts, ImportOptions options,
                   Clock* clock)
    : rep_(std::make_unique<Rep>(drive, facts, std::move(options), clock)) {}

Importer::~Importer() = default;

absl::StatusOr<ImportResult> Importer::Run() { return rep_->Run(); }

void Importer::Cancel() { rep_->disc.Cancel(); }

ImportProgress Importer::progress() const { return rep_->Progress(); }

absl::StatusOr<iso9660::Identification> IdentifyLastSession(DriveStation* drive,
                                                            const MediaFacts& facts) {
  RETURN_IF_ERROR(CheckFacts(facts));
  SystemClock clock;
  Prefetcher disc(drive, DiscCheck(facts, ReadMediaFacts),
                  {.end = facts.readable_end, .memory_bytes = kIdentifyBytes}, &clock);
  RETURN_IF_ERROR(disc.Check());
  return iso9660::Identify(disc, *facts.newest_session());
}

}  // namespace carousel
