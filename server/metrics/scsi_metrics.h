// Counts one drive's SCSI commands. Private to server/metrics.
#ifndef SERVER_METRICS_SCSI_METRICS_H_
#define SERVER_METRICS_SCSI_METRICS_H_

#include <array>
#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "hal/scsi/command.h"
#include "hal/scsi/transport.h"
#include "server/metrics/family.h"

namespace carousel::metrics {

class ScsiMetrics : public scsi::TransportObserver {
 public:
  // The families must outlive it.
  ScsiMetrics(std::string drive, Counters* commands, Histograms* durations);
  void OnCommand(const scsi::Command& command, const absl::StatusOr<scsi::Result>& result,
                 absl::Duration took) override;

  // Nine ends of a command, and CHECK CONDITION, told apart by its sixteen sense keys.
  static constexpr size_t kResults = 9 + 16;

 private:
  struct Opcode {
    Cached<prometheus::Histogram> duration;
    std::array<Cached<prometheus::Counter>, kResults> counts;
  };

  const std::string drive_;
  Counters& commands_;
  Histograms& durations_;
  std::array<Opcode, 256> opcodes_;
};

// The `result` label: an index below kResults, and its name.
size_t ResultIndex(const absl::StatusOr<scsi::Result>& result);
std::string ResultName(size_t index);

}  // namespace carousel::metrics

#endif  // SERVER_METRICS_SCSI_METRICS_H_
