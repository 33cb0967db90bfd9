// The log line of an operation's end: a call that starts work says nothing of what became of it.
#ifndef SERVER_SERVICE_OPERATION_LOG_H_
#define SERVER_SERVICE_OPERATION_LOG_H_

#include "server/log/log.h"
#include "server/operations/operation_store.h"

namespace carousel {

// One line with the kind, the outcome, what it was about and how long it took. An error is a
// warning, but for a cancellation: somebody asked for it.
void LogOperationEnd(const OperationView& operation, Log* log);

}  // namespace carousel

#endif  // SERVER_SERVICE_OPERATION_LOG_H_
