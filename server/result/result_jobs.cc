#include "server/result/result_jobs.h"

#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/operations/random_id.h"

namespace carousel {

struct ResultJobs::Job {
  std::shared_ptr<FileSystemImage> image;
  ResultSpec spec;
  std::atomic<ResultStep> step = ResultStep::kCollecting;
  std::atomic<bool> cancelled = false;
};

absl::StatusOr<std::string> ResultJobs::Start(Request request) {
  MutexLock lock(&start_mutex_);
  ASSIGN_OR_RETURN(const std::optional<std::string> known,
                   operations_->FindRequest(request.request));
  if (known.has_value()) return *known;
  RETURN_IF_ERROR(runner_->CheckAccepting());
  if (running_ >= max_running_) return LimitReachedError("max_result_operations", max_running_);
  const std::string id = RandomId();
  const auto job = std::make_shared<Job>();
  job->image = request.image;
  job->spec = {.creation_time = request.creation_time.value_or(clock_->Now()),
               .job = request.job.empty() ? absl::StrCat("operations/", id) : request.job,
               .refer = request.refer};
  const auto cancel = [job] { job->cancelled = true; };
  RETURN_IF_ERROR(request.image->BeginOperation(ImageState::kMastering, request.etag, id, cancel));
  operations_->Create(id,
                      {.kind = OperationKind::kCreateResultImage,
                       .image = request.image->id(),
                       .trace_id = request.trace_id},
                      request.request);
  operations_->Attach(
      id, [job] { return std::any(ResultProgress{.step = job->step}); }, cancel);
  ++running_;
  const absl::Status started = runner_->Start(id, [this, job] { return RunJob(*job); });
  if (started.ok()) return id;
  // Draining began meanwhile: nobody has heard of the operation.
  --running_;
  request.image->EndOperation();
  operations_->Finish(id, started);
  operations_->Delete(id).IgnoreError();
  return started;
}

absl::StatusOr<MadeResult> ResultJobs::Make(Job& job) const {
  ASSIGN_OR_RETURN(MasteringSource source, job.image->Master());
  return maker_.Make(std::move(source), job.spec, [&job](ResultStep step) {
    job.step = step;
    if (!job.cancelled) return absl::OkStatus();
    return imapi::MakeError(imapi::Hresult::E_IMAPI_REQUEST_CANCELLED, "cancelled");
  });
}

absl::StatusOr<std::any> ResultJobs::RunJob(Job& job) {
  absl::StatusOr<MadeResult> made = Make(job);
  if (made.ok()) job.image->SetResult(made->result);
  job.image->EndOperation();
  --running_;
  if (!made.ok()) return made.status();
  return std::any(ResultReport{.image = job.image->view(), .made = *std::move(made)});
}

}  // namespace carousel
