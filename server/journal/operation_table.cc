#include "server/journal/operation_table.h"

#include <bit>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"

namespace carousel::operation_table {
namespace {

constexpr char kColumns[] =
    "SELECT number, id, request_id, fingerprint, kind, drive, disc, trace_id, create_time, "
    "end_time, code, message, result FROM operation ";

absl::StatusOr<absl::Status> ReadStatus(SqliteDatabase* database, int64_t number, int64_t code,
                                        const std::string& message) {
  absl::Status status(static_cast<absl::StatusCode>(code), message);
  ASSIGN_OR_RETURN(SqliteStatement payloads,
                   database->Prepare("SELECT url, value FROM operation_payload "
                                     "WHERE operation = ? ORDER BY url"));
  payloads.Bind(number);
  while (true) {
    ASSIGN_OR_RETURN(const bool has_row, payloads.Step());
    if (!has_row) return status;
    status.SetPayload(payloads.Bytes(0), absl::Cord(payloads.Bytes(1)));
  }
}

absl::StatusOr<JournalOperation> ReadRow(SqliteDatabase* database, const SqliteStatement& row) {
  JournalOperation read;
  read.operation = {
      .id = row.Bytes(1),
      .request = {.id = row.Bytes(2), .fingerprint = std::bit_cast<uint64_t>(row.Integer(3))},
      .kind = row.Bytes(4),
      .drive = row.Bytes(5),
      .disc = row.Bytes(6),
      .trace_id = row.Bytes(7)};
  read.create_time = absl::FromUnixNanos(row.Integer(8));
  if (row.IsNull(9)) return read;
  read.end_time = absl::FromUnixNanos(row.Integer(9));
  ASSIGN_OR_RETURN(read.status,
                   ReadStatus(database, row.Integer(0), row.Integer(10), row.Bytes(11)));
  read.result = row.Bytes(12);
  return read;
}

absl::StatusOr<std::vector<JournalOperation>> ReadAll(SqliteDatabase* database,
                                                      SqliteStatement statement) {
  std::vector<JournalOperation> all;
  while (true) {
    ASSIGN_OR_RETURN(const bool has_row, statement.Step());
    if (!has_row) return all;
    ASSIGN_OR_RETURN(JournalOperation row, ReadRow(database, statement));
    all.push_back(std::move(row));
  }
}

absl::Status NoSuchOperation(absl::string_view id) {
  return NotFoundError("longrunning.googleapis.com/Operation", absl::StrCat("operations/", id));
}

}  // namespace

absl::Status Insert(SqliteDatabase* database, const NewOperation& operation, absl::Time now) {
  ASSIGN_OR_RETURN(SqliteStatement insert,
                   database->Prepare("INSERT INTO operation (id, request_id, fingerprint, kind, "
                                     "drive, disc, trace_id, create_time) "
                                     "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
  insert.BindText(operation.id)
      .BindTextOrNull(operation.request.id)
      .Bind(std::bit_cast<int64_t>(operation.request.fingerprint))
      .BindText(operation.kind)
      .BindText(operation.drive)
      .BindText(operation.disc)
      .BindText(operation.trace_id)
      .Bind(absl::ToUnixNanos(now));
  return insert.Run();
}

absl::StatusOr<std::optional<std::string>> FindRequest(SqliteDatabase* database,
                                                       const RequestId& request) {
  if (request.id.empty()) return std::optional<std::string>();
  ASSIGN_OR_RETURN(SqliteStatement find,
                   database->Prepare("SELECT id, fingerprint FROM operation WHERE request_id = ?"));
  find.BindText(request.id);
  ASSIGN_OR_RETURN(const bool has_row, find.Step());
  if (!has_row) return std::optional<std::string>();
  if (std::bit_cast<uint64_t>(find.Integer(1)) != request.fingerprint)
    return RequestIdReusedError(request.id);
  return std::optional<std::string>(find.Bytes(0));
}

absl::StatusOr<RowState> FindRow(SqliteDatabase* database, absl::string_view id) {
  ASSIGN_OR_RETURN(SqliteStatement find,
                   database->Prepare("SELECT number, end_time FROM operation WHERE id = ?"));
  find.BindText(id);
  ASSIGN_OR_RETURN(const bool has_row, find.Step());
  if (!has_row) return NoSuchOperation(id);
  return RowState{.number = find.Integer(0), .ended = !find.IsNull(1)};
}

absl::Status SetEnd(SqliteDatabase* database, int64_t number, const absl::Status& status,
                    absl::string_view result, absl::Time now) {
  ASSIGN_OR_RETURN(SqliteStatement update,
                   database->Prepare("UPDATE operation SET end_time = ?, code = ?, message = ?, "
                                     "result = ? WHERE number = ?"));
  update.Bind(absl::ToUnixNanos(now))
      .Bind(static_cast<int64_t>(status.code()))
      .BindText(status.message())
      .BindBytes(result)
      .Bind(number);
  RETURN_IF_ERROR(update.Run());
  absl::Status payloads;
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& value) {
    absl::StatusOr<SqliteStatement> insert =
        database->Prepare("INSERT INTO operation_payload (operation, url, value) VALUES (?, ?, ?)");
    payloads.Update(insert.ok()
                        ? insert->Bind(number).BindText(url).BindBytes(std::string(value)).Run()
                        : insert.status());
  });
  return payloads;
}

absl::Status Delete(SqliteDatabase* database, int64_t number) {
  ASSIGN_OR_RETURN(SqliteStatement remove,
                   database->Prepare("DELETE FROM operation WHERE number = ?"));
  return remove.Bind(number).Run();
}

absl::StatusOr<JournalOperation> Get(SqliteDatabase* database, absl::string_view id) {
  ASSIGN_OR_RETURN(SqliteStatement find, database->Prepare(absl::StrCat(kColumns, "WHERE id = ?")));
  find.BindText(id);
  ASSIGN_OR_RETURN(const bool has_row, find.Step());
  if (!has_row) return NoSuchOperation(id);
  return ReadRow(database, find);
}

absl::StatusOr<std::vector<JournalOperation>> ListNewest(SqliteDatabase* database, int64_t limit) {
  ASSIGN_OR_RETURN(SqliteStatement list,
                   database->Prepare(absl::StrCat(kColumns, "ORDER BY number DESC LIMIT ?")));
  list.Bind(limit);
  return ReadAll(database, std::move(list));
}

absl::StatusOr<std::vector<JournalOperation>> ListUnended(SqliteDatabase* database) {
  ASSIGN_OR_RETURN(SqliteStatement list, database->Prepare(absl::StrCat(
                                             kColumns, "WHERE end_time IS NULL ORDER BY number")));
  return ReadAll(database, std::move(list));
}

absl::StatusOr<int64_t> DeleteEndedBefore(SqliteDatabase* database, absl::Time time) {
  ASSIGN_OR_RETURN(SqliteStatement remove,
                   database->Prepare("DELETE FROM operation WHERE end_time < ? AND NOT EXISTS "
                                     "(SELECT 1 FROM action WHERE action.operation = "
                                     "operation.number AND action.held = 1)"));
  remove.Bind(absl::ToUnixNanos(time));
  RETURN_IF_ERROR(remove.Run());
  return database->changes();
}

}  // namespace carousel::operation_table
