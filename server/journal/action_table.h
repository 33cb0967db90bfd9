// The journal's rows of consuming actions. Each function is called within a transaction, or for
// reading only, with the journal's lock held; none commits. Errors of the database are
// SqliteDatabase's.
#ifndef SERVER_JOURNAL_ACTION_TABLE_H_
#define SERVER_JOURNAL_ACTION_TABLE_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/journal/action.h"
#include "server/journal/sqlite.h"

namespace carousel::action_table {

// A new run of the service: its number.
absl::StatusOr<int64_t> InsertRun(SqliteDatabase* database, absl::Time now);

// The action is held from then on.
absl::StatusOr<ActionId> InsertIntent(SqliteDatabase* database, const ActionIntent& intent,
                                      int64_t operation_number, int64_t run, absl::Time now);
absl::Status InsertOutcome(SqliteDatabase* database, ActionId id, const ActionOutcome& outcome,
                           absl::Time now);
absl::Status InsertAcknowledgement(SqliteDatabase* database, ActionId id,
                                   const Acknowledgement& acknowledgement, absl::Time now);

// `run` is the present one. NOT_FOUND for Get. DATA_LOSS: a row that this program cannot have
// written. Lists are in the order of the intents.
absl::StatusOr<ActionRecord> Get(SqliteDatabase* database, ActionId id, int64_t run);
absl::StatusOr<std::vector<ActionRecord>> ListHeld(SqliteDatabase* database, int64_t run);
absl::StatusOr<std::vector<ActionRecord>> ListOfOperation(SqliteDatabase* database,
                                                          int64_t operation_number, int64_t run);
absl::StatusOr<std::vector<ActionRecord>> ListOfBarcode(SqliteDatabase* database,
                                                        absl::string_view barcode, int64_t run);

}  // namespace carousel::action_table

#endif  // SERVER_JOURNAL_ACTION_TABLE_H_
