// What the process asks of the C library and the kernel for itself.
#ifndef SERVER_APP_PROCESS_LIMITS_H_
#define SERVER_APP_PROCESS_LIMITS_H_

#include <cstdint>

#include "absl/status/status.h"

namespace carousel {

// Lets glibc keep what is freed, within bounds, rather than map and unmap each message of an
// upload: at 256 KiB they are above the size from which on it asks the kernel, which then clears
// every page anew. For a program's main function, before threads begin.
void KeepFreedMemory();

// Lets the process have `count` files open, sockets included. FAILED_PRECONDITION: it may not
// (RLIMIT_NOFILE's hard limit).
absl::Status AllowOpenFiles(int64_t count);

}  // namespace carousel

#endif  // SERVER_APP_PROCESS_LIMITS_H_
