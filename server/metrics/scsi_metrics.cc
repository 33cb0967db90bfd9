#include "server/metrics/scsi_metrics.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace carousel::metrics {
namespace {

enum End : size_t {
  kGood,
  kConditionMet,
  kBusy,
  kReservationConflict,
  kTaskSetFull,
  kTaskAborted,
  kOtherStatus,
  kTimeout,
  kUnreachable,
  kFirstSenseKey,  // 16 of them
};
static_assert(kFirstSenseKey + 16 == ScsiMetrics::kResults);

// SPC-4 table 43 from kFirstSenseKey on.
constexpr absl::string_view kNames[ScsiMetrics::kResults] = {"good",
                                                             "condition_met",
                                                             "busy",
                                                             "reservation_conflict",
                                                             "task_set_full",
                                                             "task_aborted",
                                                             "other_status",
                                                             "timeout",
                                                             "unreachable",
                                                             "no_sense",
                                                             "recovered_error",
                                                             "not_ready",
                                                             "medium_error",
                                                             "hardware_error",
                                                             "illegal_request",
                                                             "unit_attention",
                                                             "data_protect",
                                                             "blank_check",
                                                             "vendor_specific",
                                                             "copy_aborted",
                                                             "aborted_command",
                                                             "reserved",
                                                             "volume_overflow",
                                                             "miscompare",
                                                             "completed"};

size_t StatusIndex(const scsi::Result& result) {
  switch (result.status) {
    case scsi::ScsiStatus::kGood:
      return kGood;
    case scsi::ScsiStatus::kCheckCondition:
      return kFirstSenseKey + (static_cast<size_t>(result.sense.key) & 0xF);
    case scsi::ScsiStatus::kConditionMet:
      return kConditionMet;
    case scsi::ScsiStatus::kBusy:
      return kBusy;
    case scsi::ScsiStatus::kReservationConflict:
      return kReservationConflict;
    case scsi::ScsiStatus::kTaskSetFull:
      return kTaskSetFull;
    case scsi::ScsiStatus::kTaskAborted:
      return kTaskAborted;
  }
  return kOtherStatus;
}

}  // namespace

size_t ResultIndex(const absl::StatusOr<scsi::Result>& result) {
  if (result.ok()) return StatusIndex(*result);
  return absl::IsDeadlineExceeded(result.status()) ? kTimeout : kUnreachable;
}

std::string ResultName(size_t index) { return std::string(kNames[index]); }

ScsiMetrics::ScsiMetrics(std::string drive, Counters* commands, Histograms* durations)
    : drive_(std::move(drive)), commands_(*commands), durations_(*durations) {}

void ScsiMetrics::OnCommand(const scsi::Command& command,
                            const absl::StatusOr<scsi::Result>& result, absl::Duration took) {
  Opcode& opcode = opcodes_[command.opcode()];
  const size_t index = ResultIndex(result);
  opcode.counts[index]
      .Get([&]() -> prometheus::Counter& {
        return commands_.With({drive_, scsi::OpcodeName(command.opcode()), ResultName(index)});
      })
      .Increment();
  opcode.duration
      .Get([&]() -> prometheus::Histogram& {
        return durations_.With({drive_, scsi::OpcodeName(command.opcode())});
      })
      .Observe(absl::ToDoubleSeconds(took));
}

}  // namespace carousel::metrics
