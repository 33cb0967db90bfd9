// The iSCSI transport keeps to the contract of transports: a transport double behind a socket,
// which tgt, by the shim, passes on as one of its logical units.
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/mmc/readiness.h"
#include "hal/scsi/answering_transport.h"
#include "hal/scsi/iscsi/iscsi_transport.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/transport_contract.h"
#include "tests/interop/cdb_socket/cdb_server.h"
#include "tests/interop/tgt/tgt_target.h"

namespace carousel::scsi {
namespace {

constexpr char kNode[] = "/dev/sg40";
constexpr int kLun = 1;
std::string* shim = nullptr;

class IscsiDevice : public TransportContractDevice {
 public:
  IscsiDevice() {
    std::string folder = "/tmp/carousel-pt-XXXXXX";  // a socket's path is short
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    behind_.Give(opcode::kTestUnitReady, std::vector<uint8_t>());
    behind_.Give(opcode::kInquiry, ContractInquiryData());
    const std::string socket = folder + "/device";
    auto server = CdbServer::Start(&behind_, socket);
    EXPECT_OK(server);
    server_ = *std::move(server);
    target_ = std::make_unique<TgtTarget>(
        folder, std::map<std::string, std::string>{{"LD_PRELOAD", *shim},
                                                   {"CDB_SHIM", absl::StrCat(kNode, "=", socket)}});
    EXPECT_OK(target_->Start({absl::StrCat("--op new --mode logicalunit --tid 1 --lun ", kLun,
                                           " -Y pt --bstype sg -b ", kNode)}));
    auto opened = OpenIscsi(target_->Address(kLun));
    EXPECT_OK(opened);
    transport_ = *std::move(opened);
    // The attention of the new session.
    (void)transport_->Execute(mmc::MakeCommand(mmc::TestUnitReadyCdb{}));
  }
  ~IscsiDevice() override {
    if (waking_.joinable()) waking_.join();
    const std::string folder = target_->folder();
    transport_.reset();
    target_.reset();
    server_.reset();
    std::filesystem::remove_all(folder);
  }
  Transport& transport() override { return *transport_; }
  void FailNext(uint8_t opcode, const Sense& sense) override {
    behind_.Once(opcode, [sense](AnsweringTransport::Cdb) { return SenseStatus(sense, 0, ""); });
  }
  void HangNext(uint8_t opcode) override { hanging_ = opcode; }
  // The target stops for longer than the command waits.
  void WillSend(const Command& command) override {
    if (hanging_ != command.opcode()) return;
    hanging_ = -1;
    target_->Suspend();
    waking_ = std::thread([this, command] {
      std::this_thread::sleep_for(absl::ToChronoMilliseconds(command.timeout) +
                                  std::chrono::milliseconds(500));
      target_->Continue();
    });
  }

 private:
  AnsweringTransport behind_;
  std::unique_ptr<CdbServer> server_;
  std::unique_ptr<TgtTarget> target_;
  std::unique_ptr<Transport> transport_;
  std::thread waking_;
  int hanging_ = -1;
};

INSTANTIATE_TEST_SUITE_P(Iscsi, TransportContract,
                         testing::Values(TransportContractParam{
                             "Iscsi", [] { return std::make_unique<IscsiDevice>(); }}),
                         TransportContractName);

}  // namespace
}  // namespace carousel::scsi

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc != 2) return 1;
  carousel::scsi::shim = new std::string(std::filesystem::absolute(argv[1]));
  return RUN_ALL_TESTS();
}
