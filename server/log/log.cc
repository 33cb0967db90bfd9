#include "server/log/log.h"

#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "server/log/json_text.h"

namespace carousel {
namespace {

constexpr size_t kMaxText = 4096;

absl::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kDebug:
      return "DEBUG";
    case Severity::kInfo:
      return "INFO";
    case Severity::kWarning:
      return "WARNING";
    case Severity::kError:
      return "ERROR";
  }
  return "ERROR";
}

struct AppendValue {
  std::string* out;

  void operator()(absl::string_view text) const { AppendJsonString(text, kMaxText, out); }
  void operator()(const absl::Status& status) const {
    // Without the payloads: they are for machines, and the message says the same.
    AppendJsonString(
        absl::StrCat(absl::StatusCodeToString(status.code()), status.message().empty() ? "" : ": ",
                     absl::string_view(status.message())),
        kMaxText, out);
  }
  void operator()(bool value) const { absl::StrAppend(out, value ? "true" : "false"); }
  void operator()(int64_t value) const { absl::StrAppend(out, value); }
  void operator()(double value) const {
    // JSON has no word for the others.
    if (std::isfinite(value)) {
      absl::StrAppendFormat(out, "%.9g", value);
    } else {
      out->append("null");
    }
  }
};

void WriteToStderr(absl::string_view line) {
  // One write for a line, so that the lines of other processes on the same pipe do not mix with it.
  const std::string text = absl::StrCat(line, "\n");
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t written = write(STDERR_FILENO, text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // nobody left to tell
    done += static_cast<size_t>(written);
  }
}

}  // namespace

Log::Log(Severity minimum) : Log(minimum, WriteToStderr, absl::Now) {}

Log::Log(Severity minimum, Sink sink, Now now)
    : minimum_(minimum), now_(std::move(now)), sink_(std::move(sink)) {}

void Log::Write(Severity severity, absl::string_view message, Fields fields) {
  if (severity < minimum_) return;
  std::string line = absl::StrCat(
      "{\"time\":\"", absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", now_(), absl::UTCTimeZone()),
      "\",\"severity\":\"", SeverityName(severity), "\",\"message\":");
  AppendJsonString(message, kMaxText, &line);
  for (const LogField& field : fields) {
    const auto* text = std::get_if<absl::string_view>(&field.value.value());
    if (text != nullptr && text->empty()) continue;
    line.push_back(',');
    AppendJsonString(field.key, kMaxText, &line);
    line.push_back(':');
    std::visit(AppendValue{&line}, field.value.value());
  }
  line.push_back('}');
  MutexLock lock(&mutex_);
  sink_(line);
}

}  // namespace carousel
