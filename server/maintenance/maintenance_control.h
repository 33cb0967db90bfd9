// What others see of an erasure, a close or a repair that runs, and how they ask it to stop.
#ifndef SERVER_MAINTENANCE_MAINTENANCE_CONTROL_H_
#define SERVER_MAINTENANCE_MAINTENANCE_CONTROL_H_

#include <cstdint>
#include <optional>

#include "server/operations/run_control.h"

namespace carousel {

enum class MaintenanceAction : uint8_t {
  kExamining,
  kBlanking,
  kFormatting,
  kClearing,  // zeros where file systems begin
  kClosingTrack,
  kClosingSession,
  kWritingSuperblock,
  kReadingBack,
  kCompleted,
};

struct MaintenanceProgress {
  MaintenanceAction action = MaintenanceAction::kExamining;
  // 0 to 1, of the action; absent where the drive does not tell.
  std::optional<double> part;
};

// Cancelling has an effect until the first command that changes the disc was sent; what has begun
// goes on to its end.
using MaintenanceControl = RunControl<MaintenanceProgress>;

}  // namespace carousel

#endif  // SERVER_MAINTENANCE_MAINTENANCE_CONTROL_H_
