// The virtual drive's transport and MmcDrive over it keep to the contracts of transports, drives
// and disc writers.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gtest/gtest.h"
#include "hal/base/byte_order.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"
#include "hal/drive/disc_writer_contract.h"
#include "hal/drive/drive.h"
#include "hal/drive/drive_contract.h"
#include "hal/drive/mmc_drive.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/sense.h"
#include "hal/scsi/transport.h"
#include "hal/scsi/transport_contract.h"
#include "hal/virtual_robot/testing_robot.h"

namespace carousel {
namespace {

using namespace contract_disc;  // NOLINT: the constants of the suite's one disc

// An empty drive whose fault, if any, comes with the next command of the opcode: the robot is
// switched on anew with it.
class VirtualTransportDevice : public scsi::TransportContractDevice {
 public:
  VirtualTransportDevice() { PowerCycle(""); }
  scsi::Transport& transport() override { return robot_.drive(); }
  void FailNext(uint8_t opcode, const scsi::Sense& sense) override {
    PowerCycle(absl::StrFormat("at 1 %02X sense %s", opcode, sense.ToString()));
  }
  void HangNext(uint8_t opcode) override { PowerCycle(absl::StrFormat("at 1 %02X hang", opcode)); }

 private:
  void PowerCycle(const std::string& fault_plan) {
    robot_.options.drives[0].fault_plan = fault_plan;
    robot_.Start();
    // Takes the unit attention of the reset, without a command of those that the suite sends.
    robot_.Send({scsi::opcode::kReadCapacity10, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 8);
  }

  TestingRobot robot_;
};

std::string WriteSession(const std::string& name, Lba start, Sectors count) {
  const std::string path = absl::StrCat(std::getenv("TEST_TMPDIR"), "/", name);
  std::ofstream file(path, std::ios::binary);
  for (int64_t i = 0; i < count.value(); ++i) {
    uint8_t sector[kSectorSize] = {};
    StoreBe32(sector, start.value() + i);
    file.write(reinterpret_cast<const char*>(sector), sizeof(sector));
  }
  return path;
}

class VirtualDriveDevice : public DriveContractDevice {
 public:
  VirtualDriveDevice() {
    const std::string first = WriteSession("first", Lba(0), kFirstSession);
    const std::string second = WriteSession("second", kSecondStart, kSecondSession);
    robot_.MakeDisc("CONTRACT", {"--media=DVD+R", absl::StrCat("--session=", first, "@0"),
                                 absl::StrCat("--session=", second, "@", kSecondStart.value())});
    robot_.Start();
    drive_ = std::make_unique<MmcDrive>(robot_.robot().OpenDrive(0), &robot_.clock);
  }
  Drive& drive() override { return *drive_; }
  void Insert() override { Move(robot_.robot().slot_element(1), robot_.robot().drive_element(0)); }
  void Remove() override { Move(robot_.robot().drive_element(0), robot_.robot().slot_element(1)); }

 private:
  void Move(ElementAddress source, ElementAddress destination) {
    const MoveResult moved = robot_.robot().changer().Move(source, destination);
    EXPECT_TRUE(moved.status.ok()) << moved.status;
  }

  TestingRobot robot_;
  std::unique_ptr<MmcDrive> drive_;
};

class VirtualWriterDevice : public DiscWriterContractDevice {
 public:
  VirtualWriterDevice() {
    robot_.MakeDisc("BLANK", {"--media=DVD+R"});
    robot_.Start();
    drive_ = std::make_unique<MmcDrive>(robot_.robot().OpenDrive(0), &robot_.clock);
  }
  Drive& drive() override { return *drive_; }
  void InsertBlank() override {
    const MoveResult moved = robot_.robot().changer().Move(robot_.robot().slot_element(1),
                                                           robot_.robot().drive_element(0));
    EXPECT_TRUE(moved.status.ok()) << moved.status;
  }

 private:
  TestingRobot robot_;
  std::unique_ptr<MmcDrive> drive_;
};

INSTANTIATE_TEST_SUITE_P(Virtual, DiscWriterContract,
                         testing::Values(DiscWriterContractParam{
                             "MmcDriveOverVirtual",
                             [] { return std::make_unique<VirtualWriterDevice>(); }}),
                         DiscWriterContractName);

INSTANTIATE_TEST_SUITE_P(Virtual, DriveContract,
                         testing::Values(DriveContractParam{
                             "MmcDriveOverVirtual",
                             [] { return std::make_unique<VirtualDriveDevice>(); }}),
                         DriveContractName);

}  // namespace

namespace scsi {
namespace {

INSTANTIATE_TEST_SUITE_P(Virtual, TransportContract,
                         testing::Values(TransportContractParam{
                             "VirtualDrive",
                             [] { return std::make_unique<VirtualTransportDevice>(); }}),
                         TransportContractName);

}  // namespace
}  // namespace scsi
}  // namespace carousel
