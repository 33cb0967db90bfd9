#include "server/metrics/process_stats.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace carousel::metrics {
namespace {

// Places after the command's closing parenthesis, where proc(5)'s field 3 is place 0.
constexpr size_t kUserTime = 14 - 3;
constexpr size_t kSystemTime = 15 - 3;
constexpr size_t kThreads = 20 - 3;
constexpr size_t kStartTime = 22 - 3;
constexpr size_t kVirtualSize = 23 - 3;
constexpr size_t kResidentPages = 24 - 3;

std::string ReadAll(const char* path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// "btime" of /proc/stat: when the machine booted, seconds since 1970.
std::optional<double> BootTime() {
  std::ifstream file("/proc/stat");
  for (std::string line; std::getline(file, line);) {
    double seconds = 0;
    if (line.rfind("btime ", 0) == 0 && absl::SimpleAtod(line.substr(6), &seconds)) return seconds;
  }
  return std::nullopt;
}

double CountOpenFds() {
  DIR* folder = opendir("/proc/self/fd");
  if (folder == nullptr) return 0;
  double count = 0;
  while (const dirent* entry = readdir(folder)) {
    if (entry->d_name[0] != '.') ++count;
  }
  closedir(folder);
  return count - 1;  // the folder's own
}

}  // namespace

std::optional<ProcessStats> ParseProcStat(absl::string_view stat, double ticks_per_second,
                                          double page_bytes) {
  // The command may hold blanks and parentheses: it ends at the last one.
  const size_t command_end = stat.rfind(") ");
  if (command_end == absl::string_view::npos) return std::nullopt;
  const std::vector<absl::string_view> fields =
      absl::StrSplit(stat.substr(command_end + 2), ' ', absl::SkipWhitespace());
  if (fields.size() <= kResidentPages) return std::nullopt;
  double user = 0, system = 0, start = 0, pages = 0;
  ProcessStats stats;
  if (!absl::SimpleAtod(fields[kUserTime], &user) ||
      !absl::SimpleAtod(fields[kSystemTime], &system) ||
      !absl::SimpleAtod(fields[kThreads], &stats.threads) ||
      !absl::SimpleAtod(fields[kStartTime], &start) ||
      !absl::SimpleAtod(fields[kVirtualSize], &stats.virtual_bytes) ||
      !absl::SimpleAtod(fields[kResidentPages], &pages)) {
    return std::nullopt;
  }
  stats.cpu_seconds = (user + system) / ticks_per_second;
  stats.start_time_seconds = start / ticks_per_second;
  stats.resident_bytes = pages * page_bytes;
  return stats;
}

std::optional<ProcessStats> ReadProcessStats() {
  const std::optional<double> boot = BootTime();
  std::optional<ProcessStats> stats =
      ParseProcStat(ReadAll("/proc/self/stat"), static_cast<double>(sysconf(_SC_CLK_TCK)),
                    static_cast<double>(sysconf(_SC_PAGESIZE)));
  if (!boot.has_value() || !stats.has_value()) return std::nullopt;
  stats->start_time_seconds += *boot;
  stats->open_fds = CountOpenFds();
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    stats->max_fds = static_cast<double>(limit.rlim_cur);
  }
  return stats;
}

}  // namespace carousel::metrics
