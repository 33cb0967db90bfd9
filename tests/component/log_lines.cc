#include "tests/component/log_lines.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"

namespace carousel::component {
namespace {

LogLines::Line Parse(const std::string& text) {
  google::protobuf::Struct object;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text, &object).ok()) << text;
  LogLines::Line line;
  for (const auto& [key, value] : object.fields()) {
    line[key] = value.kind_case() == google::protobuf::Value::kStringValue
                    ? value.string_value()
                    : absl::StrCat(value.number_value());
  }
  return line;
}

}  // namespace

LogLines::LogLines()
    : log_(
          Severity::kDebug,
          [this](absl::string_view line) {
            MutexLock lock(&mutex_);
            lines_.emplace_back(line);
          },
          absl::Now) {}

std::vector<LogLines::Line> LogLines::Where(const std::string& key, const std::string& value) {
  std::vector<Line> found;
  MutexLock lock(&mutex_);
  for (const std::string& text : lines_) {
    Line line = Parse(text);
    const auto field = line.find(key);
    if (field != line.end() && field->second == value) found.push_back(std::move(line));
  }
  return found;
}

}  // namespace carousel::component
