// Operations that change discs: in the operation store for those who ask now, and in the journal
// for those who ask after a restart. It runs nothing and records no action.
#ifndef SERVER_BURN_JOURNALED_OPERATIONS_H_
#define SERVER_BURN_JOURNALED_OPERATIONS_H_

#include <any>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/journal/journal.h"
#include "server/operations/operation_store.h"
#include "server/operations/request_id.h"

namespace carousel {

// Thread-safe. Every method blocks on the journal's disk.
class JournaledOperations {
 public:
  // What an operation leaves behind, as OperationView has it.
  struct Leavings {
    std::any progress;
    std::any response;  // empty where the operation failed
  };
  // The bytes by which the journal keeps the leavings of one kind, and back. Bytes that an earlier
  // version wrote, or none, give what can be read of them.
  struct Codec {
    std::function<std::string(const Leavings&)> encode;
    std::function<Leavings(absl::string_view)> decode;
  };
  using Codecs = std::map<OperationKind, Codec>;

  // Both must outlive it. Kinds without a codec leave nothing behind.
  JournaledOperations(Journal* journal, OperationStore* store, Codecs codecs);

  // At the start, before anything is begun: ends in the journal what the last run left running, as
  // ABORTED (INTERRUPTED) with what it did to the disc, and puts the newest `limit` operations into
  // the store. Codes of Journal.
  absl::Status Restore(int64_t limit);

  // The operation that `request` created before, in this run or an earlier one; the store has it.
  // ALREADY_EXISTS (REQUEST_ID_REUSED). Codes of Journal.
  absl::StatusOr<std::optional<std::string>> FindRequest(const RequestId& request);

  // Records a new, running operation in both, in the journal first. Codes of Journal: it is in
  // neither.
  absl::Status Begin(const std::string& id, const OperationSubject& subject,
                     const RequestId& request);
  // Takes an operation back that nothing was done for.
  void Drop(const std::string& id);

  // Records in the journal how the operation ends, with its present progress; who runs it ends it
  // in the store afterwards. On an error it will count as interrupted after a restart.
  absl::Status End(const std::string& id, const absl::StatusOr<std::any>& response);

 private:
  void RestoreOne(const JournalOperation& kept);

  Journal* const journal_;
  OperationStore* const store_;
  const Codecs codecs_;
};

}  // namespace carousel

#endif  // SERVER_BURN_JOURNALED_OPERATIONS_H_
