#include "server/session_import/import_jobs.h"

#include <algorithm>
#include <any>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/operations/random_id.h"

namespace carousel {
namespace {

using imapi::Hresult;

absl::Status Locked(const DriveStation& station, const absl::Status& refusal) {
  return imapi::MakeError(
      Hresult::E_IMAPI_RECORDER_LOCKED, refusal.message(),
      {{"drive", absl::StrCat("drives/", station.id())}, {"owner", station.snapshot().owner}});
}

absl::Status UdfNotSupported() {
  return imapi::MakeError(Hresult::IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED,
                          "UDF is recognised but not imported", {{"file_system", "UDF"}});
}

}  // namespace

struct ImportJobs::Job {
  std::shared_ptr<FileSystemImage> image;
  std::shared_ptr<const BoundDisc> bound;
  DriveLease lease;
  std::shared_ptr<ImportRun> run;
  ImportWork reported;  // to the observer; the thread of the run
};

ImportJobs::ImportJobs(Robot* robot, OperationStore* operations, OperationRunner* runner,
                       NewRun new_run, ImportOptions limits, Clock* clock, ImportObserver* observer)
    : robot_(robot),
      operations_(operations),
      runner_(runner),
      new_run_(std::move(new_run)),
      limits_(std::move(limits)),
      clock_(clock),
      observer_(observer) {}

absl::StatusOr<std::string> ImportJobs::Start(Request request) {
  MutexLock lock(&start_mutex_);
  ASSIGN_OR_RETURN(const std::optional<std::string> known,
                   operations_->FindRequest(request.request));
  if (known.has_value()) return *known;
  RETURN_IF_ERROR(runner_->CheckAccepting());
  if (request.file_system == FileSystem::kUdf) return UdfNotSupported();
  const std::string id = RandomId();
  ASSIGN_OR_RETURN(const std::shared_ptr<Job> job, Prepare(request, id));
  operations_->Create(id,
                      {.kind = OperationKind::kImportFileSystem,
                       .drive = job->bound->decision.drive,
                       .image = request.image->id(),
                       .disc = job->bound->disc,
                       .trace_id = request.trace_id},
                      request.request);
  operations_->Attach(
      id, [run = job->run] { return std::any(run->progress()); },
      [run = job->run] { run->Cancel(); });
  const absl::Status started = runner_->Start(id, [this, job] { return RunJob(*job); });
  if (started.ok()) return id;
  // Draining began meanwhile: nobody has heard of the operation.
  request.image->EndImport(nullptr).IgnoreError();
  operations_->Finish(id, started);
  operations_->Delete(id).IgnoreError();
  return started;
}

absl::StatusOr<std::shared_ptr<ImportJobs::Job>> ImportJobs::Prepare(const Request& request,
                                                                     const std::string& id) {
  auto job = std::make_shared<Job>();
  job->image = request.image;
  job->bound = request.image->bound();
  if (job->bound != nullptr) {
    const DrivePlace* drive = robot_->FindDrive(job->bound->decision.drive);
    if (drive == nullptr) return absl::InternalError("the image is bound to no drive of the robot");
    // An image whose own import has the drive says so itself.
    RETURN_IF_ERROR(request.image->CheckBind(request.etag));
    absl::StatusOr<DriveLease> lease = drive->station->Lease(absl::StrCat("operations/", id));
    if (!lease.ok()) return Locked(*drive->station, lease.status());
    job->lease = *std::move(lease);
    ImportOptions options = limits_;
    options.file_system = request.file_system;
    options.preference = request.preference;
    options.hash_files = request.hash_files;
    if (const int64_t most = request.image->view().properties.max_import_entries; most != 0)
      options.limits.max_entries = std::min(options.limits.max_entries, most);
    // The job owns the run, which is all that calls this.
    options.on_work = [this, job = job.get()](const ImportWork& done) { ReportWork(*job, done); };
    job->run = new_run_(drive->station, job->bound->facts, options);
  }
  ASSIGN_OR_RETURN(
      const std::shared_ptr<const BoundDisc> begun,
      request.image->BeginImport(request.etag, id, [run = job->run] { run->Cancel(); }));
  if (begun != job->bound) {
    // Another SetMultisessionInterfaces came between.
    request.image->EndImport(nullptr).IgnoreError();
    return EtagMismatchError(absl::StrCat("images/", request.image->id()), request.etag,
                             request.image->view().etag);
  }
  return job;
}

absl::StatusOr<std::any> ImportJobs::RunJob(Job& job) {
  const absl::Time start = clock_->Now();
  absl::StatusOr<ImportResult> result = job.run->Run();
  Report(job, result.status(), clock_->Now() - start);
  if (!result.ok()) {
    job.image->EndImport(nullptr).IgnoreError();
    return imapi::WithMetadata(imapi::FromDevice(result.status()), "drive",
                               absl::StrCat("drives/", job.bound->decision.drive));
  }
  ImportReport report{.file_system = result->file_system,
                      .rock_ridge = result->rock_ridge,
                      .entries = result->tree.entry_count(),
                      .warnings = std::move(result->warnings)};
  auto session = std::make_shared<ImportedSession>();
  session->tree = std::move(result->tree);
  session->file_system = result->file_system;
  session->rock_ridge = result->rock_ridge;
  session->volume_name = std::move(result->volume_name);
  session->manifest = std::move(result->manifest);
  RETURN_IF_ERROR(job.image->EndImport(std::move(session)));
  report.image = job.image->view();
  return std::any(std::move(report));
}

void ImportJobs::ReportWork(Job& job, const ImportWork& done) {
  if (observer_ == nullptr) return;
  observer_->OnImportProgress(job.bound->decision.drive,
                              {.entries = done.entries - job.reported.entries,
                               .bytes = done.bytes - job.reported.bytes,
                               .blocks = done.blocks - job.reported.blocks});
  job.reported = done;
}

void ImportJobs::Report(Job& job, const absl::Status& outcome, absl::Duration took) {
  if (observer_ == nullptr) return;
  const ImportProgress done = job.run->progress();
  const ImportWork work{.entries = done.directories_done + done.files_done,
                        .bytes = done.bytes_read,
                        .blocks = done.blocks_read};
  ReportWork(job, work);
  observer_->OnImportEnd(job.bound->decision.drive, outcome, work, took);
}

}  // namespace carousel
