// What the journal knows of one long-running operation. Plain values.
#ifndef SERVER_JOURNAL_JOURNAL_OPERATION_H_
#define SERVER_JOURNAL_JOURNAL_OPERATION_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/operations/request_id.h"

namespace carousel {

// Fixed when it is recorded. The words are the caller's.
struct NewOperation {
  std::string id;
  RequestId request;
  std::string kind;
  std::string drive;  // id
  std::string disc;   // id; empty if not known
  std::string trace_id;
};

// One operation as it is now.
struct JournalOperation {
  NewOperation operation;
  absl::Time create_time;
  std::optional<absl::Time> end_time;  // absent: it has not ended
  absl::Status status;                 // with its payloads; OK until the end
  std::string result;                  // bytes of the caller; empty until the end
};

}  // namespace carousel

#endif  // SERVER_JOURNAL_JOURNAL_OPERATION_H_
