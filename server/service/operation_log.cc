#include "server/service/operation_log.h"

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/service/converters/names.h"
#include "server/service/error_reason.h"

namespace carousel {

void LogOperationEnd(const OperationView& operation, Log* log) {
  const absl::Status& status = operation.status;
  const OperationSubject& subject = operation.subject;
  const bool expected = status.ok() || absl::IsCancelled(status);
  const absl::Time end = operation.end_time.value_or(operation.create_time);
  log->Write(expected ? Severity::kInfo : Severity::kWarning, "operation ended",
             {{log_key::kKind, OperationKindName(subject.kind)},
              {log_key::kCode, absl::StatusCodeToString(status.code())},
              {log_key::kReason, status.ok() ? "" : ErrorReason(status)},
              {log_key::kError, status.message()},
              {log_key::kTraceId, subject.trace_id},
              {log_key::kOperation, NameFromId("operations", operation.id)},
              {log_key::kDrive, NameFromId("drives", subject.drive)},
              {log_key::kImage, NameFromId("images", subject.image)},
              {log_key::kDisc, NameFromId("discs", subject.disc)},
              {log_key::kSeconds, absl::ToDoubleSeconds(end - operation.create_time)}});
}

}  // namespace carousel
