#include "server/maintenance/disc_jobs.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "hal/base/status_macros.h"
#include "hal/robot/drive_station.h"
#include "server/burn/verify_control.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/maintenance/disc_job_report.h"
#include "server/maintenance/erase_run.h"
#include "server/maintenance/maintenance_control.h"
#include "server/maintenance/repair_run.h"
#include "server/maintenance/session_verification.h"
#include "server/operations/random_id.h"

namespace carousel {
namespace {

using imapi::Hresult;

// What the library calls a disc without a bar code: the place, not the disc.
constexpr absl::string_view kUnlabelled = "unlabelled-";

std::string DriveName(absl::string_view id) { return absl::StrCat("drives/", id); }

absl::Status Locked(const DriveStation& station, const absl::Status& refusal) {
  return imapi::MakeError(
      Hresult::E_IMAPI_RECORDER_LOCKED, refusal.message(),
      {{"drive", DriveName(station.id())}, {"owner", station.snapshot().owner}});
}

DiscCondition ConditionAfter(const MaintenanceReport& report, DiscCondition success) {
  if (report.effect == DiscEffect::kNone) return DiscCondition::kUntouched;
  return report.status.ok() ? success : DiscCondition::kUnknown;
}

DiscCondition ConditionAfter(const SessionVerificationReport& report) {
  const auto detail = imapi::GetDetail(report.status);
  if (detail.has_value() && detail->hresult == Hresult::E_IMAPI_BURN_VERIFICATION_FAILED)
    return DiscCondition::kSuspect;
  const bool proven = report.status.ok() && report.level == VerifyLevel::kFull &&
                      report.basis != VerifyBasis::kNothing && report.session.number > 0;
  return proven ? DiscCondition::kGood : DiscCondition::kUntouched;
}

}  // namespace

// What others see of a job. It outlives the work: the operation keeps the last of it.
class DiscJobs::Shown {
 public:
  explicit Shown(Clock* clock) : clock_(*clock) {}

  // Before the work begins.
  std::function<DiscJobProgress()> progress;

  DiscJobProgress Now() ABSL_LOCKS_EXCLUDED(mutex_) {
    DiscJobProgress now = progress();
    MutexLock lock(&mutex_);
    if (begin_.has_value()) now.elapsed = end_.value_or(clock_.Now()) - *begin_;
    now.condition = condition_;
    now.faults = faults_;
    return now;
  }
  void Begin() ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    begin_ = clock_.Now();
  }
  // With what the disc is now.
  void End(DiscCondition condition, std::vector<FileFault> faults = {})
      ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    end_ = clock_.Now();
    condition_ = condition;
    faults_ = std::move(faults);
  }
  DiscCondition condition() const ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    return condition_;
  }

 private:
  Clock& clock_;
  mutable Mutex mutex_;
  std::optional<absl::Time> begin_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Time> end_ ABSL_GUARDED_BY(mutex_);
  DiscCondition condition_ ABSL_GUARDED_BY(mutex_) = DiscCondition::kUntouched;
  std::vector<FileFault> faults_ ABSL_GUARDED_BY(mutex_);
};

// The work's own: with it goes the lease.
struct DiscJobs::Job {
  OperationKind kind;
  std::string id;
  std::string disc;  // id; empty if not known
  MaintenanceSubject subject;
  DriveLease lease;
  std::shared_ptr<Shown> shown;
  // On the drive's thread.
  std::function<absl::StatusOr<std::any>(Job&, Drive&)> work;
  std::function<void()> cancel;
};

absl::StatusOr<std::string> DiscJobs::StartErase(const Request& request, EraseMode mode) {
  return Start(OperationKind::kEraseMedia, request,
               Changing(DiscCondition::kErased, [mode](MaintenanceSubject subject,
                                                       MaintenanceRun::Surroundings around) {
                 return std::make_unique<EraseRun>(mode, std::move(subject), std::move(around));
               }));
}

absl::StatusOr<std::string> DiscJobs::StartClose(const Request& request, CloseMode mode) {
  return Start(OperationKind::kCloseDisc, request,
               Changing(DiscCondition::kWritten, [mode](MaintenanceSubject subject,
                                                        MaintenanceRun::Surroundings around) {
                 return std::make_unique<CloseRun>(mode, std::move(subject), std::move(around));
               }));
}

absl::StatusOr<std::string> DiscJobs::StartRepair(const Request& request) {
  return Start(OperationKind::kRepairDisc, request,
               Changing(DiscCondition::kWritten, [clock = parts_.clock](
                                                     MaintenanceSubject subject,
                                                     MaintenanceRun::Surroundings around) {
                 return std::make_unique<RepairRun>(std::move(subject), std::move(around), clock);
               }));
}

DiscJobs::MakeWork DiscJobs::Changing(DiscCondition success, NewRun new_run) {
  return [this, success, new_run = std::move(new_run)](Job& job) {
    const auto control = std::make_shared<MaintenanceControl>();
    job.shown->progress = [control] { return DiscJobProgress{.maintenance = control->progress()}; };
    job.cancel = [control] { control->Cancel(); };
    job.work = [this, success, new_run, control](Job& running,
                                                 Drive& drive) -> absl::StatusOr<std::any> {
      MaintenanceReport report = new_run(running.subject, {.read_facts = parts_.read_facts,
                                                           .journal = parts_.journal,
                                                           .control = control.get()})
                                     ->Run(drive);
      running.shown->End(ConditionAfter(report, success));
      RETURN_IF_ERROR(report.status);
      return std::any(
          MaintenanceResponse{.facts = std::make_shared<const MediaFacts>(*std::move(report.facts)),
                              .changed = report.effect != DiscEffect::kNone});
    };
  };
}

absl::StatusOr<std::string> DiscJobs::StartVerification(const Request& request, VerifyLevel level,
                                                        int session) {
  return Start(OperationKind::kVerifySession, request, [this, level, session](Job& job) {
    const auto control = std::make_shared<VerifyControl>();
    job.shown->progress = [control] { return DiscJobProgress{.verify = control->progress()}; };
    job.cancel = [control] { control->Cancel(); };
    job.work = [this, level, session, control](Job& running,
                                               Drive& drive) -> absl::StatusOr<std::any> {
      SessionVerification run({.level = level, .session = session, .subject = running.subject},
                              {.read_facts = parts_.read_facts,
                               .journal = parts_.journal,
                               .control = control.get(),
                               .clock = parts_.clock});
      SessionVerificationReport report = run.Run(drive);
      running.shown->End(ConditionAfter(report), report.faults);
      RETURN_IF_ERROR(report.status);
      return std::any(VerificationResponse{.report = std::move(report)});
    };
  });
}

absl::StatusOr<std::string> DiscJobs::Start(OperationKind kind, const Request& request,
                                            const MakeWork& make) {
  MutexLock lock(&start_mutex_);
  ASSIGN_OR_RETURN(const std::optional<std::string> known,
                   parts_.journaled->FindRequest(request.request));
  if (known.has_value()) return *known;
  RETURN_IF_ERROR(parts_.runner->CheckAccepting());
  const std::string id = RandomId();
  ASSIGN_OR_RETURN(const std::shared_ptr<Job> job, Prepare(request, id));
  job->kind = kind;
  make(*job);
  RETURN_IF_ERROR(parts_.journaled->Begin(
      id, {.kind = kind, .drive = request.drive, .disc = job->disc, .trace_id = request.trace_id},
      request.request));
  // The store must not keep the job, whose drive is free when the work has ended.
  parts_.operations->Attach(
      id, [shown = job->shown] { return std::any(shown->Now()); }, job->cancel);
  const absl::Status started = parts_.runner->Start(id, [this, job] { return RunJob(*job); });
  if (started.ok()) return id;
  // Draining began meanwhile: nobody has heard of the operation.
  parts_.journaled->Drop(id);
  return started;
}

absl::StatusOr<std::shared_ptr<DiscJobs::Job>> DiscJobs::Prepare(const Request& request,
                                                                 const std::string& id) {
  auto job = std::make_shared<Job>();
  job->id = id;
  job->shown = std::make_shared<Shown>(parts_.clock);
  const DrivePlace* drive = parts_.robot->FindDrive(request.drive);
  if (drive == nullptr) return NotFoundError("carousel.dev/Drive", DriveName(request.drive));
  absl::StatusOr<DriveLease> lease = drive->station->Lease(absl::StrCat("operations/", id));
  if (!lease.ok()) return Locked(*drive->station, lease.status());
  job->lease = *std::move(lease);
  if (drive->station->snapshot().state == DriveSnapshot::State::kEmpty) {
    return imapi::MakeError(Hresult::E_IMAPI_RECORDER_MEDIA_NO_MEDIA,
                            absl::StrCat("drive ", request.drive, " is empty"),
                            {{"drive", DriveName(request.drive)}});
  }
  // Since the lease no arm changes it.
  job->disc = parts_.disc_in_drive(request.drive);
  job->subject = {.operation = id, .drive = request.drive};
  if (!absl::StartsWith(job->disc, kUnlabelled)) job->subject.barcode = job->disc;
  // What is no bar code is an identifier, which only the disc itself can confirm.
  if (request.confirmed_disc.empty() || request.confirmed_disc != job->subject.barcode)
    job->subject.disc_identifier = request.confirmed_disc;
  return job;
}

absl::StatusOr<std::any> DiscJobs::RunJob(Job& job) {
  absl::StatusOr<std::any> response = absl::UnknownError("not run");
  const absl::Time begin = parts_.clock->Now();
  const absl::Status ran = job.lease.station()->Run([&](Drive& drive) {
    job.shown->Begin();
    response = job.work(job, drive);
    return absl::OkStatus();
  });
  // A station that has failed before the task's turn; afterwards the task tells of its drive.
  if (!ran.ok()) response = imapi::FromDevice(ran);
  if (!response.ok()) {
    response = imapi::WithMetadata(
        imapi::WithMetadata(response.status(), "drive", DriveName(job.subject.drive)), "disc_state",
        DiscConditionName(job.shown->condition()));
  }
  if (parts_.observer != nullptr) {
    parts_.observer->OnDiscJobEnd({.kind = OperationKindName(job.kind),
                                   .disc_state = DiscConditionName(job.shown->condition()),
                                   .outcome = response.status(),
                                   .took = parts_.clock->Now() - begin});
  }
  // How its actions ended is recorded already. Where this is not, the operation counts as
  // interrupted after a restart; now it is told as it ended.
  parts_.journaled->End(job.id, response).IgnoreError();
  return response;
}

}  // namespace carousel
