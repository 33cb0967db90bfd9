// What every Drive keeps to, as a test suite that each implementation registers, as transports do
// (hal/scsi/transport_contract.h).
#ifndef HAL_DRIVE_DRIVE_CONTRACT_H_
#define HAL_DRIVE_DRIVE_CONTRACT_H_

#include <functional>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "hal/base/types.h"
#include "hal/drive/drive.h"

namespace carousel {

// The disc that Insert lays in: a DVD+R of two closed sessions, to be continued at kNextWritable.
// Each sector that it holds begins with its own address as a 32-bit big-endian number.
namespace contract_disc {
inline constexpr Sectors kFirstSession{192};
inline constexpr Lba kSecondStart{2'240};
inline constexpr Sectors kSecondSession{64};
inline constexpr Lba kNextWritable{4'352};
}  // namespace contract_disc

// An empty drive with what lays discs in and takes them away.
class DriveContractDevice {
 public:
  virtual ~DriveContractDevice() = default;
  virtual Drive& drive() = 0;
  virtual void Insert() = 0;
  // The drive has let go of the disc (Eject) before.
  virtual void Remove() = 0;
};

struct DriveContractParam {
  std::string name;
  std::function<std::unique_ptr<DriveContractDevice>()> make;
};
inline std::string DriveContractName(const testing::TestParamInfo<DriveContractParam>& info) {
  return info.param.name;
}

class DriveContract : public testing::TestWithParam<DriveContractParam> {
 protected:
  DriveContract() : device_(GetParam().make()) {}
  Drive& drive() { return device_->drive(); }

  const std::unique_ptr<DriveContractDevice> device_;
};

}  // namespace carousel

#endif  // HAL_DRIVE_DRIVE_CONTRACT_H_
