// The SCSI devices that this machine has, as sysfs tells them. Opens no device.
#ifndef HAL_SCSI_SG_SCAN_H_
#define HAL_SCSI_SG_SCAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace carousel::scsi {

struct ScsiDevice {
  std::string sg_path;     // "/dev/sg3"
  std::string block_path;  // "/dev/sr0"; empty if it has none
  std::string address;     // "2:0:0:1": host, channel, target, unit
  int device_type = -1;    // 5: MMC drive, 8: medium changer (SPC-4 table 141); -1: not told
  // As the kernel read them when it found the device.
  std::string vendor;
  std::string product;
  std::string revision;
  std::string serial;  // VPD page 80h; empty if the device has none or the kernel did not ask
};

// By the numbers of sg. Empty where the kernel has no sg driver; what cannot be read is left out.
std::vector<ScsiDevice> ScanScsiDevices(const std::string& sysfs);

// NOT_FOUND: no device has it; the message lists those that there are. FAILED_PRECONDITION: more
// than one has it.
absl::StatusOr<ScsiDevice> FindBySerial(absl::Span<const ScsiDevice> devices,
                                        absl::string_view serial);

}  // namespace carousel::scsi

#endif  // HAL_SCSI_SG_SCAN_H_
