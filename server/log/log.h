// The service's log: one JSON object a line, on stderr, for whatever collects the logs of the
// machine. Own code and not spdlog: that one writes text by patterns, knows no fields and does not
// escape what a disc's volume name may hold, which is all that is wanted here.
//
//   {"time":"2024-05-01T09:30:00.123456Z","severity":"WARNING","message":"drive is gone",
//    "drive":"drives/drive0","error":"UNAVAILABLE: no such device"}
#ifndef SERVER_LOG_LOG_H_
#define SERVER_LOG_LOG_H_

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/mutex.h"

namespace carousel {

enum class Severity : uint8_t { kDebug, kInfo, kWarning, kError };

// Keys that mean the same in every line.
namespace log_key {
inline constexpr absl::string_view kRobot = "robot";
inline constexpr absl::string_view kTraceId = "trace_id";      // W3C, 32 hexadecimal digits
inline constexpr absl::string_view kPrincipal = "principal";   // who called, by its certificate
inline constexpr absl::string_view kRequestId = "request_id";  // that the caller gave, a UUID
inline constexpr absl::string_view kAudit = "audit";    // "change": the call changes something
inline constexpr absl::string_view kMethod = "method";  // gRPC path
inline constexpr absl::string_view kDrive = "drive";    // resource names
inline constexpr absl::string_view kOperation = "operation";
inline constexpr absl::string_view kKind = "kind";  // of the operation, as filters name it
inline constexpr absl::string_view kImage = "image";
inline constexpr absl::string_view kDisc = "disc";
inline constexpr absl::string_view kSlot = "slot";
inline constexpr absl::string_view kCode = "code";      // a status's, as gRPC spells it
inline constexpr absl::string_view kReason = "reason";  // ErrorInfo.reason, or words
inline constexpr absl::string_view kError = "error";    // a status, as text
inline constexpr absl::string_view kSeconds = "seconds";
}  // namespace log_key

// A value of a field. Refers to what it is made of: for arguments only.
class LogValue {
 public:
  LogValue(absl::string_view text) : value_(text) {}               // NOLINT(runtime/explicit)
  LogValue(const char* text) : value_(absl::string_view(text)) {}  // NOLINT(runtime/explicit)
  LogValue(const std::string& text) : value_(absl::string_view(text)) {}  // NOLINT
  LogValue(const absl::Status& status) : value_(status) {}  // NOLINT(runtime/explicit)
  LogValue(bool value) : value_(value) {}                   // NOLINT(runtime/explicit)
  LogValue(double value) : value_(value) {}                 // NOLINT(runtime/explicit)
  // Any other number, as int64_t.
  template <typename Integer, typename = std::enable_if_t<std::is_integral_v<Integer>>>
  LogValue(Integer value) : value_(static_cast<int64_t>(value)) {}  // NOLINT(runtime/explicit)

  using Variant = std::variant<absl::string_view, absl::Status, bool, double, int64_t>;
  const Variant& value() const { return value_; }

 private:
  Variant value_;
};

struct LogField {
  absl::string_view key;
  LogValue value;
};

// Thread-safe; lines never mix. A field with an empty text is left out. A text is cut off at 4096
// bytes, its control characters are escaped and what is no UTF-8 is replaced: a line is always one
// line, one JSON object, and harmless on a terminal.
class Log {
 public:
  using Fields = std::initializer_list<LogField>;
  // Gets each line without its end, one at a time.
  using Sink = std::function<void(absl::string_view line)>;
  using Now = std::function<absl::Time()>;

  // To stderr, by the machine's clock.
  explicit Log(Severity minimum = Severity::kInfo);
  Log(Severity minimum, Sink sink, Now now);
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // Blocks for as long as the sink does. Does nothing below the minimum.
  void Write(Severity severity, absl::string_view message, Fields fields = {})
      ABSL_LOCKS_EXCLUDED(mutex_);
  void Debug(absl::string_view message, Fields fields = {}) {
    Write(Severity::kDebug, message, fields);
  }
  void Info(absl::string_view message, Fields fields = {}) {
    Write(Severity::kInfo, message, fields);
  }
  void Warning(absl::string_view message, Fields fields = {}) {
    Write(Severity::kWarning, message, fields);
  }
  void Error(absl::string_view message, Fields fields = {}) {
    Write(Severity::kError, message, fields);
  }

 private:
  const Severity minimum_;
  const Now now_;
  Mutex mutex_;
  const Sink sink_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace carousel

#endif  // SERVER_LOG_LOG_H_
