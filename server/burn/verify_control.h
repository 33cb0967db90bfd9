// What others see of a verification that runs, and how they ask it to stop.
#ifndef SERVER_BURN_VERIFY_CONTROL_H_
#define SERVER_BURN_VERIFY_CONTROL_H_

#include <cstdint>
#include <optional>

#include "hal/base/types.h"
#include "server/operations/run_control.h"

namespace carousel {

enum class VerifyAction : uint8_t {
  kReloading,  // the disc goes out and in, and becomes ready
  kExamining,  // what drive and disc say of its sessions
  kReading,
  kCompleted,
};

struct VerifyProgress {
  VerifyAction action = VerifyAction::kReloading;
  Lba next;       // where it reads
  Sectors done;   // read and compared
  Sectors total;  // of what is to be read; 0 while that is not known
  // Sectors per second since the reading began; absent before.
  std::optional<int64_t> speed;
};

// Cancelled, the verification stops before its next READ.
using VerifyControl = RunControl<VerifyProgress>;

}  // namespace carousel

#endif  // SERVER_BURN_VERIFY_CONTROL_H_
