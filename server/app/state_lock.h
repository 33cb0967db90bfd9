// One carouseld for each state folder.
#ifndef SERVER_APP_STATE_LOCK_H_
#define SERVER_APP_STATE_LOCK_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace carousel {

// Holds the folder's lock (flock on its file `lock`) until it is destroyed; the system frees it
// when the process dies.
class StateLock {
 public:
  // Makes the folder if it is missing. FAILED_PRECONDITION: another process has the lock.
  // PERMISSION_DENIED, INTERNAL: the folder cannot be used.
  static absl::StatusOr<StateLock> Take(const std::string& folder);
  StateLock(StateLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  StateLock& operator=(StateLock&&) = delete;
  ~StateLock();

 private:
  explicit StateLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace carousel

#endif  // SERVER_APP_STATE_LOCK_H_
