#include "server/log/log.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace carousel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class LogTest : public testing::Test {
 protected:
  std::vector<std::string> lines_;
  Log log_{Severity::kInfo, [this](absl::string_view line) { lines_.emplace_back(line); },
           [] { return absl::FromUnixMicros(1'714'555'800'123'456); }};
};

TEST_F(LogTest, WritesOneJsonObjectALine) {
  log_.Warning("drive is gone", {{log_key::kDrive, "drives/drive0"},
                                 {log_key::kError, absl::UnavailableError("no such device")},
                                 {"attempts", 3},
                                 {"retried", true},
                                 {log_key::kSeconds, 0.25}});
  EXPECT_THAT(lines_,
              ElementsAre("{\"time\":\"2024-05-01T09:30:00.123456Z\",\"severity\":\"WARNING\","
                          "\"message\":\"drive is gone\",\"drive\":\"drives/drive0\","
                          "\"error\":\"UNAVAILABLE: no such device\",\"attempts\":3,"
                          "\"retried\":true,\"seconds\":0.25}"));
}

TEST_F(LogTest, LeavesOutFieldsThatSayNothing) {
  log_.Info("call", {{log_key::kTraceId, ""}, {"count", 0}, {log_key::kDrive, std::string()}});
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("\"message\":\"call\",\"count\":0}")));
}

TEST_F(LogTest, LeavesOutWhatIsBelowTheMinimum) {
  log_.Debug("details");
  log_.Info("news");
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("news")));
}

TEST_F(LogTest, MakesWhatADiscSaysHarmless) {
  log_.Info("a \"name\"\\", {{"volume", std::string("A\n\x1b[2J\0B\x7f", 9)},
                             {"c1", "\xC2\x9B"},
                             {"bidi", "\xE2\x80\xAE"}});
  ASSERT_THAT(lines_, SizeIs(1));
  EXPECT_THAT(lines_[0], HasSubstr("\"message\":\"a \\\"name\\\"\\\\\""));
  EXPECT_THAT(lines_[0], HasSubstr("\"volume\":\"A\\u000a\\u001b[2J\\u0000B\\u007f\""));
  EXPECT_THAT(lines_[0], HasSubstr("\"c1\":\"\\u009b\""));
  EXPECT_THAT(lines_[0], HasSubstr("\"bidi\":\"\\u202e\""));
}

TEST_F(LogTest, KeepsUtf8AndReplacesWhatIsNone) {
  const std::string replaced = "\xEF\xBF\xBD";
  const std::pair<std::string, std::string> cases[] = {
      {"Z\xC3\xBCrich \xE2\x82\xAC \xF0\x9F\x92\xBF",
       "Z\xC3\xBCrich \xE2\x82\xAC \xF0\x9F\x92\xBF"},
      {"\xFF", replaced},
      {"\xC3", replaced},                                               // cut off
      {"\xC0\xAF", replaced + replaced},                                // overlong
      {"\xED\xA0\x80", replaced + replaced + replaced},                 // surrogate
      {"\xF4\x90\x80\x80", replaced + replaced + replaced + replaced},  // beyond U+10FFFF
      {"\xE2\x82"
       "a",
       replaced + replaced + "a"},
  };
  for (const auto& [text, expected] : cases) {
    lines_.clear();
    log_.Info(text);
    EXPECT_THAT(lines_, ElementsAre(HasSubstr("\"message\":\"" + expected + "\"}")));
  }
}

TEST_F(LogTest, CutsTextsOffBetweenCharacters) {
  std::string text = std::string(4095, 'a') + "\xC3\xBC";
  log_.Info(text);
  ASSERT_THAT(lines_, SizeIs(1));
  EXPECT_THAT(lines_[0], HasSubstr(std::string(4095, 'a') + "\xE2\x80\xA6\"}"));
}

TEST_F(LogTest, HasNoWordForInfinity) {
  log_.Info("rate", {{"a", std::nan("")}, {"b", HUGE_VAL}});
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("\"a\":null,\"b\":null}")));
}

TEST_F(LogTest, GivesTheSinkOneLineAtATime) {
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([this, i] {
      for (int n = 0; n < 100; ++n) log_.Info("line", {{"writer", i}});
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_THAT(lines_, SizeIs(400));
  EXPECT_EQ(std::count_if(lines_.begin(), lines_.end(),
                          [](const std::string& line) { return line.back() == '}'; }),
            400);
}

}  // namespace
}  // namespace carousel
