#include "hal/virtual_robot/testing_robot.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/virtual_robot/disc_cli.h"

namespace carousel {
namespace {

std::string FreshFolder() {
  static std::atomic<int> count = 0;
  return absl::StrCat(std::getenv("TEST_TMPDIR"), "/store", ++count);
}

}  // namespace

TestingRobot::TestingRobot() {
  options.store = FreshFolder();
  options.clock = &clock;
  options.drives = {VirtualDriveOptions{.serial = "SERIAL0"},
                    VirtualDriveOptions{.serial = "SERIAL1"}};
}

void TestingRobot::MakeDisc(const std::string& barcode, std::vector<std::string> words) {
  words.insert(words.begin(), {"create", options.store, barcode});
  std::ostringstream output, errors;
  ASSERT_EQ(virtual_robot::RunCarouselDisc(words, output, errors), 0) << errors.str();
}

VirtualRobot& TestingRobot::Start() {
  // The old one is off before the new one reads what it left.
  drive_.reset();
  robot_.reset();
  absl::StatusOr<std::unique_ptr<VirtualRobot>> robot = VirtualRobot::Open(options);
  EXPECT_TRUE(robot.ok()) << robot.status();
  robot_ = *std::move(robot);
  drive_ = robot_->OpenDrive(0);
  return *robot_;
}

scsi::Transport& TestingRobot::LoadFirstDisc() {
  if (robot_ == nullptr) Start();
  const MoveResult moved =
      robot_->changer().Move(robot_->slot_element(1), robot_->drive_element(0));
  EXPECT_TRUE(moved.status.ok()) << moved.status;
  clock.Advance(absl::Minutes(1));
  for (int i = 0; i < 2; ++i) Send({0, 0, 0, 0, 0, 0});
  return *drive_;
}

TestingRobot::Answer TestingRobot::Execute(const scsi::Command& command) {
  Answer answer;
  const absl::Time start = clock.Now();
  const absl::StatusOr<scsi::Result> result = drive_->Execute(command);
  answer.took = clock.Now() - start;
  answer.status = result.status();
  if (!result.ok()) return answer;
  answer.sense = result->good() ? "GOOD" : result->sense.ToString();
  answer.data.assign(command.data_in.begin(), command.data_in.begin() + result->transferred);
  return answer;
}

TestingRobot::Answer TestingRobot::Send(std::vector<uint8_t> cdb, size_t room,
                                        absl::Duration timeout) {
  std::vector<uint8_t> data(room);
  scsi::Command command{.cdb_size = static_cast<uint8_t>(cdb.size()),
                        .data_in = absl::MakeSpan(data),
                        .timeout = timeout};
  std::copy(cdb.begin(), cdb.end(), command.cdb.begin());
  return Execute(command);
}

TestingRobot::Answer TestingRobot::SendData(std::vector<uint8_t> cdb,
                                            const std::vector<uint8_t>& data) {
  scsi::Command command{.cdb_size = static_cast<uint8_t>(cdb.size()), .data_out = data};
  std::copy(cdb.begin(), cdb.end(), command.cdb.begin());
  return Execute(command);
}

TestingRobot::Answer TestingRobot::Read(uint32_t lba, uint16_t blocks) {
  const auto byte = [](uint32_t value, int shift) {
    return static_cast<uint8_t>(value >> shift & 0xFF);
  };
  return Send({0x28, 0, byte(lba, 24), byte(lba, 16), byte(lba, 8), byte(lba, 0), 0,
               byte(blocks, 8), byte(blocks, 0), 0},
              size_t{blocks} * 2048);
}

TestingRobot::Answer TestingRobot::Write(uint32_t lba, uint16_t blocks, uint8_t byte) {
  std::vector<uint8_t> data(size_t{blocks} * 2048);
  for (size_t at = 0; at < data.size(); at += 2048) data[at] = byte;
  const auto part = [](uint32_t value, int shift) {
    return static_cast<uint8_t>(value >> shift & 0xFF);
  };
  return SendData({0x2A, 0, part(lba, 24), part(lba, 16), part(lba, 8), part(lba, 0), 0,
                   part(blocks, 8), part(blocks, 0), 0},
                  data);
}

}  // namespace carousel
