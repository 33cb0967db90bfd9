// The tables of the journal, and how a file of an earlier version becomes one of this.
#ifndef SERVER_JOURNAL_SCHEMA_H_
#define SERVER_JOURNAL_SCHEMA_H_

#include <cstdint>

#include "absl/status/status.h"
#include "server/journal/sqlite.h"

namespace carousel {

// "CRSL" in the file's header, so that another program's database is not taken for a journal.
inline constexpr int64_t kJournalApplicationId = 0x4352534C;

// The version that this program writes; kept as the file's user_version.
int64_t NewestSchemaVersion();

// Brings the file to the newest version, each step with its new version number in one transaction.
// Errors as of SqliteDatabase; the file is then of the version before the step that failed.
absl::Status MigrateSchema(SqliteDatabase* database);

}  // namespace carousel

#endif  // SERVER_JOURNAL_SCHEMA_H_
