#include "server/journal/sqlite.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"

namespace carousel {
namespace {

absl::StatusCode CodeOfOpenError(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return absl::StatusCode::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
    case EISDIR:
      return absl::StatusCode::kPermissionDenied;
    default:
      return absl::StatusCode::kInternal;
  }
}

bool IsNoSpace(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

// SQLite's primary codes (sqlite3.h, "Result Codes"); `error` is the errno behind it, if any.
absl::StatusCode CodeOf(int primary, int error) {
  switch (primary) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return absl::StatusCode::kFailedPrecondition;
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
      return absl::StatusCode::kPermissionDenied;
    case SQLITE_CANTOPEN:
      return CodeOfOpenError(error);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      return absl::StatusCode::kDataLoss;
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:
      return absl::StatusCode::kResourceExhausted;
    case SQLITE_IOERR:
      return IsNoSpace(error) ? absl::StatusCode::kResourceExhausted : absl::StatusCode::kInternal;
    default:
      return absl::StatusCode::kInternal;
  }
}

std::string Describe(int primary, int extended, int error, absl::string_view text) {
  if (primary == SQLITE_BUSY) return "another process has it open";
  std::string words(text);
  if (error != 0 && (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN))
    absl::StrAppend(&words, ": ", strerror(error));
  return absl::StrCat(words, " (SQLite ", extended, ")");
}

uintmax_t SizeOrZero(const std::string& path) {
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

// SQLite deletes a log whose file is empty. It never leaves that behind itself: the file has its
// first page before there is a log. So the file is what was lost, and the log is all there is.
absl::Status CheckNoLoneLog(const std::string& path) {
  const std::string log = path + "-wal";
  if (SizeOrZero(path) > 0 || SizeOrZero(log) == 0) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(path, ": empty or gone, while ", log, " is there"));
}

}  // namespace

SqliteStatement::SqliteStatement(SqliteStatement&& other) noexcept
    : database_(other.database_),
      statement_(std::exchange(other.statement_, nullptr)),
      bound_(other.bound_),
      bind_status_(std::move(other.bind_status_)) {}

SqliteStatement::~SqliteStatement() { sqlite3_finalize(statement_); }

SqliteStatement& SqliteStatement::Bound(int code) {
  if (code != SQLITE_OK && bind_status_.ok()) bind_status_ = database_->ToStatus(code);
  return *this;
}

SqliteStatement& SqliteStatement::Bind(int64_t value) {
  return Bound(sqlite3_bind_int64(statement_, ++bound_, value));
}

SqliteStatement& SqliteStatement::Bind(std::optional<int64_t> value) {
  return value.has_value() ? Bind(*value) : Bound(sqlite3_bind_null(statement_, ++bound_));
}

SqliteStatement& SqliteStatement::BindText(absl::string_view value) {
  // A null pointer would bind NULL.
  return Bound(sqlite3_bind_text64(statement_, ++bound_, value.empty() ? "" : value.data(),
                                   value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

SqliteStatement& SqliteStatement::BindBytes(absl::string_view value) {
  return Bound(sqlite3_bind_blob64(statement_, ++bound_, value.empty() ? "" : value.data(),
                                   value.size(), SQLITE_TRANSIENT));
}

SqliteStatement& SqliteStatement::BindTextOrNull(absl::string_view value) {
  return value.empty() ? Bound(sqlite3_bind_null(statement_, ++bound_)) : BindText(value);
}

absl::StatusOr<bool> SqliteStatement::Step() {
  RETURN_IF_ERROR(bind_status_);
  RETURN_IF_ERROR(database_->failed_);
  errno = 0;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_->ToStatus(code);
}

absl::Status SqliteStatement::Run() { return Step().status(); }

int64_t SqliteStatement::Integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::optional<int64_t> SqliteStatement::OptionalInteger(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Integer(column);
}

std::string SqliteStatement::Bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr ? "" : std::string(static_cast<const char*>(data), size);
}

bool SqliteStatement::IsNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

absl::StatusOr<std::unique_ptr<SqliteDatabase>> SqliteDatabase::Open(const std::string& path,
                                                                     int64_t application_id,
                                                                     int64_t newest_version) {
  RETURN_IF_ERROR(CheckNoLoneLog(path));
  sqlite3* handle = nullptr;
  errno = 0;
  const int code = sqlite3_open_v2(
      path.c_str(), &handle,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      nullptr);
  if (handle == nullptr) return absl::ResourceExhaustedError(absl::StrCat(path, ": no memory"));
  std::unique_ptr<SqliteDatabase> database(new SqliteDatabase(path, handle));
  // Until everything has been checked, closing must not write: not even the log into the file.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  RETURN_IF_ERROR(database->ToStatus(code));
  // SQLite then opens it for reading.
  if (sqlite3_db_readonly(handle, "main") != 0)
    return absl::PermissionDeniedError(absl::StrCat(path, ": may not be written"));
  RETURN_IF_ERROR(database->CheckHeader(application_id, newest_version));
  RETURN_IF_ERROR(database->CheckStructure());
  RETURN_IF_ERROR(database->Configure(application_id));
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  return database;
}

SqliteDatabase::~SqliteDatabase() {
  // What is not known to be right stays as it is.
  if (!failed_.ok()) sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_close(handle_);
}

absl::Status SqliteDatabase::CheckHeader(int64_t application_id, int64_t newest_version) {
  // Before anything is read: the log's index is then in memory, not in a file that a second process
  // could map.
  RETURN_IF_ERROR(Execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA cell_size_check = ON;"));
  ASSIGN_OR_RETURN(const int64_t is_used, ReadInteger("SELECT count(*) > 0 FROM sqlite_schema"));
  ASSIGN_OR_RETURN(const int64_t id, ReadInteger("PRAGMA application_id"));
  ASSIGN_OR_RETURN(const int64_t version, ReadInteger("PRAGMA user_version"));
  if (is_used && id != application_id)
    return absl::FailedPreconditionError(absl::StrCat(path_, ": the database of another program"));
  if (version > newest_version) {
    return absl::FailedPreconditionError(
        absl::StrCat(path_, ": written by a newer version of this program (schema ", version,
                     ", this one knows ", newest_version, ")"));
  }
  return absl::OkStatus();
}

absl::Status SqliteDatabase::CheckStructure() {
  ASSIGN_OR_RETURN(SqliteStatement check, Prepare("PRAGMA integrity_check(1)"));
  ASSIGN_OR_RETURN(const bool has_row, check.Step());
  const std::string verdict = has_row ? check.Bytes(0) : "no answer";
  if (verdict == "ok") return absl::OkStatus();
  failed_ = absl::DataLossError(absl::StrCat(path_, ": damaged: ", verdict));
  return failed_;
}

absl::Status SqliteDatabase::Configure(int64_t application_id) {
  {
    ASSIGN_OR_RETURN(SqliteStatement mode, Prepare("PRAGMA journal_mode = WAL"));
    RETURN_IF_ERROR(mode.Step().status());
    // SQLite answers with the mode that it has, without an error where it cannot have the asked
    // one.
    if (mode.Bytes(0) != "wal")
      return absl::InternalError(absl::StrCat(path_, ": no write-ahead log here"));
  }
  RETURN_IF_ERROR(
      Execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"));
  ASSIGN_OR_RETURN(const int64_t id, ReadInteger("PRAGMA application_id"));
  if (id == application_id) return absl::OkStatus();
  return Execute(absl::StrCat("PRAGMA application_id = ", application_id));
}

absl::StatusOr<SqliteStatement> SqliteDatabase::Prepare(absl::string_view sql) {
  RETURN_IF_ERROR(failed_);
  sqlite3_stmt* statement = nullptr;
  errno = 0;
  RETURN_IF_ERROR(ToStatus(
      sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr)));
  return SqliteStatement(this, statement);
}

absl::Status SqliteDatabase::Execute(const std::string& sql) {
  RETURN_IF_ERROR(failed_);
  errno = 0;
  return ToStatus(sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr));
}

absl::StatusOr<int64_t> SqliteDatabase::ReadInteger(absl::string_view sql) {
  ASSIGN_OR_RETURN(SqliteStatement statement, Prepare(sql));
  ASSIGN_OR_RETURN(const bool has_row, statement.Step());
  if (!has_row) return absl::InternalError(absl::StrCat(path_, ": no row: ", sql));
  return statement.Integer(0);
}

int64_t SqliteDatabase::changes() const { return sqlite3_changes64(handle_); }
int64_t SqliteDatabase::last_row_id() const { return sqlite3_last_insert_rowid(handle_); }

absl::Status SqliteDatabase::ToStatus(int code) {
  // sqlite3_system_errno does not know it in all cases, so callers set it to 0 before.
  const int error = errno;
  const int primary = code & 0xFF;
  if (primary == SQLITE_OK || primary == SQLITE_ROW || primary == SQLITE_DONE)
    return absl::OkStatus();
  const absl::StatusCode status_code = CodeOf(primary, error);
  const absl::Status status(
      status_code,
      absl::StrCat(path_, ": ", Describe(primary, code, error, sqlite3_errmsg(handle_))));
  // A write that was refused is rolled back and may be tried again. After any other fault, of a
  // sync above all, nobody knows what the disk has.
  const bool device_failed = primary == SQLITE_IOERR && code != SQLITE_IOERR_WRITE;
  if (device_failed || status_code == absl::StatusCode::kDataLoss) failed_ = status;
  return status;
}

absl::StatusOr<SqliteTransaction> SqliteTransaction::Begin(SqliteDatabase* database) {
  RETURN_IF_ERROR(database->Execute("BEGIN IMMEDIATE"));
  return SqliteTransaction(database);
}

SqliteTransaction::SqliteTransaction(SqliteTransaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

SqliteTransaction::~SqliteTransaction() {
  // Some errors have rolled it back already.
  if (database_ != nullptr && sqlite3_get_autocommit(database_->handle_) == 0)
    sqlite3_exec(database_->handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

absl::Status SqliteTransaction::Commit() { return database_->Execute("COMMIT"); }

}  // namespace carousel
