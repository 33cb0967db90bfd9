// What /proc tells about a process.
#ifndef SERVER_METRICS_PROCESS_STATS_H_
#define SERVER_METRICS_PROCESS_STATS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace carousel::metrics {

struct ProcessStats {
  double cpu_seconds = 0;
  double start_time_seconds = 0;  // since 1970
  double resident_bytes = 0;
  double virtual_bytes = 0;
  double open_fds = 0;
  double max_fds = 0;
  double threads = 0;
};

// Of this process. Nothing if /proc cannot be read.
std::optional<ProcessStats> ReadProcessStats();

// The part that comes from the text of /proc/self/stat (proc(5)), times in clock ticks; open_fds
// and max_fds stay 0, start_time_seconds counts from the boot. Nothing if the text is not
// understood.
std::optional<ProcessStats> ParseProcStat(absl::string_view stat, double ticks_per_second,
                                          double page_bytes);

}  // namespace carousel::metrics

#endif  // SERVER_METRICS_PROCESS_STATS_H_
