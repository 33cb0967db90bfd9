// SQLite's C interface as a few classes with Status: the only place that includes sqlite3.h. Knows
// nothing of what is stored.
#ifndef SERVER_JOURNAL_SQLITE_H_
#define SERVER_JOURNAL_SQLITE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct sqlite3;
struct sqlite3_stmt;

namespace carousel {

class SqliteDatabase;

// One prepared statement. Values are bound in the order of the calls, columns read by number from
// 0. Must not outlive its database.
class SqliteStatement {
 public:
  SqliteStatement(SqliteStatement&& other) noexcept;
  ~SqliteStatement();
  SqliteStatement& operator=(SqliteStatement&&) = delete;

  SqliteStatement& Bind(int64_t value);
  SqliteStatement& Bind(std::optional<int64_t> value);
  SqliteStatement& BindText(absl::string_view value);
  SqliteStatement& BindBytes(absl::string_view value);
  // NULL for an empty string.
  SqliteStatement& BindTextOrNull(absl::string_view value);

  // Goes to the next row: whether there is one. Errors are those of SqliteDatabase, also that of a
  // value that could not be bound.
  absl::StatusOr<bool> Step();
  // Step for statements without rows.
  absl::Status Run();

  int64_t Integer(int column) const;
  std::optional<int64_t> OptionalInteger(int column) const;
  std::string Bytes(int column) const;  // of a text or a blob; empty for NULL
  bool IsNull(int column) const;

 private:
  friend class SqliteDatabase;
  SqliteStatement(SqliteDatabase* database, sqlite3_stmt* statement)
      : database_(database), statement_(statement) {}
  SqliteStatement& Bound(int code);

  SqliteDatabase* database_;
  sqlite3_stmt* statement_;
  int bound_ = 0;
  absl::Status bind_status_;
};

// One connection to one database file, which it has for itself. Not thread-safe. Every method may
// block on the disk, none waits for a lock. Their status codes:
//   FAILED_PRECONDITION  another connection, of this process or another, has the file
//   PERMISSION_DENIED    the file or its folder may not be written
//   NOT_FOUND            the folder does not exist
//   DATA_LOSS            the file is damaged or no SQLite database
//   RESOURCE_EXHAUSTED   disk, quota or memory is full; what was open is rolled back, repeat later
//   INTERNAL             any other fault of the device or ours
// After DATA_LOSS, or a fault of the device other than a refused write, every later statement
// returns that error again: what the disk has is not known any more until the file is opened anew.
// A file is never deleted, and one that could not be opened is left byte for byte as it was, its
// write-ahead log too.
class SqliteDatabase {
 public:
  // Opens or creates `path`, checks its structure as a whole, and sets write-ahead log, one
  // connection, and a sync of each commit (WAL, EXCLUSIVE, FULL). `application_id` is what the
  // file's header says it is for; FAILED_PRECONDITION also for a file with another, and for one
  // whose user_version is above `newest_version`.
  static absl::StatusOr<std::unique_ptr<SqliteDatabase>> Open(const std::string& path,
                                                              int64_t application_id,
                                                              int64_t newest_version);
  // Brings the log's content into the file. No fork() while there is a database: a child's end
  // would let go of the locks.
  ~SqliteDatabase();
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  // `sql` is one statement and stays valid.
  absl::StatusOr<SqliteStatement> Prepare(absl::string_view sql);
  // Statements without values and rows, separated by semicolons.
  absl::Status Execute(const std::string& sql);
  // The first column of the only row.
  absl::StatusOr<int64_t> ReadInteger(absl::string_view sql);
  // Rows changed by the last statement that changes rows; row id of the last inserted row.
  int64_t changes() const;
  int64_t last_row_id() const;

 private:
  friend class SqliteStatement;
  friend class SqliteTransaction;
  SqliteDatabase(std::string path, sqlite3* handle) : path_(std::move(path)), handle_(handle) {}
  absl::Status CheckHeader(int64_t application_id, int64_t newest_version);
  absl::Status CheckStructure();
  absl::Status Configure(int64_t application_id);
  // OK for SQLite's codes of success.
  absl::Status ToStatus(int code);

  const std::string path_;
  sqlite3* const handle_;
  absl::Status failed_;
};

// All or nothing: rolled back at destruction unless it was committed.
class SqliteTransaction {
 public:
  static absl::StatusOr<SqliteTransaction> Begin(SqliteDatabase* database);
  SqliteTransaction(SqliteTransaction&& other) noexcept;
  ~SqliteTransaction();

  // Returns only after the commit is on the disk. After an error the transaction may nevertheless
  // be there when the file is opened the next time, whole.
  absl::Status Commit();

 private:
  explicit SqliteTransaction(SqliteDatabase* database) : database_(database) {}
  SqliteDatabase* database_;
};

}  // namespace carousel

#endif  // SERVER_JOURNAL_SQLITE_H_
