#include "server/journal/schema.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"

namespace carousel {
namespace {

// Times are nanoseconds since 1970, addresses and counts are sectors. A row is never changed but
// for an operation's end and for action.held, which follows from outcome and acknowledgement and is
// there to be found by its index.
constexpr char kVersion1[] = R"sql(
-- One row for each time that the journal was opened.
CREATE TABLE run (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL
) STRICT;

CREATE TABLE operation (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  request_id TEXT UNIQUE,
  fingerprint INTEGER NOT NULL,
  kind TEXT NOT NULL,
  drive TEXT NOT NULL,
  disc TEXT NOT NULL,
  trace_id TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  end_time INTEGER,
  code INTEGER,
  message TEXT,
  result BLOB
) STRICT;
CREATE INDEX operation_by_end ON operation (end_time);

CREATE TABLE operation_payload (
  operation INTEGER NOT NULL REFERENCES operation (number) ON DELETE CASCADE,
  url TEXT NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (operation, url)
) STRICT;

CREATE TABLE action (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL REFERENCES run (number),
  operation INTEGER NOT NULL REFERENCES operation (number) ON DELETE CASCADE,
  kind INTEGER NOT NULL,
  drive TEXT NOT NULL,
  barcode TEXT NOT NULL,
  identifier TEXT NOT NULL,
  generation INTEGER NOT NULL,
  start INTEGER NOT NULL,
  planned INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  old_superblock BLOB NOT NULL,
  time INTEGER NOT NULL,
  held INTEGER NOT NULL
) STRICT;
CREATE INDEX action_held ON action (number) WHERE held = 1;
CREATE INDEX action_by_operation ON action (operation);
CREATE INDEX action_by_barcode ON action (barcode);

CREATE TABLE outcome (
  action INTEGER PRIMARY KEY REFERENCES action (number) ON DELETE CASCADE,
  result INTEGER NOT NULL,
  written INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  detail TEXT NOT NULL,
  time INTEGER NOT NULL
) STRICT;

CREATE TABLE acknowledgement (
  action INTEGER PRIMARY KEY REFERENCES action (number) ON DELETE CASCADE,
  who TEXT NOT NULL,
  note TEXT NOT NULL,
  time INTEGER NOT NULL
) STRICT;
)sql";

// Step N makes version N + 1 of version N. A released step is never changed.
constexpr std::array<const char*, 1> kMigrations = {kVersion1};

}  // namespace

int64_t NewestSchemaVersion() { return kMigrations.size(); }

absl::Status MigrateSchema(SqliteDatabase* database) {
  ASSIGN_OR_RETURN(const int64_t version, database->ReadInteger("PRAGMA user_version"));
  if (version < 0) return absl::DataLossError(absl::StrCat("the journal's schema is ", version));
  for (int64_t step = version; step < NewestSchemaVersion(); ++step) {
    ASSIGN_OR_RETURN(SqliteTransaction transaction, SqliteTransaction::Begin(database));
    RETURN_IF_ERROR(database->Execute(kMigrations[step]));
    RETURN_IF_ERROR(database->Execute(absl::StrCat("PRAGMA user_version = ", step + 1)));
    RETURN_IF_ERROR(transaction.Commit());
  }
  return absl::OkStatus();
}

}  // namespace carousel
