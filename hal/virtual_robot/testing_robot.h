// For tests: a virtual robot on a fake clock over a store of its own, discs made by carousel-disc,
// commands as the bytes that the standard has, not by our encoders.
#ifndef HAL_VIRTUAL_ROBOT_TESTING_ROBOT_H_
#define HAL_VIRTUAL_ROBOT_TESTING_ROBOT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "hal/base/fake_clock.h"
#include "hal/scsi/command.h"
#include "hal/scsi/transport.h"
#include "hal/virtual_robot/options.h"
#include "hal/virtual_robot/virtual_robot.h"

namespace carousel {

class TestingRobot {
 public:
  // The store is a fresh folder of the running test.
  TestingRobot();

  // carousel-disc create STORE `barcode` `words`; fails the test if it is refused.
  void MakeDisc(const std::string& barcode, std::vector<std::string> words);

  // Options with this store and clock; change them before the first Start.
  VirtualRobotOptions options;
  FakeClock clock;

  // Opens the robot; fails the test if it cannot be opened. Starting again is a power cycle.
  VirtualRobot& Start();
  VirtualRobot& robot() { return *robot_; }

  // Moves the disc from slot 1 into drive 0 and lets it become ready; takes all unit attentions.
  scsi::Transport& LoadFirstDisc();
  scsi::Transport& drive() { return *drive_; }

  struct Answer {
    absl::Status status;  // of the transport
    std::string sense;    // "5/21/00"; "GOOD"
    std::vector<uint8_t> data;
    absl::Duration took;
  };
  // Sends `cdb` to drive 0 with room for `room` bytes.
  Answer Send(std::vector<uint8_t> cdb, size_t room = 0,
              absl::Duration timeout = absl::Seconds(30));

  // Sends `cdb` with `data` to drive 0.
  Answer SendData(std::vector<uint8_t> cdb, const std::vector<uint8_t>& data);

  // READ(10) and its data.
  Answer Read(uint32_t lba, uint16_t blocks);
  // WRITE(10) of `blocks` sectors that begin with `byte`.
  Answer Write(uint32_t lba, uint16_t blocks, uint8_t byte);

 private:
  Answer Execute(const scsi::Command& command);

  std::unique_ptr<VirtualRobot> robot_;
  std::unique_ptr<scsi::Transport> drive_;
};

}  // namespace carousel

#endif  // HAL_VIRTUAL_ROBOT_TESTING_ROBOT_H_
