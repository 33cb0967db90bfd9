#include "server/burn/burn_jobs.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/profile.h"
#include "hal/robot/drive_station.h"
#include "server/burn/held_discs.h"
#include "server/burn/journaled_burn.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/journal/action.h"
#include "server/mastering/result_image.h"
#include "server/operations/random_id.h"

namespace carousel {
namespace {

using imapi::Hresult;

std::string DriveName(absl::string_view id) { return absl::StrCat("drives/", id); }

absl::Status Locked(const DriveStation& station, const absl::Status& refusal) {
  return imapi::MakeError(
      Hresult::E_IMAPI_RECORDER_LOCKED, refusal.message(),
      {{"drive", DriveName(station.id())}, {"owner", station.snapshot().owner}});
}

absl::Status NothingToWrite() {
  return imapi::MakeError(Hresult::IMAPI_E_IMAGEMANAGER_NO_IMAGE,
                          "nothing was mastered from the image: make its result first");
}

absl::Status OtherDrive(const std::string& planned, const std::string& asked) {
  return imapi::MakeError(
      Hresult::IMAPI_E_DISC_MISMATCH,
      absl::StrCat("the image continues the disc in drive ", planned),
      {{"property", "drive"}, {"planned", DriveName(planned)}, {"found", DriveName(asked)}});
}

}  // namespace

struct BurnJobs::Job {
  std::string id;
  std::string drive;
  std::string disc;  // id; empty if not known
  ImagePtr image;
  std::shared_ptr<const ResultImage> result;
  DriveLease lease;
  std::shared_ptr<WriteRun> run;
};

DiscIdentity BurnJobs::IdentityOf(const std::string& disc, const MediaFacts* facts) const {
  DiscIdentity identity{.barcode = BarcodeOfDisc(disc)};
  if (facts == nullptr) return identity;
  identity.identifier = facts->disc_identifier;
  identity.generation = facts->generation;
  return identity;
}

absl::StatusOr<std::string> BurnJobs::Start(Request request) {
  MutexLock lock(&start_mutex_);
  ASSIGN_OR_RETURN(const std::optional<std::string> known,
                   parts_.journaled->FindRequest(request.request));
  if (known.has_value()) return *known;
  RETURN_IF_ERROR(parts_.runner->CheckAccepting());
  const std::string id = RandomId();
  ASSIGN_OR_RETURN(const std::shared_ptr<Job> job, Prepare(request, id));
  absl::Status started = parts_.journaled->Begin(id,
                                                 {.kind = OperationKind::kWriteImage,
                                                  .drive = job->drive,
                                                  .image = request.image,
                                                  .disc = job->disc,
                                                  .trace_id = request.trace_id},
                                                 request.request);
  if (!started.ok()) {
    job->image->EndOperation();
    return started;
  }
  parts_.operations->Attach(
      id, [run = job->run] { return std::any(run->progress()); },
      [run = job->run] { run->Cancel(); });
  started = parts_.runner->Start(id, [this, job] { return RunJob(*job); });
  if (started.ok()) return id;
  // Draining began meanwhile: nobody has heard of the operation.
  job->image->EndOperation();
  parts_.journaled->Drop(id);
  return started;
}

absl::StatusOr<std::shared_ptr<BurnJobs::Job>> BurnJobs::Prepare(const Request& request,
                                                                 const std::string& id) {
  auto job = std::make_shared<Job>();
  job->id = id;
  job->drive = request.drive;
  ASSIGN_OR_RETURN(job->image, parts_.images->Find(request.image));
  const DrivePlace* drive = parts_.robot->FindDrive(request.drive);
  if (drive == nullptr) return NotFoundError("carousel.dev/Drive", DriveName(request.drive));
  job->result = job->image->result();
  if (job->result == nullptr) return NothingToWrite();
  const BoundDisc* bound = job->result->bound.get();
  if (bound != nullptr && bound->decision.drive != request.drive)
    return OtherDrive(bound->decision.drive, request.drive);
  absl::StatusOr<DriveLease> lease = drive->station->Lease(absl::StrCat("operations/", id));
  if (!lease.ok()) return Locked(*drive->station, lease.status());
  job->lease = *std::move(lease);
  // Since the lease no arm changes it.
  job->disc = parts_.disc_in_drive(request.drive);
  if (!request.options.simulate) {
    RETURN_IF_ERROR(parts_.journal->CheckDiscIsFree(
        ActionKind::kWriteSession, request.drive,
        IdentityOf(job->disc, bound == nullptr ? nullptr : bound->facts.get())));
  }
  job->run = std::make_shared<WriteRun>(
      job->result, request.options, parts_.read_facts,
      [this, id, drive = job->drive, disc = job->disc](const MediaFacts& facts) {
        return std::make_unique<JournaledBurn>(
            parts_.journal, JournaledBurn::Subject{
                                .operation = id, .drive = drive, .disc = IdentityOf(disc, &facts)});
      },
      parts_.clock);
  RETURN_IF_ERROR(job->image->BeginOperation(ImageState::kBurning, request.etag, id,
                                             [run = job->run] { run->Cancel(); }));
  return job;
}

absl::StatusOr<std::any> BurnJobs::RunJob(Job& job) {
  absl::StatusOr<WriteReport> report = absl::UnknownError("not run");
  const absl::Status ran = job.lease.station()->Run([&](Drive& drive) {
    report = job.run->Run(drive);
    return absl::OkStatus();
  });
  // A station that has failed before the task's turn; afterwards the task tells of its drive.
  if (!ran.ok()) report = imapi::FromDevice(ran);
  Report(job, report.status());
  absl::StatusOr<std::any> response =
      report.ok() ? absl::StatusOr<std::any>(std::any(*std::move(report)))
                  : imapi::WithMetadata(report.status(), "drive", DriveName(job.drive));
  // What the actions of the burn were is recorded already, and how they ended. Where this is not,
  // the operation counts as interrupted after a restart; now it is told as it ended.
  parts_.journaled->End(job.id, response).IgnoreError();
  job.image->EndOperation();
  return response;
}

void BurnJobs::Report(const Job& job, const absl::Status& outcome) {
  if (parts_.observer == nullptr) return;
  const WriteProgress progress = job.run->progress();
  const BurnReport& burn = job.run->burn();
  parts_.observer->OnBurnEnd({.drive = job.drive,
                              .media = mmc::ProfileName(job.run->profile()),
                              .disc_state = DiscConditionName(progress.condition),
                              .outcome = outcome,
                              .bytes = burn.simulated ? 0 : burn.written.bytes(),
                              .took = progress.elapsed,
                              .wrong_address = burn.wrong_address,
                              .buffer_bytes = progress.burn.buffer.size,
                              .lowest_buffer_bytes = progress.burn.buffer.lowest,
                              .times_dry = progress.burn.buffer.times_dry});
}

}  // namespace carousel
