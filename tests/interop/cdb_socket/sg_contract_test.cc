// The sg transport keeps to the contract of transports, on a device node that the shim puts there:
// the system calls are the kernel's, what answers them is a transport double behind a socket.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/answering_transport.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/sense.h"
#include "hal/scsi/sg/sg_transport.h"
#include "hal/scsi/transport_contract.h"
#include "tests/interop/cdb_socket/cdb_server.h"
#include "tests/interop/cdb_socket/under_shim.h"

namespace carousel::scsi {
namespace {

class SgDevice : public TransportContractDevice {
 public:
  SgDevice() {
    behind_.Give(opcode::kTestUnitReady, std::vector<uint8_t>());
    behind_.Give(opcode::kInquiry, ContractInquiryData());
    auto server = CdbServer::Start(&behind_, SocketOf(kFirstNode));
    EXPECT_OK(server);
    server_ = *std::move(server);
    auto opened = OpenSg({.path = kFirstNode});
    EXPECT_OK(opened);
    transport_ = *std::move(opened);
  }
  Transport& transport() override { return *transport_; }
  void FailNext(uint8_t opcode, const Sense& sense) override {
    behind_.Once(opcode, [sense](AnsweringTransport::Cdb) { return SenseStatus(sense, 0, ""); });
  }
  void HangNext(uint8_t opcode) override { Lose(opcode, absl::DeadlineExceededError("no answer")); }
  void Lose(uint8_t opcode, const absl::Status& how) {
    behind_.Once(opcode, [how](AnsweringTransport::Cdb) { return how; });
  }
  void Unplug() { server_.reset(); }

 private:
  AnsweringTransport behind_;
  std::unique_ptr<CdbServer> server_;
  std::unique_ptr<Transport> transport_;
};

INSTANTIATE_TEST_SUITE_P(Sg, TransportContract,
                         testing::Values(TransportContractParam{
                             "Sg", [] { return std::make_unique<SgDevice>(); }}),
                         TransportContractName);

Command TestUnitReady() { return {.cdb = {opcode::kTestUnitReady}, .cdb_size = 6}; }

TEST(SgDeviceTest, AnErrorOfTheHostAdapterIsNeverGood) {
  SgDevice device;
  device.Lose(opcode::kTestUnitReady, absl::UnavailableError("the cable is out"));
  EXPECT_THAT(device.transport().Execute(TestUnitReady()),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_OK(device.transport().Execute(TestUnitReady()));
}

TEST(SgDeviceTest, ADeviceThatIsUnpluggedIsGoneUntilItIsOpenedAnew) {
  auto device = std::make_unique<SgDevice>();
  device->Unplug();
  EXPECT_THAT(device->transport().Execute(TestUnitReady()),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(OpenSg({.path = kFirstNode}), StatusIs(absl::StatusCode::kNotFound));
  device = std::make_unique<SgDevice>();
  EXPECT_OK(device->transport().Execute(TestUnitReady()));
}

}  // namespace
}  // namespace carousel::scsi
