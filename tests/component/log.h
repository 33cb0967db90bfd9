// The service's log, line by line, for tests that read it.
#ifndef TESTS_COMPONENT_LOG_H_
#define TESTS_COMPONENT_LOG_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "hal/base/mutex.h"
#include "server/service/log_sink.h"

namespace carousel::component {

// Thread-safe.
class Log : public LogSink {
 public:
  void Write(absl::string_view line) override ABSL_LOCKS_EXCLUDED(mutex_);

  // The fields of the lines whose `key` is `value`. A line that is no JSON object fails the test.
  using Line = std::map<std::string, std::string>;
  std::vector<Line> Where(const std::string& key, const std::string& value)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  Mutex mutex_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel::component

#endif  // TESTS_COMPONENT_LOG_H_
