// The service's log, line by line, for tests that read it.
#ifndef TESTS_COMPONENT_LOG_LINES_H_
#define TESTS_COMPONENT_LOG_LINES_H_

#include <map>
#include <string>
#include <vector>

#include "hal/base/mutex.h"
#include "server/log/log.h"

namespace carousel::component {

// Thread-safe.
class LogLines {
 public:
  LogLines();

  // Keeps what is written to it.
  Log* log() { return &log_; }

  // The fields of the lines whose `key` is `value`. A line that is no JSON object fails the test.
  using Line = std::map<std::string, std::string>;
  std::vector<Line> Where(const std::string& key, const std::string& value)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  Mutex mutex_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
  Log log_;  // last: it writes into the others
};

}  // namespace carousel::component

#endif  // TESTS_COMPONENT_LOG_LINES_H_
