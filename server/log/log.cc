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
constexpr size_t kUsualLine = 512;

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

// Appends `value` in `digits` digits.
void AppendDigits(int64_t value, int digits, std::string* out) {
  out->append(digits, '0');
  for (auto digit = out->rbegin(); digits > 0; --digits, ++digit, value /= 10) {
    *digit = static_cast<char>('0' + value % 10);
  }
}

// RFC 3339 in UTC. absl::FormatTime does the same in most of the time that a line takes.
void AppendTime(absl::Time time, std::string* out) {
  const absl::TimeZone::CivilInfo at = absl::UTCTimeZone().At(time);
  if (at.cs.year() < 0 || at.cs.year() > 9999) {
    out->append(absl::FormatTime(time, absl::UTCTimeZone()));
    return;
  }
  AppendDigits(at.cs.year(), 4, out);
  out->push_back('-');
  AppendDigits(at.cs.month(), 2, out);
  out->push_back('-');
  AppendDigits(at.cs.day(), 2, out);
  out->push_back('T');
  AppendDigits(at.cs.hour(), 2, out);
  out->push_back(':');
  AppendDigits(at.cs.minute(), 2, out);
  out->push_back(':');
  AppendDigits(at.cs.second(), 2, out);
  out->push_back('.');
  AppendDigits(absl::ToInt64Microseconds(at.subsecond), 6, out);
  out->push_back('Z');
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
  std::string line;
  line.reserve(kUsualLine);
  line.append("{\"time\":\"");
  AppendTime(now_(), &line);
  absl::StrAppend(&line, "\",\"severity\":\"", SeverityName(severity), "\",\"message\":");
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
