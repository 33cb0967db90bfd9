// What every DiscWriter keeps to, as a test suite that each implementation registers together with
// its Drive (drive_contract.h).
#ifndef HAL_DRIVE_DISC_WRITER_CONTRACT_H_
#define HAL_DRIVE_DISC_WRITER_CONTRACT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/types.h"
#include "hal/drive/burn_status.h"
#include "hal/drive/disc_writer.h"
#include "hal/drive/drive.h"

namespace carousel {

// An empty drive with what lays a blank DVD+R of 2,295,104 sectors in.
class DiscWriterContractDevice {
 public:
  virtual ~DiscWriterContractDevice() = default;
  virtual Drive& drive() = 0;
  virtual void InsertBlank() = 0;
};

struct DiscWriterContractParam {
  std::string name;
  std::function<std::unique_ptr<DiscWriterContractDevice>()> make;
};
inline std::string DiscWriterContractName(
    const testing::TestParamInfo<DiscWriterContractParam>& info) {
  return info.param.name;
}

class DiscWriterContract : public testing::TestWithParam<DiscWriterContractParam> {
 protected:
  DiscWriterContract() : device_(GetParam().make()) {}
  Drive& drive() { return device_->drive(); }
  DiscWriter& writer() { return *drive().writer(); }

  // Inserts the disc and waits until it is ready.
  void Prepare();
  // `count` sectors that begin with their own address.
  static std::vector<uint8_t> Sectored(Lba start, Sectors count);
  // A session of `count` sectors from `start` on, written and closed.
  void BurnSession(TrackNumber track, Lba start, Sectors count);

  const std::unique_ptr<DiscWriterContractDevice> device_;
};

}  // namespace carousel

#endif  // HAL_DRIVE_DISC_WRITER_CONTRACT_H_
