// What every transport keeps to, as a test suite that each back end registers:
//
//   INSTANTIATE_TEST_SUITE_P(Sg, TransportContract, testing::Values(TransportContractParam{...}),
//                            TransportContractName);
//
// A binary that links :transport_contract and instantiates it runs all of it.
#ifndef HAL_SCSI_TRANSPORT_CONTRACT_H_
#define HAL_SCSI_TRANSPORT_CONTRACT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hal/scsi/command.h"
#include "hal/scsi/sense.h"
#include "hal/scsi/transport.h"

namespace carousel::scsi {

// A transport with an MMC drive behind it that has no unit attention pending. Whether it holds a
// disc does not matter.
class TransportContractDevice {
 public:
  virtual ~TransportContractDevice() = default;
  virtual Transport& transport() = 0;
  // These two may put another transport in the place of the one before.
  // The next command with `opcode` ends in CHECK CONDITION with `sense`.
  virtual void FailNext(uint8_t opcode, const Sense& sense) = 0;
  // The next command with `opcode` gets no answer within its time-out.
  virtual void HangNext(uint8_t opcode) = 0;
  // Called before each command that reaches the device; for devices that are told in advance.
  virtual void WillSend(const Command& command) {}
};

// What such a drive says of itself, for devices that are told their answers: standard INQUIRY data.
std::vector<uint8_t> ContractInquiryData();

struct TransportContractParam {
  std::string name;
  std::function<std::unique_ptr<TransportContractDevice>()> make;
};
inline std::string TransportContractName(
    const testing::TestParamInfo<TransportContractParam>& info) {
  return info.param.name;
}

class TransportContract : public testing::TestWithParam<TransportContractParam> {
 protected:
  TransportContract() : device_(GetParam().make()) {}

  Transport& transport() { return device_->transport(); }
  absl::StatusOr<Result> Send(const Command& command) {
    device_->WillSend(command);
    return transport().Execute(command);
  }

  const std::unique_ptr<TransportContractDevice> device_;
};

}  // namespace carousel::scsi

#endif  // HAL_SCSI_TRANSPORT_CONTRACT_H_
