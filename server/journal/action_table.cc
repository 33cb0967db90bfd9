#include "server/journal/action_table.h"

#include <bit>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"

namespace carousel::action_table {
namespace {

constexpr char kColumns[] =
    "SELECT a.number, a.run, o.id, a.kind, a.drive, a.barcode, a.identifier, a.generation, "
    "a.start, a.planned, a.sha256, a.old_superblock, a.time, a.held, "
    "e.result, e.written, e.sha256, e.detail, e.time, k.who, k.note "
    "FROM action AS a JOIN operation AS o ON o.number = a.operation "
    "LEFT JOIN outcome AS e ON e.action = a.number "
    "LEFT JOIN acknowledgement AS k ON k.action = a.number ";

std::optional<ActionKind> ToKind(int64_t number) {
  for (ActionKind kind : {ActionKind::kWriteSession, ActionKind::kClose, ActionKind::kBlank,
                          ActionKind::kFormat, ActionKind::kRepair}) {
    if (static_cast<int64_t>(kind) == number) return kind;
  }
  return std::nullopt;
}

std::optional<ActionResult> ToResult(int64_t number) {
  for (ActionResult result :
       {ActionResult::kSucceeded, ActionResult::kNothingDone, ActionResult::kFailed}) {
    if (static_cast<int64_t>(result) == number) return result;
  }
  return std::nullopt;
}

absl::Status UnknownValue(int64_t action, absl::string_view column) {
  return absl::DataLossError(
      absl::StrCat("the journal's action ", action, " has an impossible ", column));
}

absl::Status ReadEnd(const SqliteStatement& row, ActionRecord* record) {
  if (!row.IsNull(14)) {
    const std::optional<ActionResult> result = ToResult(row.Integer(14));
    if (!result.has_value()) return UnknownValue(row.Integer(0), "result");
    record->outcome = {.result = *result,
                       .written = Sectors(row.Integer(15)),
                       .sha256 = row.Bytes(16),
                       .detail = row.Bytes(17)};
    record->outcome_time = absl::FromUnixNanos(row.Integer(18));
  }
  if (!row.IsNull(19)) record->acknowledgement = {.who = row.Bytes(19), .note = row.Bytes(20)};
  return absl::OkStatus();
}

absl::StatusOr<ActionRecord> ReadRow(const SqliteStatement& row, int64_t run) {
  const std::optional<ActionKind> kind = ToKind(row.Integer(3));
  if (!kind.has_value()) return UnknownValue(row.Integer(0), "kind");
  ActionRecord record;
  record.id = ActionId(row.Integer(0));
  record.intent = {.kind = *kind,
                   .operation = row.Bytes(2),
                   .drive = row.Bytes(4),
                   .disc = {.barcode = row.Bytes(5),
                            .identifier = row.Bytes(6),
                            .generation = MediaGeneration(std::bit_cast<uint64_t>(row.Integer(7)))},
                   .start = Lba(row.Integer(8)),
                   .planned = Sectors(row.Integer(9)),
                   .sha256 = row.Bytes(10),
                   .old_superblock = row.Bytes(11)};
  record.time = absl::FromUnixNanos(row.Integer(12));
  record.of_this_run = row.Integer(1) == run;
  record.held = row.Integer(13) != 0;
  RETURN_IF_ERROR(ReadEnd(row, &record));
  return record;
}

absl::StatusOr<std::vector<ActionRecord>> ReadAll(SqliteStatement statement, int64_t run) {
  std::vector<ActionRecord> all;
  while (true) {
    ASSIGN_OR_RETURN(const bool has_row, statement.Step());
    if (!has_row) return all;
    ASSIGN_OR_RETURN(ActionRecord record, ReadRow(statement, run));
    all.push_back(std::move(record));
  }
}

absl::Status Release(SqliteDatabase* database, ActionId id) {
  ASSIGN_OR_RETURN(SqliteStatement update,
                   database->Prepare("UPDATE action SET held = 0 WHERE number = ?"));
  return update.Bind(id.value()).Run();
}

}  // namespace

absl::StatusOr<int64_t> InsertRun(SqliteDatabase* database, absl::Time now) {
  ASSIGN_OR_RETURN(SqliteStatement insert, database->Prepare("INSERT INTO run (time) VALUES (?)"));
  RETURN_IF_ERROR(insert.Bind(absl::ToUnixNanos(now)).Run());
  return database->last_row_id();
}

absl::StatusOr<ActionId> InsertIntent(SqliteDatabase* database, const ActionIntent& intent,
                                      int64_t operation_number, int64_t run, absl::Time now) {
  ASSIGN_OR_RETURN(
      SqliteStatement insert,
      database->Prepare("INSERT INTO action (run, operation, kind, drive, barcode, identifier, "
                        "generation, start, planned, sha256, old_superblock, time, held) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)"));
  insert.Bind(run)
      .Bind(operation_number)
      .Bind(static_cast<int64_t>(intent.kind))
      .BindText(intent.drive)
      .BindText(intent.disc.barcode)
      .BindText(intent.disc.identifier)
      .Bind(std::bit_cast<int64_t>(intent.disc.generation.value()))
      .Bind(intent.start.value())
      .Bind(intent.planned.value())
      .BindBytes(intent.sha256)
      .BindBytes(intent.old_superblock)
      .Bind(absl::ToUnixNanos(now));
  RETURN_IF_ERROR(insert.Run());
  return ActionId(database->last_row_id());
}

absl::Status InsertOutcome(SqliteDatabase* database, ActionId id, const ActionOutcome& outcome,
                           absl::Time now) {
  ASSIGN_OR_RETURN(
      SqliteStatement insert,
      database->Prepare("INSERT INTO outcome (action, result, written, sha256, detail, time) "
                        "VALUES (?, ?, ?, ?, ?, ?)"));
  insert.Bind(id.value())
      .Bind(static_cast<int64_t>(outcome.result))
      .Bind(outcome.written.value())
      .BindBytes(outcome.sha256)
      .BindText(outcome.detail)
      .Bind(absl::ToUnixNanos(now));
  RETURN_IF_ERROR(insert.Run());
  return outcome.result == ActionResult::kFailed ? absl::OkStatus() : Release(database, id);
}

absl::Status InsertAcknowledgement(SqliteDatabase* database, ActionId id,
                                   const Acknowledgement& acknowledgement, absl::Time now) {
  ASSIGN_OR_RETURN(SqliteStatement insert,
                   database->Prepare("INSERT INTO acknowledgement (action, who, note, time) "
                                     "VALUES (?, ?, ?, ?)"));
  insert.Bind(id.value())
      .BindText(acknowledgement.who)
      .BindText(acknowledgement.note)
      .Bind(absl::ToUnixNanos(now));
  RETURN_IF_ERROR(insert.Run());
  return Release(database, id);
}

absl::StatusOr<ActionRecord> Get(SqliteDatabase* database, ActionId id, int64_t run) {
  ASSIGN_OR_RETURN(SqliteStatement find,
                   database->Prepare(absl::StrCat(kColumns, "WHERE a.number = ?")));
  find.Bind(id.value());
  ASSIGN_OR_RETURN(const bool has_row, find.Step());
  if (!has_row) return absl::NotFoundError(absl::StrCat("the journal has no action ", id.value()));
  return ReadRow(find, run);
}

absl::StatusOr<std::vector<ActionRecord>> ListHeld(SqliteDatabase* database, int64_t run) {
  ASSIGN_OR_RETURN(SqliteStatement list,
                   database->Prepare(absl::StrCat(kColumns, "WHERE a.held = 1 ORDER BY a.number")));
  return ReadAll(std::move(list), run);
}

absl::StatusOr<std::vector<ActionRecord>> ListOfOperation(SqliteDatabase* database,
                                                          int64_t operation_number, int64_t run) {
  ASSIGN_OR_RETURN(SqliteStatement list, database->Prepare(absl::StrCat(
                                             kColumns, "WHERE a.operation = ? ORDER BY a.number")));
  list.Bind(operation_number);
  return ReadAll(std::move(list), run);
}

absl::StatusOr<std::vector<ActionRecord>> ListOfBarcode(SqliteDatabase* database,
                                                        absl::string_view barcode, int64_t run) {
  ASSIGN_OR_RETURN(SqliteStatement list, database->Prepare(absl::StrCat(
                                             kColumns, "WHERE a.barcode = ? ORDER BY a.number")));
  list.BindText(barcode);
  return ReadAll(std::move(list), run);
}

}  // namespace carousel::action_table
