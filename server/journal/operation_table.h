// The journal's rows of operations. Each function is called within a transaction, or for reading
// only, with the journal's lock held; none commits. Errors of the database are SqliteDatabase's.
#ifndef SERVER_JOURNAL_OPERATION_TABLE_H_
#define SERVER_JOURNAL_OPERATION_TABLE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/journal/journal_operation.h"
#include "server/journal/sqlite.h"
#include "server/operations/request_id.h"

namespace carousel::operation_table {

absl::Status Insert(SqliteDatabase* database, const NewOperation& operation, absl::Time now);

// ALREADY_EXISTS (REQUEST_ID_REUSED).
absl::StatusOr<std::optional<std::string>> FindRequest(SqliteDatabase* database,
                                                       const RequestId& request);

struct RowState {
  int64_t number = 0;
  bool ended = false;
};
// NOT_FOUND.
absl::StatusOr<RowState> FindRow(SqliteDatabase* database, absl::string_view id);

absl::Status SetEnd(SqliteDatabase* database, int64_t number, const absl::Status& status,
                    absl::string_view result, absl::Time now);

absl::Status Delete(SqliteDatabase* database, int64_t number);

// NOT_FOUND.
absl::StatusOr<JournalOperation> Get(SqliteDatabase* database, absl::string_view id);

// Newest first.
absl::StatusOr<std::vector<JournalOperation>> ListNewest(SqliteDatabase* database, int64_t limit);
// Oldest first.
absl::StatusOr<std::vector<JournalOperation>> ListUnended(SqliteDatabase* database);

// Also what belongs to them. Not those that have a held action.
absl::StatusOr<int64_t> DeleteEndedBefore(SqliteDatabase* database, absl::Time time);

}  // namespace carousel::operation_table

#endif  // SERVER_JOURNAL_OPERATION_TABLE_H_
