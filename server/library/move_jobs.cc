#include "server/library/move_jobs.h"

#include <any>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/operations/random_id.h"

namespace carousel {

MoveJobs::MoveJobs(Library* library, OperationStore* operations, OperationRunner* runner)
    : library_(library), operations_(operations), runner_(runner) {}

absl::StatusOr<std::string> MoveJobs::StartLoad(absl::string_view disc, absl::string_view drive,
                                                std::string trace_id, const RequestId& request) {
  return Start(OperationKind::kLoadDisc, disc, drive, std::move(trace_id), request);
}

absl::StatusOr<std::string> MoveJobs::StartUnload(absl::string_view drive, std::string trace_id,
                                                  const RequestId& request) {
  return Start(OperationKind::kUnloadDisc, "", drive, std::move(trace_id), request);
}

absl::StatusOr<std::string> MoveJobs::Start(OperationKind kind, absl::string_view disc,
                                            absl::string_view drive, std::string trace_id,
                                            const RequestId& request) {
  MutexLock lock(&start_mutex_);
  ASSIGN_OR_RETURN(const std::optional<std::string> known, operations_->FindRequest(request));
  if (known.has_value()) return *known;
  RETURN_IF_ERROR(runner_->CheckAccepting());
  const std::string id = RandomId();
  const std::string owner = absl::StrCat("operations/", id);
  ASSIGN_OR_RETURN(std::shared_ptr<DiscMove> move, kind == OperationKind::kLoadDisc
                                                       ? library_->PrepareLoad(disc, drive, owner)
                                                       : library_->PrepareUnload(drive, owner));
  const MoveReport report{.disc = move->disc(),
                          .drive = move->drive(),
                          .slot = move->slot(),
                          .source = move->source(),
                          .destination = move->destination()};
  operations_->Create(
      id,
      {.kind = kind, .drive = report.drive, .disc = report.disc, .trace_id = std::move(trace_id)},
      request);
  // The store must not keep the move, whose drive is free when the work has ended.
  operations_->Attach(
      id, [report] { return std::any(report); },
      [move = std::weak_ptr<DiscMove>(move)] {
        if (const std::shared_ptr<DiscMove> running = move.lock()) running->Cancel();
      });
  const absl::Status started =
      runner_->Start(id, [move = std::move(move), report]() -> absl::StatusOr<std::any> {
        RETURN_IF_ERROR(move->Run());
        return std::any(report);
      });
  if (started.ok()) return id;
  // Draining began meanwhile: nobody has heard of the operation.
  operations_->Finish(id, started);
  operations_->Delete(id).IgnoreError();
  return started;
}

}  // namespace carousel
