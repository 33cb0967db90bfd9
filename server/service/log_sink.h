// Where the lines of the log go.
#ifndef SERVER_SERVICE_LOG_SINK_H_
#define SERVER_SERVICE_LOG_SINK_H_

#include "absl/strings/string_view.h"

namespace carousel {

class LogSink {
 public:
  virtual ~LogSink() = default;
  // Writes a whole line; lines of different threads do not mix. Any thread.
  virtual void Write(absl::string_view line) = 0;
};

}  // namespace carousel

#endif  // SERVER_SERVICE_LOG_SINK_H_
