#include "server/burn/journaled_operations.h"

#include <vector>

#include "hal/base/status_macros.h"
#include "server/burn/disc_condition.h"
#include "server/errors/errors.h"
#include "server/journal/action.h"
#include "server/journal/journal_operation.h"

namespace carousel {

JournaledOperations::JournaledOperations(Journal* journal, OperationStore* store, Codecs codecs)
    : journal_(journal), store_(store), codecs_(std::move(codecs)) {}

absl::Status JournaledOperations::Restore(int64_t limit) {
  ASSIGN_OR_RETURN(const std::vector<JournalOperation> unended, journal_->UnendedOperations());
  for (const JournalOperation& left : unended) {
    const std::string& id = left.operation.id;
    ASSIGN_OR_RETURN(const std::vector<ActionRecord> actions, journal_->ActionsOfOperation(id));
    const absl::string_view condition = DiscConditionName(ConditionAfter(actions));
    RETURN_IF_ERROR(journal_->EndOperation(id, InterruptedError(id, condition), ""));
  }
  ASSIGN_OR_RETURN(const std::vector<JournalOperation> newest, journal_->ListOperations(limit));
  for (auto kept = newest.rbegin(); kept != newest.rend(); ++kept) RestoreOne(*kept);
  return absl::OkStatus();
}

void JournaledOperations::RestoreOne(const JournalOperation& kept) {
  const std::optional<OperationKind> kind = FindOperationKind(kept.operation.kind);
  // A later version's, before a downgrade: its request is still known to the journal.
  if (!kind.has_value()) return;
  EndedOperation operation{.id = kept.operation.id,
                           .subject = {.kind = *kind,
                                       .drive = kept.operation.drive,
                                       .disc = kept.operation.disc,
                                       .trace_id = kept.operation.trace_id},
                           .request = kept.operation.request,
                           .create_time = kept.create_time,
                           .end_time = kept.end_time.value_or(kept.create_time),
                           .response = std::any()};
  Leavings leavings;
  if (const auto codec = codecs_.find(*kind); codec != codecs_.end())
    leavings = codec->second.decode(kept.result);
  operation.progress = std::move(leavings.progress);
  if (kept.status.ok())
    operation.response = std::move(leavings.response);
  else
    operation.response = kept.status;
  store_->Restore(std::move(operation));
}

absl::StatusOr<std::optional<std::string>> JournaledOperations::FindRequest(
    const RequestId& request) {
  ASSIGN_OR_RETURN(std::optional<std::string> known, store_->FindRequest(request));
  if (known.has_value()) return known;
  ASSIGN_OR_RETURN(known, journal_->FindRequest(request));
  if (!known.has_value() || store_->Get(*known).ok()) return known;
  // The store has forgotten it; that it was done counts longer.
  ASSIGN_OR_RETURN(const JournalOperation kept, journal_->GetOperation(*known));
  RestoreOne(kept);
  return known;
}

absl::Status JournaledOperations::Begin(const std::string& id, const OperationSubject& subject,
                                        const RequestId& request) {
  ASSIGN_OR_RETURN(const Journal::Recorded recorded,
                   journal_->RecordOperation({.id = id,
                                              .request = request,
                                              .kind = std::string(OperationKindName(subject.kind)),
                                              .drive = subject.drive,
                                              .disc = subject.disc,
                                              .trace_id = subject.trace_id}));
  // Callers have asked FindRequest, one at a time.
  if (!recorded.is_new) return absl::InternalError("the request's operation was begun meanwhile");
  store_->Create(id, subject, request);
  return absl::OkStatus();
}

void JournaledOperations::Drop(const std::string& id) {
  store_->Finish(id, absl::CancelledError("never begun"));
  store_->Delete(id).IgnoreError();
  // Left there it is interrupted at the next start, which is true.
  journal_->DropOperation(id).IgnoreError();
}

absl::Status JournaledOperations::End(const std::string& id,
                                      const absl::StatusOr<std::any>& response) {
  Leavings leavings;
  ASSIGN_OR_RETURN(const OperationView view, store_->Get(id));
  leavings.progress = view.progress;
  if (response.ok()) leavings.response = *response;
  const auto codec = codecs_.find(view.subject.kind);
  return journal_->EndOperation(id, response.status(),
                                codec == codecs_.end() ? "" : codec->second.encode(leavings));
}

}  // namespace carousel
