#include "server/metrics/process_stats.h"

#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace carousel::metrics {
namespace {

// proc(5), fields 3 to 26, of a command whose name tries to look like more fields.
constexpr char kStat[] =
    "4711 (a) S 1 (b) R 1 2 3 4 5 6 7 8 9 10 150 50 13 14 20 0 3 0 1234 40960000 500 99 1 2\n";

TEST(ParseProcStat, CountsFromTheLastParenthesis) {
  const std::optional<ProcessStats> stats = ParseProcStat(kStat, 100, 4096);
  ASSERT_TRUE(stats.has_value());
  EXPECT_EQ(stats->cpu_seconds, 2);
  EXPECT_EQ(stats->threads, 3);
  EXPECT_EQ(stats->start_time_seconds, 12.34);
  EXPECT_EQ(stats->virtual_bytes, 40'960'000);
  EXPECT_EQ(stats->resident_bytes, 500 * 4096);
}

TEST(ParseProcStat, GivesNothingForWhatItDoesNotUnderstand) {
  EXPECT_FALSE(ParseProcStat("", 100, 4096).has_value());
  EXPECT_FALSE(ParseProcStat("4711 (a) R 1 2 3", 100, 4096).has_value());
  std::string words = kStat;
  words.replace(words.find("150"), 3, "one");
  EXPECT_FALSE(ParseProcStat(words, 100, 4096).has_value());
}

TEST(ReadProcessStats, DescribesThisProcess) {
  const std::optional<ProcessStats> stats = ReadProcessStats();
  ASSERT_TRUE(stats.has_value());
  EXPECT_GT(stats->resident_bytes, 100'000);
  EXPECT_GE(stats->virtual_bytes, stats->resident_bytes);
  EXPECT_GE(stats->threads, 1);
  EXPECT_GE(stats->open_fds, 3);
  EXPECT_GE(stats->max_fds, stats->open_fds);
  const double now = absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch());
  EXPECT_LE(stats->start_time_seconds, now + 2);
  EXPECT_GT(stats->start_time_seconds, now - 3600);
}

}  // namespace
}  // namespace carousel::metrics
