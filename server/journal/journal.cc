#include "server/journal/journal.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/journal/action_table.h"
#include "server/journal/operation_table.h"
#include "server/journal/schema.h"

namespace carousel {
namespace {

constexpr size_t kSha256Size = 32;

absl::Status CheckDigest(const std::string& digest) {
  if (digest.empty() || digest.size() == kSha256Size) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("a SHA-256 of ", digest.size(), " bytes"));
}

absl::Status CheckIntent(const ActionIntent& intent) {
  if (intent.drive.empty()) return absl::InvalidArgumentError("an action without a drive");
  if (intent.planned < Sectors(0)) return absl::InvalidArgumentError("a negative count of sectors");
  if (intent.old_superblock.size() > Journal::kMaxSuperblock) {
    return absl::InvalidArgumentError(
        absl::StrCat("a superblock of ", intent.old_superblock.size(), " bytes"));
  }
  return CheckDigest(intent.sha256);
}

// Whether the actions may be about one disc: in doubt, they are.
bool MayBeOneDisc(const ActionIntent& a, const ActionIntent& b) {
  if (!a.disc.barcode.empty() && !b.disc.barcode.empty()) return a.disc.barcode == b.disc.barcode;
  if (!a.disc.identifier.empty() && !b.disc.identifier.empty())
    return a.disc.identifier == b.disc.identifier;
  return a.drive == b.drive;
}

// What may be done to a disc on which `failed` has.
bool Mends(ActionKind kind, ActionKind failed) {
  const auto erases = [](ActionKind action) {
    return action == ActionKind::kBlank || action == ActionKind::kFormat;
  };
  return kind == ActionKind::kClose || kind == ActionKind::kRepair ||
         (erases(kind) && erases(failed));
}

absl::Status HeldError(const ActionRecord& record) {
  const absl::string_view outcome = record.outcome.has_value() ? "failed"
                                    : record.of_this_run       ? "running"
                                                               : "interrupted";
  return DiscHeldError(ActionKindName(record.intent.kind), record.id.value(),
                       record.intent.operation, outcome);
}

// Discs that wait for somebody: an action that runs is no reason to look.
int64_t CountHeldDiscs(const std::vector<ActionRecord>& held) {
  std::vector<const ActionIntent*> discs;
  for (const ActionRecord& record : held) {
    if (!record.outcome.has_value() && record.of_this_run) continue;
    const bool known = std::any_of(discs.begin(), discs.end(), [&](const ActionIntent* other) {
      return MayBeOneDisc(*other, record.intent);
    });
    if (!known) discs.push_back(&record.intent);
  }
  return static_cast<int64_t>(discs.size());
}

}  // namespace

absl::StatusOr<std::unique_ptr<Journal>> Journal::Open(const std::string& path, Clock* clock,
                                                       JournalObserver* observer) {
  ASSIGN_OR_RETURN(std::unique_ptr<SqliteDatabase> database,
                   SqliteDatabase::Open(path, kJournalApplicationId, NewestSchemaVersion()));
  RETURN_IF_ERROR(MigrateSchema(database.get()));
  ASSIGN_OR_RETURN(SqliteTransaction transaction, SqliteTransaction::Begin(database.get()));
  ASSIGN_OR_RETURN(const int64_t run, action_table::InsertRun(database.get(), clock->Now()));
  RETURN_IF_ERROR(transaction.Commit());
  std::unique_ptr<Journal> journal(new Journal(std::move(database), clock, observer, run));
  MutexLock lock(&journal->mutex_);
  journal->ReportHeldDiscs();
  return journal;
}

Journal::~Journal() = default;

absl::Status Journal::Commit(SqliteTransaction& transaction, JournalRecord record) {
  const absl::Time start = clock_->Now();
  absl::Status status = transaction.Commit();
  if (observer_ != nullptr) observer_->OnJournalWrite(record, status, clock_->Now() - start);
  return status;
}

void Journal::ReportHeldDiscs() {
  if (observer_ == nullptr) return;
  const absl::StatusOr<std::vector<ActionRecord>> held =
      action_table::ListHeld(database_.get(), run_);
  // The error comes again, to somebody who can tell of it.
  if (held.ok()) observer_->OnHeldDiscs(CountHeldDiscs(*held));
}

absl::StatusOr<std::optional<std::string>> Journal::FindRequest(const RequestId& request) {
  MutexLock lock(&mutex_);
  return operation_table::FindRequest(database_.get(), request);
}

absl::StatusOr<Journal::Recorded> Journal::RecordOperation(const NewOperation& operation) {
  if (operation.id.empty()) return absl::InvalidArgumentError("an operation without an id");
  MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(SqliteTransaction transaction, SqliteTransaction::Begin(database_.get()));
  ASSIGN_OR_RETURN(const std::optional<std::string> known,
                   operation_table::FindRequest(database_.get(), operation.request));
  if (known.has_value()) return Recorded{.id = *known, .is_new = false};
  if (operation_table::FindRow(database_.get(), operation.id).ok())
    return absl::InvalidArgumentError(absl::StrCat("operation ", operation.id, " exists"));
  RETURN_IF_ERROR(operation_table::Insert(database_.get(), operation, clock_->Now()));
  RETURN_IF_ERROR(Commit(transaction, JournalRecord::kOperation));
  return Recorded{.id = operation.id, .is_new = true};
}

absl::Status Journal::DropOperation(absl::string_view id) {
  MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(SqliteTransaction transaction, SqliteTransaction::Begin(database_.get()));
  ASSIGN_OR_RETURN(const operation_table::RowState row,
                   operation_table::FindRow(database_.get(), id));
  ASSIGN_OR_RETURN(const std::vector<ActionRecord> actions,
                   action_table::ListOfOperation(database_.get(), row.number, run_));
  if (row.ended || !actions.empty())
    return absl::FailedPreconditionError(absl::StrCat("operation ", id, " was begun"));
  RETURN_IF_ERROR(operation_table::Delete(database_.get(), row.number));
  return Commit(transaction, JournalRecord::kRemoval);
}

absl::Status Journal::EndOperation(absl::string_view id, const absl::Status& status,
                                   absl::string_view result) {
  MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(SqliteTransaction transaction, SqliteTransaction::Begin(database_.get()));
  ASSIGN_OR_RETURN(const operation_table::RowState row,
                   operation_table::FindRow(database_.get(), id));
  if (row.ended) return absl::FailedPreconditionError(absl::StrCat("operation ", id, " has ended"));
  RETURN_IF_ERROR(
      operation_table::SetEnd(database_.get(), row.number, status, result, clock_->Now()));
  return Commit(transaction, JournalRecord::kOperationEnd);
}

absl::StatusOr<JournalOperation> Journal::GetOperation(absl::string_view id) {
  MutexLock lock(&mutex_);
  return operation_table::Get(database_.get(), id);
}

absl::StatusOr<std::vector<JournalOperation>> Journal::ListOperations(int64_t limit) {
  MutexLock lock(&mutex_);
  return operation_table::ListNewest(database_.get(), limit);
}

absl::StatusOr<std::vector<JournalOperation>> Journal::UnendedOperations() {
  MutexLock lock(&mutex_);
  return operation_table::ListUnended(database_.get());
}

absl::Status Journal::CheckFree(const ActionIntent& intent) {
  ASSIGN_OR_RETURN(const std::vector<ActionRecord> held,
                   action_table::ListHeld(database_.get(), run_));
  for (const ActionRecord& record : held) {
    if (!MayBeOneDisc(record.intent, intent)) continue;
    if (!Mends(intent.kind, record.intent.kind) || !record.outcome.has_value())
      return HeldError(record);
  }
  return absl::OkStatus();
}

absl::Status Journal::CheckDiscIsFree(ActionKind kind, const std::string& drive,
                                      const DiscIdentity& disc) {
  MutexLock lock(&mutex_);
  return CheckFree({.kind = kind, .drive = drive, .disc = disc});
}

absl::StatusOr<ActionId> Journal::RecordIntent(const ActionIntent& intent) {
  RETURN_IF_ERROR(CheckIntent(intent));
  MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(SqliteTransaction transaction, SqliteTransaction::Begin(database_.get()));
  ASSIGN_OR_RETURN(const operation_table::RowState row,
                   operation_table::FindRow(database_.get(), intent.operation));
  if (row.ended) {
    return absl::FailedPreconditionError(
        absl::StrCat("operation ", intent.operation, " has ended"));
  }
  RETURN_IF_ERROR(CheckFree(intent));
  ASSIGN_OR_RETURN(const ActionId id, action_table::InsertIntent(database_.get(), intent,
                                                                 row.number, run_, clock_->Now()));
  RETURN_IF_ERROR(Commit(transaction, JournalRecord::kIntent));
  return id;
}

absl::Status Journal::RecordOutcome(ActionId id, const ActionOutcome& outcome) {
  RETURN_IF_ERROR(CheckDigest(outcome.sha256));
  if (outcome.written < Sectors(0))
    return absl::InvalidArgumentError("a negative count of sectors");
  MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(SqliteTransaction transaction, SqliteTransaction::Begin(database_.get()));
  ASSIGN_OR_RETURN(const ActionRecord record, action_table::Get(database_.get(), id, run_));
  if (record.outcome.has_value() || record.acknowledgement.has_value())
    return absl::FailedPreconditionError(absl::StrCat("action ", id.value(), " is settled"));
  RETURN_IF_ERROR(action_table::InsertOutcome(database_.get(), id, outcome, clock_->Now()));
  RETURN_IF_ERROR(Commit(transaction, JournalRecord::kOutcome));
  ReportHeldDiscs();
  return absl::OkStatus();
}

absl::Status Journal::Acknowledge(ActionId id, const Acknowledgement& acknowledgement) {
  if (acknowledgement.who.empty())
    return absl::InvalidArgumentError("an acknowledgement by nobody");
  MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(SqliteTransaction transaction, SqliteTransaction::Begin(database_.get()));
  ASSIGN_OR_RETURN(const ActionRecord record, action_table::Get(database_.get(), id, run_));
  if (!record.held)
    return absl::FailedPreconditionError(absl::StrCat("action ", id.value(), " is settled"));
  if (!record.outcome.has_value() && record.of_this_run)
    return absl::FailedPreconditionError(absl::StrCat("action ", id.value(), " is running"));
  RETURN_IF_ERROR(
      action_table::InsertAcknowledgement(database_.get(), id, acknowledgement, clock_->Now()));
  RETURN_IF_ERROR(Commit(transaction, JournalRecord::kAcknowledgement));
  ReportHeldDiscs();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<ActionRecord>> Journal::HeldActions() {
  MutexLock lock(&mutex_);
  return action_table::ListHeld(database_.get(), run_);
}

absl::StatusOr<std::vector<ActionRecord>> Journal::HeldActionsOfDisc(const std::string& drive,
                                                                     const DiscIdentity& disc) {
  MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(std::vector<ActionRecord> held, action_table::ListHeld(database_.get(), run_));
  const ActionIntent wanted{.drive = drive, .disc = disc};
  std::erase_if(held,
                [&](const ActionRecord& record) { return !MayBeOneDisc(record.intent, wanted); });
  return held;
}

absl::StatusOr<std::vector<ActionRecord>> Journal::ActionsOfOperation(absl::string_view id) {
  MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const operation_table::RowState row,
                   operation_table::FindRow(database_.get(), id));
  return action_table::ListOfOperation(database_.get(), row.number, run_);
}

absl::StatusOr<std::vector<ActionRecord>> Journal::ActionsOfBarcode(absl::string_view barcode) {
  MutexLock lock(&mutex_);
  return action_table::ListOfBarcode(database_.get(), barcode, run_);
}

absl::StatusOr<int64_t> Journal::RemoveEndedBefore(absl::Time time) {
  MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(SqliteTransaction transaction, SqliteTransaction::Begin(database_.get()));
  ASSIGN_OR_RETURN(const int64_t removed,
                   operation_table::DeleteEndedBefore(database_.get(), time));
  RETURN_IF_ERROR(Commit(transaction, JournalRecord::kRemoval));
  return removed;
}

}  // namespace carousel
