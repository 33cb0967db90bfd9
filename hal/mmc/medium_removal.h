// START STOP UNIT and PREVENT ALLOW MEDIUM REMOVAL (MMC-6 6.42, 6.15).
#ifndef HAL_MMC_MEDIUM_REMOVAL_H_
#define HAL_MMC_MEDIUM_REMOVAL_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

struct StartStopUnitCdb {
  bool immediate = false;
  uint8_t power_condition = 0;  // 4 bits
  bool load_eject = false;      // LoEj: with start it loads, without it ejects
  bool start = false;
  bool operator==(const StartStopUnitCdb&) const = default;
};
scsi::Command MakeCommand(const StartStopUnitCdb& cdb);
absl::StatusOr<StartStopUnitCdb> DecodeStartStopUnitCdb(absl::Span<const uint8_t> cdb);

struct PreventAllowCdb {
  bool prevent = false;
  bool persistent = false;
  bool operator==(const PreventAllowCdb&) const = default;
};
scsi::Command MakeCommand(const PreventAllowCdb& cdb);
absl::StatusOr<PreventAllowCdb> DecodePreventAllowCdb(absl::Span<const uint8_t> cdb);

}  // namespace carousel::mmc

#endif  // HAL_MMC_MEDIUM_REMOVAL_H_
