// The transport doubles keep to the contract of transports.
#include "hal/scsi/transport_contract.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "hal/scsi/answering_transport.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/scripted_transport.h"

namespace carousel::scsi {
namespace {

class AnsweringDevice : public TransportContractDevice {
 public:
  AnsweringDevice() {
    transport_.Give(opcode::kTestUnitReady, std::vector<uint8_t>());
    transport_.Give(opcode::kInquiry, ContractInquiryData());
  }
  Transport& transport() override { return transport_; }
  void FailNext(uint8_t opcode, const Sense& sense) override {
    transport_.Once(opcode, [sense](AnsweringTransport::Cdb) { return SenseStatus(sense, 0, ""); });
  }
  void HangNext(uint8_t opcode) override {
    transport_.Once(
        opcode, [](AnsweringTransport::Cdb) { return absl::DeadlineExceededError("no answer"); });
  }

 private:
  AnsweringTransport transport_;
};

// Scripts each command when it is about to be sent.
class ScriptedDevice : public TransportContractDevice {
 public:
  Transport& transport() override { return transport_; }
  void FailNext(uint8_t opcode, const Sense& sense) override {
    next_ = {.opcode = opcode, .status = ScsiStatus::kCheckCondition, .sense = sense};
  }
  void HangNext(uint8_t opcode) override {
    next_ = {.opcode = opcode, .failure = absl::DeadlineExceededError("no answer")};
  }
  void WillSend(const Command& command) override {
    if (next_.has_value() && next_->opcode == command.opcode()) {
      transport_.Expect(*next_);
      next_.reset();
    } else if (command.opcode() == opcode::kInquiry) {
      transport_.ExpectGood(opcode::kInquiry, ContractInquiryData());
    } else {
      transport_.ExpectGood(command.opcode());
    }
  }

 private:
  ScriptedTransport transport_;
  std::optional<ScriptedTransport::Step> next_;
};

INSTANTIATE_TEST_SUITE_P(
    Doubles, TransportContract,
    testing::Values(
        TransportContractParam{"Answering", [] { return std::make_unique<AnsweringDevice>(); }},
        TransportContractParam{"Scripted", [] { return std::make_unique<ScriptedDevice>(); }}),
    TransportContractName);

}  // namespace
}  // namespace carousel::scsi
