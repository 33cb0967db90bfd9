// SET CD SPEED (MMC-5 6.37): for CD; DVD and BD have SET STREAMING.
#ifndef HAL_MMC_SET_CD_SPEED_H_
#define HAL_MMC_SET_CD_SPEED_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/mmc/speed.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {

// The field's largest value: as fast as the drive can.
inline constexpr KilobytesPerSecond kFastestCdSpeed{0xFFFF};

struct SetCdSpeedCdb {
  uint8_t rotation_control = 0;  // 2 bits: 0 CLV, as the disc wants; 1 pure CAV
  KilobytesPerSecond read_speed = kFastestCdSpeed;
  KilobytesPerSecond write_speed = kFastestCdSpeed;
  bool operator==(const SetCdSpeedCdb&) const = default;
};
// Speeds above the 16-bit fields are sent as kFastestCdSpeed.
scsi::Command MakeCommand(const SetCdSpeedCdb& cdb);
absl::StatusOr<SetCdSpeedCdb> DecodeSetCdSpeedCdb(absl::Span<const uint8_t> cdb);

}  // namespace carousel::mmc

#endif  // HAL_MMC_SET_CD_SPEED_H_
