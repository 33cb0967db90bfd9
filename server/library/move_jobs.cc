#include "server/library/move_jobs.h"

#include <algorithm>
#include <any>
#include <atomic>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/library/disc_move.h"
#include "server/operations/random_id.h"

namespace carousel {
namespace {

// Plans what a request asks for.
struct Planner {
  Library& library;
  const std::string& owner;

  Library::Planned operator()(const LoadRequest& load) const {
    return library.PrepareLoad(load.disc, load.drive, owner);
  }
  Library::Planned operator()(const UnloadRequest& unload) const {
    return library.PrepareUnload(unload.drive, owner);
  }
  Library::Planned operator()(const ExchangeRequest& exchange) const {
    return library.PrepareExchange(exchange.disc, exchange.drive, owner);
  }
  Library::Planned operator()(const MoveRequest& move) const {
    return library.PrepareMove(move.disc, move.slot, owner);
  }
  Library::Planned operator()(const ImportRequest& import) const {
    return library.PrepareImport(import.import_export_slot, import.slot);
  }
  Library::Planned operator()(const ExportRequest& request) const {
    return library.PrepareExport(request.disc, request.import_export_slot);
  }
};

struct KindOf {
  OperationKind operator()(const LoadRequest&) const { return OperationKind::kLoadDisc; }
  OperationKind operator()(const UnloadRequest&) const { return OperationKind::kUnloadDisc; }
  OperationKind operator()(const ExchangeRequest&) const { return OperationKind::kExchangeDisc; }
  OperationKind operator()(const MoveRequest&) const { return OperationKind::kMoveDisc; }
  OperationKind operator()(const ImportRequest&) const { return OperationKind::kImportDisc; }
  OperationKind operator()(const ExportRequest&) const { return OperationKind::kExportDisc; }
};

MoveReport ReportOf(const DiscMove& move) {
  MoveReport report{.leg = move.leg(), .displaced = {}, .drive = move.drive()};
  if (move.displaced() != nullptr) report.displaced = *move.displaced();
  return report;
}

InventoryReport ReportOf(const Inventory& inventory) {
  const auto unlabelled =
      std::count_if(inventory.discs().begin(), inventory.discs().end(),
                    [](const DiscPlace& disc) { return disc.id != disc.barcode; });
  return {.discs = inventory.discs().size(), .unlabelled = static_cast<size_t>(unlabelled)};
}

}  // namespace

MoveJobs::MoveJobs(Library* library, OperationStore* operations, OperationRunner* runner)
    : library_(library), operations_(operations), runner_(runner) {}

absl::StatusOr<std::string> MoveJobs::Start(const AnyMoveRequest& what, std::string trace_id,
                                            const RequestId& request) {
  MutexLock lock(&start_mutex_);
  ASSIGN_OR_RETURN(const std::optional<std::string> known, operations_->FindRequest(request));
  if (known.has_value()) return *known;
  RETURN_IF_ERROR(runner_->CheckAccepting());
  const std::string id = RandomId();
  const std::string owner = absl::StrCat("operations/", id);
  ASSIGN_OR_RETURN(std::shared_ptr<DiscMove> move, std::visit(Planner{*library_, owner}, what));
  const MoveReport report = ReportOf(*move);
  operations_->Create(id,
                      {.kind = std::visit(KindOf(), what),
                       .drive = report.drive,
                       .disc = report.leg.disc,
                       .trace_id = std::move(trace_id)},
                      request);
  // The store must not keep the move, whose drive is free when the work has ended.
  operations_->Attach(
      id, [report] { return std::any(report); },
      [move = std::weak_ptr<DiscMove>(move)] {
        if (const std::shared_ptr<DiscMove> running = move.lock()) running->Cancel();
      });
  return Run(id, [move = std::move(move), report]() -> absl::StatusOr<std::any> {
    RETURN_IF_ERROR(move->Run());
    return std::any(report);
  });
}

absl::StatusOr<std::string> MoveJobs::StartInventory(bool rescan, std::string trace_id,
                                                     const RequestId& request) {
  MutexLock lock(&start_mutex_);
  ASSIGN_OR_RETURN(const std::optional<std::string> known, operations_->FindRequest(request));
  if (known.has_value()) return *known;
  RETURN_IF_ERROR(runner_->CheckAccepting());
  const std::string id = RandomId();
  operations_->Create(id, {.kind = OperationKind::kTakeInventory, .trace_id = std::move(trace_id)},
                      request);
  const auto cancelled = std::make_shared<std::atomic<bool>>(false);
  operations_->Attach(
      id, [rescan] { return std::any(InventoryProgress{rescan}); },
      [cancelled] { *cancelled = true; });
  return Run(id, [this, rescan, cancelled]() -> absl::StatusOr<std::any> {
    RETURN_IF_ERROR(library_->TakeInventory(rescan, *cancelled));
    return std::any(ReportOf(*library_->inventory()));
  });
}

absl::StatusOr<std::string> MoveJobs::Run(const std::string& id, OperationRunner::Work work) {
  const absl::Status started = runner_->Start(id, std::move(work));
  if (started.ok()) return id;
  // Draining began meanwhile: nobody has heard of the operation.
  operations_->Finish(id, started);
  operations_->Delete(id).IgnoreError();
  return started;
}

}  // namespace carousel
