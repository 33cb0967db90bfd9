// Drives and a changer behind device nodes keep to the contracts of drives, of writers and of
// changers: our sg transport and our code above it, and the virtual robot behind a socket.
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "hal/base/byte_order.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/changer/changer_contract.h"
#include "hal/changer/smc_changer.h"
#include "hal/drive/disc_writer_contract.h"
#include "hal/drive/drive_contract.h"
#include "hal/drive/mmc_drive.h"
#include "hal/scsi/sg/sg_transport.h"
#include "hal/scsi/transport.h"
#include "hal/virtual_robot/testing_robot.h"
#include "hal/virtual_robot/virtual_robot.h"
#include "tests/interop/cdb_socket/cdb_server.h"
#include "tests/interop/cdb_socket/under_shim.h"

namespace carousel {
namespace {

using contract_disc::kFirstSession;
using contract_disc::kSecondSession;
using contract_disc::kSecondStart;

// A robot whose first drive is the first node and whose changer is the second.
class RobotBehindNodes {
 public:
  void Start() {
    robot_.Start();
    drive_ = Serve(robot_.robot().OpenDrive(0), kFirstNode);
    changer_ = Serve(robot_.robot().OpenChanger(), kSecondNode);
  }
  TestingRobot& robot() { return robot_; }
  std::unique_ptr<MmcDrive> OpenDrive() {
    auto transport = scsi::OpenSg({.path = kFirstNode});
    EXPECT_OK(transport);
    return std::make_unique<MmcDrive>(*std::move(transport), &robot_.clock);
  }
  std::unique_ptr<SmcChanger> OpenChanger() {
    return std::make_unique<SmcChanger>([] { return scsi::OpenSg({.path = kSecondNode}); },
                                        &robot_.clock);
  }
  void Move(ElementAddress source, ElementAddress destination) {
    EXPECT_OK(robot_.robot().changer().Move(source, destination).status);
  }
  ElementAddress slot() { return robot_.robot().slot_element(1); }
  ElementAddress drive() { return robot_.robot().drive_element(0); }

 private:
  struct Served {
    std::unique_ptr<scsi::Transport> device;
    std::unique_ptr<CdbServer> server;
  };
  static Served Serve(std::unique_ptr<scsi::Transport> device, const char* node) {
    auto server = CdbServer::Start(device.get(), SocketOf(node));
    EXPECT_OK(server);
    return {.device = std::move(device), .server = *std::move(server)};
  }

  TestingRobot robot_;
  Served drive_, changer_;
};

std::string WriteSession(const std::string& name, Lba start, Sectors count) {
  const std::string path = absl::StrCat(testing::TempDir(), "/", name);
  std::ofstream file(path, std::ios::binary);
  for (int64_t i = 0; i < count.value(); ++i) {
    uint8_t sector[kSectorSize] = {};
    StoreBe32(sector, static_cast<uint32_t>(start.value() + i));
    file.write(reinterpret_cast<const char*>(sector), sizeof(sector));
  }
  return path;
}

class SgDriveDevice : public DriveContractDevice {
 public:
  SgDriveDevice() {
    const std::string first = WriteSession("first", Lba(0), kFirstSession);
    const std::string second = WriteSession("second", kSecondStart, kSecondSession);
    nodes_.robot().MakeDisc("CONTRACT",
                            {"--media=DVD+R", absl::StrCat("--session=", first, "@0"),
                             absl::StrCat("--session=", second, "@", kSecondStart.value())});
    nodes_.Start();
    drive_ = nodes_.OpenDrive();
  }
  Drive& drive() override { return *drive_; }
  void Insert() override { nodes_.Move(nodes_.slot(), nodes_.drive()); }
  void Remove() override { nodes_.Move(nodes_.drive(), nodes_.slot()); }

 private:
  RobotBehindNodes nodes_;
  std::unique_ptr<MmcDrive> drive_;
};

class SgWriterDevice : public DiscWriterContractDevice {
 public:
  SgWriterDevice() {
    nodes_.robot().MakeDisc("BLANK", {"--media=DVD+R"});
    nodes_.Start();
    drive_ = nodes_.OpenDrive();
  }
  Drive& drive() override { return *drive_; }
  void InsertBlank() override { nodes_.Move(nodes_.slot(), nodes_.drive()); }

 private:
  RobotBehindNodes nodes_;
  std::unique_ptr<MmcDrive> drive_;
};

class SgChangerDevice : public ChangerContractDevice {
 public:
  SgChangerDevice() {
    nodes_.robot().MakeDisc("D1", {"--media=BD-R", "--slot=1"});
    nodes_.robot().MakeDisc("D2", {"--media=DVD+R", "--slot=2"});
    nodes_.Start();
    changer_ = nodes_.OpenChanger();
    for (int number = 1; number <= 3; ++number) {
      slots_[number - 1] = nodes_.robot().robot().slot_element(number);
    }
  }
  Changer& changer() override { return *changer_; }
  ElementAddress slot(int number) const override { return slots_[number - 1]; }

 private:
  RobotBehindNodes nodes_;
  std::unique_ptr<SmcChanger> changer_;
  ElementAddress slots_[3];
};

INSTANTIATE_TEST_SUITE_P(Sg, DriveContract,
                         testing::Values(DriveContractParam{
                             "MmcDriveOverSg", [] { return std::make_unique<SgDriveDevice>(); }}),
                         DriveContractName);

INSTANTIATE_TEST_SUITE_P(Sg, DiscWriterContract,
                         testing::Values(DiscWriterContractParam{
                             "MmcDriveOverSg", [] { return std::make_unique<SgWriterDevice>(); }}),
                         DiscWriterContractName);

INSTANTIATE_TEST_SUITE_P(Sg, ChangerContract,
                         testing::Values(ChangerContractParam{
                             "SmcChangerOverSg",
                             [] { return std::make_unique<SgChangerDevice>(); }}),
                         ChangerContractName);

}  // namespace
}  // namespace carousel
