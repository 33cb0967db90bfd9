// The durable record of what the service does to discs: which request started which operation, and
// before and after each consuming action what was intended and what became of it. A restart reads
// it to know what it must not do again. It neither decides nor looks at a disc.
//
// An action's states; while it is held, its disc takes no other:
//
//   RecordIntent -> held --RecordOutcome(kSucceeded, kNothingDone)--> settled
//                    | \--RecordOutcome(kFailed)--> held, failed --Acknowledge--> settled
//                    \--the journal is opened anew: held, unknown --RecordOutcome, Acknowledge--^
#ifndef SERVER_JOURNAL_JOURNAL_H_
#define SERVER_JOURNAL_JOURNAL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/clock.h"
#include "hal/base/mutex.h"
#include "server/journal/action.h"
#include "server/journal/journal_operation.h"
#include "server/journal/sqlite.h"
#include "server/metrics/observers.h"
#include "server/operations/request_id.h"

namespace carousel {

// Thread-safe. Every method blocks on the disk of the journal, for milliseconds if the disk is
// well. Methods that write return OK only after the record is synced to the disk; on an error it is
// not there, or, after INTERNAL and DATA_LOSS, may be there as a whole when the journal is opened
// anew. Beside their own, all have the codes of SqliteDatabase: DATA_LOSS, RESOURCE_EXHAUSTED
// (repeat when the disk has space), INTERNAL.
class Journal {
 public:
  // Old superblocks beyond this are refused: what precedes the first session has 32 sectors.
  static constexpr size_t kMaxSuperblock = 1 << 20;

  // Opens the journal at `path`, or makes a new one; brings one of an earlier version up to date.
  // `clock` and `observer`, which may be null, must outlive it. A file that cannot be opened is
  // left as it is: FAILED_PRECONDITION (another process has it open, a newer version of this
  // program wrote it, another program's database), PERMISSION_DENIED, NOT_FOUND (no folder),
  // DATA_LOSS (damaged; restore it or put it aside by hand), RESOURCE_EXHAUSTED, INTERNAL.
  static absl::StatusOr<std::unique_ptr<Journal>> Open(const std::string& path, Clock* clock,
                                                       JournalObserver* observer = nullptr);
  ~Journal();

  // The operation that `request` created before. ALREADY_EXISTS (REQUEST_ID_REUSED): by a request
  // with another body.
  absl::StatusOr<std::optional<std::string>> FindRequest(const RequestId& request)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // The operation's id, and whether it is new: where the journal knows the request, it is the first
  // one's, and nothing is written. ALREADY_EXISTS (REQUEST_ID_REUSED) as above. INVALID_ARGUMENT:
  // no id, or one that an operation has.
  struct Recorded {
    std::string id;
    bool is_new = false;
  };
  absl::StatusOr<Recorded> RecordOperation(const NewOperation& operation)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Takes back an operation that was never begun: its request may come again. NOT_FOUND.
  // FAILED_PRECONDITION: it has actions, or has ended.
  absl::Status DropOperation(absl::string_view id) ABSL_LOCKS_EXCLUDED(mutex_);

  // Ends an operation. NOT_FOUND. FAILED_PRECONDITION: it has ended.
  absl::Status EndOperation(absl::string_view id, const absl::Status& status,
                            absl::string_view result) ABSL_LOCKS_EXCLUDED(mutex_);

  // NOT_FOUND.
  absl::StatusOr<JournalOperation> GetOperation(absl::string_view id) ABSL_LOCKS_EXCLUDED(mutex_);
  // The newest first, at most `limit`.
  absl::StatusOr<std::vector<JournalOperation>> ListOperations(int64_t limit)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Those without an end, the oldest first. At the start: what the last run left behind.
  absl::StatusOr<std::vector<JournalOperation>> UnendedOperations() ABSL_LOCKS_EXCLUDED(mutex_);

  // To be called before the first command of the action. NOT_FOUND: no such operation.
  // FAILED_PRECONDITION: the operation has ended, or (DISC_HELD) an action on the disc is held; a
  // CLOSE, a repair, and an erasure after an erasure, are refused only where that has no outcome,
  // since they are for what has failed.
  // INVALID_ARGUMENT: no drive, a digest that is not 32 bytes, a negative count, a superblock above
  // kMaxSuperblock.
  // Discs are told apart by bar code where both have one, otherwise by identifier; where nothing
  // can tell them apart, the same drive counts as the same disc.
  absl::StatusOr<ActionId> RecordIntent(const ActionIntent& intent) ABSL_LOCKS_EXCLUDED(mutex_);

  // What RecordIntent would say of the disc now, without recording anything: OK or DISC_HELD. For
  // callers that want to know before they prepare anything.
  absl::Status CheckDiscIsFree(ActionKind kind, const std::string& drive, const DiscIdentity& disc)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // To be called after its last command, or when a later run has seen on the disc what became of
  // it. NOT_FOUND: no such intent. FAILED_PRECONDITION: it has an outcome, or was acknowledged
  // without. INVALID_ARGUMENT: as above.
  absl::Status RecordOutcome(ActionId id, const ActionOutcome& outcome) ABSL_LOCKS_EXCLUDED(mutex_);

  // Releases the disc of a held action. NOT_FOUND. FAILED_PRECONDITION: it is not held, or has no
  // outcome and is of this run, so it may be running. INVALID_ARGUMENT: nobody's name.
  absl::Status Acknowledge(ActionId id, const Acknowledgement& acknowledgement)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // In the order of their intents. At the start: discs that must not be written before somebody has
  // looked at them.
  absl::StatusOr<std::vector<ActionRecord>> HeldActions() ABSL_LOCKS_EXCLUDED(mutex_);
  // Those of HeldActions that may be about `disc` in `drive`, by the rule of RecordIntent.
  absl::StatusOr<std::vector<ActionRecord>> HeldActionsOfDisc(const std::string& drive,
                                                              const DiscIdentity& disc)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // NOT_FOUND: no such operation.
  absl::StatusOr<std::vector<ActionRecord>> ActionsOfOperation(absl::string_view id)
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::vector<ActionRecord>> ActionsOfBarcode(absl::string_view barcode)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Forgets operations that ended before `time`, and their actions, except where one is held; how
  // many. A request whose operation is forgotten would start a new one.
  absl::StatusOr<int64_t> RemoveEndedBefore(absl::Time time) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  Journal(std::unique_ptr<SqliteDatabase> database, Clock* clock, JournalObserver* observer,
          int64_t run)
      : clock_(clock), observer_(observer), run_(run), database_(std::move(database)) {}

  absl::Status CheckFree(const ActionIntent& intent) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Commit(SqliteTransaction& transaction, JournalRecord record)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ReportHeldDiscs() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Clock* const clock_;
  JournalObserver* const observer_;
  const int64_t run_;
  Mutex mutex_;
  const std::unique_ptr<SqliteDatabase> database_ ABSL_PT_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // SERVER_JOURNAL_JOURNAL_H_
