// Verifies sessions that were burnt on the virtual robot, whose discs get faults between the burn
// and the reading.
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/changer/changer.h"
#include "hal/drive/mmc_drive.h"
#include "hal/virtual_robot/testing_robot.h"
#include "server/burn/burn_fixture.h"
#include "server/burn/verify_run.h"
#include "server/imapi/error.h"
#include "server/mastering/image_reader.h"

namespace carousel {
namespace {

using imapi::Hresult;

// During whose reload the test does something.
class TouchedDrive : public MmcDrive {
 public:
  using MmcDrive::MmcDrive;
  absl::Status Reload() override {
    if (!while_out) return MmcDrive::Reload();
    EXPECT_OK(Eject());
    while_out();
    return Load();
  }
  std::function<void()> while_out;
};

class VirtualVerify : public BurnTest {
 protected:
  void Burn(const std::string& medium, std::vector<std::string> words = {}) {
    words.push_back(absl::StrCat("--media=", medium));
    robot_.MakeDisc("A", words);
    robot_.MakeDisc("B", words);
    robot_.Start();
    Move(robot_.robot().slot_element(1), robot_.robot().drive_element(0));
    drive_ = std::make_unique<TouchedDrive>(robot_.robot().OpenDrive(0), &robot_.clock);
    ASSERT_THAT(drive_->CheckReady(), IsOkAndHolds(true));
    ASSERT_NO_FATAL_FAILURE(PlanFor(*drive_));
    const BurnReport report = BurnTest::Burn(*drive_);
    ASSERT_OK(report.status);
    ASSERT_OK_AND_ASSIGN(const MediaFacts facts, ReadMediaFacts(*drive_));
    source_ = std::make_unique<mastering::ImageReader>(plan_.get(), &contents_);
    expected_ = {.disc_identifier = facts.disc_identifier,
                 .start = plan_->start(),
                 .volume_end = plan_->volume_end(),
                 .sha256 = report.sha256};
  }
  VerifyReport Verify(VerifyLevel level, bool with_source = false) {
    expected_.level = level;
    expected_.source = with_source ? source_.get() : nullptr;
    return VerifyRun(expected_, ReadMediaFacts, &verify_, &robot_.clock).Run(*drive_);
  }
  void Move(ElementAddress from, ElementAddress to) {
    EXPECT_OK(robot_.robot().changer().Move(from, to).status);
  }
  // Turns one bit of a sector on the disc.
  void Flip(Lba sector) {
    std::fstream data(absl::StrCat(robot_.options.store, "/discs/A/data"),
                      std::ios::in | std::ios::out | std::ios::binary);
    data.seekg(sector.value() * kSectorSize + 100);
    const char byte = static_cast<char>(data.get() ^ 0x10);
    data.seekp(sector.value() * kSectorSize + 100);
    data.put(byte);
    ASSERT_TRUE(data.flush().good());
  }
  static imapi::ErrorDetail Detail(const absl::Status& status) {
    return imapi::GetDetail(status).value_or(imapi::ErrorDetail());
  }

  TestingRobot robot_;
  std::unique_ptr<TouchedDrive> drive_;
  std::unique_ptr<mastering::ImageReader> source_;
  VerifyRequest expected_;
  VerifyControl verify_;
};

class VirtualVerifyTest : public VirtualVerify, public testing::WithParamInterface<std::string> {};

TEST_P(VirtualVerifyTest, WhatWasBurntIsGoodByAllItsSectors) {
  ASSERT_NO_FATAL_FAILURE(Burn(GetParam()));
  const MediaGeneration before = drive_->generation();
  const VerifyReport report = Verify(VerifyLevel::kFull);
  ASSERT_OK(report.status);
  EXPECT_EQ(report.sha256, expected_.sha256);
  EXPECT_EQ(report.compared, plan_->volume_end() - plan_->start());
  EXPECT_GT(report.facts->generation, before);
  EXPECT_GT(verify_.progress().speed.value_or(0), 0);
}

TEST_P(VirtualVerifyTest, ATurnedBitIsFoundAndNamedWhereTheSourceIsAtHand) {
  ASSERT_NO_FATAL_FAILURE(Burn(GetParam()));
  EXPECT_OK(Verify(VerifyLevel::kQuick, true).status);
  const Lba sector = plan_->start() + Sectors(777);
  Flip(sector);
  EXPECT_OK(Verify(VerifyLevel::kQuick, true).status) << "no sample";
  for (const bool with_source : {false, true}) {
    const VerifyReport report = Verify(VerifyLevel::kFull, with_source);
    EXPECT_EQ(Detail(report.status).hresult, Hresult::E_IMAPI_BURN_VERIFICATION_FAILED);
    EXPECT_EQ(Detail(report.status).metadata["cause"], "different");
    EXPECT_EQ(report.difference, with_source ? std::optional<Lba>(sector) : std::nullopt);
  }
  const Lba head = plan_->start() + Sectors(20);
  Flip(head);
  EXPECT_EQ(Verify(VerifyLevel::kQuick, true).difference, head);
}

std::string NameOf(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) {
    if (c == '+') c = 'P';
    if (c == '-') c = 'M';
  }
  return name;
}
INSTANTIATE_TEST_SUITE_P(Media, VirtualVerifyTest,
                         testing::Values("CD-R", "DVD-R", "DVD+R", "BD-R", "DVD+RW", "DVD-RAM",
                                         "BD-RE"),
                         NameOf);

class VirtualVerifyFaultTest : public VirtualVerify {};

TEST_F(VirtualVerifyFaultTest, ASectorThatTheDiscHasLostIsNamed) {
  ASSERT_NO_FATAL_FAILURE(Burn("BD-R", {"--unreadable=640-650"}));
  const VerifyReport report = Verify(VerifyLevel::kFull);
  EXPECT_EQ(Detail(report.status).hresult, Hresult::E_IMAPI_BURN_VERIFICATION_FAILED);
  EXPECT_EQ(Detail(report.status).metadata["sense"], "3/11/05");
  EXPECT_EQ(report.unreadable, Lba(640));
  EXPECT_GT(report.repeats, 0);
}

TEST_F(VirtualVerifyFaultTest, AnotherDiscThatCameDuringTheReloadIsAMismatch) {
  ASSERT_NO_FATAL_FAILURE(Burn("DVD+R"));
  drive_->while_out = [this] {
    VirtualRobot& robot = robot_.robot();
    Move(robot.drive_element(0), robot.slot_element(3));
    Move(robot.slot_element(2), robot.drive_element(0));
  };
  const VerifyReport report = Verify(VerifyLevel::kFull);
  EXPECT_EQ(Detail(report.status).hresult, Hresult::IMAPI_E_DISC_MISMATCH);
  EXPECT_EQ(report.compared, Sectors(0));
}

TEST_F(VirtualVerifyFaultTest, ADiscThatWasTakenDuringTheReloadFailsIt) {
  ASSERT_NO_FATAL_FAILURE(Burn("DVD+R"));
  drive_->while_out = [this] {
    Move(robot_.robot().drive_element(0), robot_.robot().slot_element(3));
  };
  EXPECT_EQ(Detail(Verify(VerifyLevel::kFull).status).hresult,
            Hresult::E_IMAPI_RECORDER_MEDIA_NO_MEDIA);
}

}  // namespace
}  // namespace carousel
