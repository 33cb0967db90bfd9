#include "hal/scsi/sg/sg_io.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/sense.h"

namespace carousel::scsi {
namespace {

constexpr char kName[] = "/dev/sg7";

class SgIoTest : public testing::Test {
 protected:
  SgIoTest() {
    command_.cdb_size = 10;
    command_.data_in = absl::MakeSpan(buffer_);
    header_ = MakeSgIo(command_, &sense_);
  }

  void AnswerSense(const Sense& sense) {
    const auto bytes = EncodeFixedSense(sense);
    std::memcpy(sense_.data(), bytes.data(), bytes.size());
    header_.sb_len_wr = bytes.size();
  }

  std::vector<uint8_t> buffer_ = std::vector<uint8_t>(2048);
  Command command_;
  std::array<uint8_t, kSgSenseSize> sense_ = {};
  sg_io_hdr header_ = {};
};

TEST_F(SgIoTest, AHeaderHasTheCommandItsBufferAndItsTime) {
  command_.timeout = absl::Microseconds(2'500'001);
  header_ = MakeSgIo(command_, &sense_);
  EXPECT_EQ(header_.interface_id, 'S');
  EXPECT_EQ(header_.cmd_len, 10);
  EXPECT_EQ(header_.dxfer_direction, SG_DXFER_FROM_DEV);
  EXPECT_EQ(header_.dxfer_len, 2048u);
  EXPECT_EQ(header_.timeout, 2'501u);
  EXPECT_EQ(header_.mx_sb_len, kSgSenseSize);
}

TEST_F(SgIoTest, DataGoesTheWayOfTheCommand) {
  command_.data_in = {};
  EXPECT_EQ(MakeSgIo(command_, &sense_).dxfer_direction, SG_DXFER_NONE);
  command_.data_out = buffer_;
  EXPECT_EQ(MakeSgIo(command_, &sense_).dxfer_direction, SG_DXFER_TO_DEV);
}

TEST_F(SgIoTest, ATimeThatDoesNotFitIsTheLongestThereIs) {
  command_.timeout = absl::InfiniteDuration();
  EXPECT_EQ(MakeSgIo(command_, &sense_).timeout, 2'147'483'647u);
}

TEST_F(SgIoTest, GoodHasWhatTheResidualLeaves) {
  header_.resid = 48;
  ASSERT_OK_AND_ASSIGN(const Result result, JudgeSgIo(header_, kName));
  EXPECT_TRUE(result.good());
  EXPECT_EQ(result.transferred, 2000u);
}

TEST_F(SgIoTest, AResidualThatCannotBeIsNone) {
  for (const int residual : {-1, 2049}) {
    header_.resid = residual;
    ASSERT_OK_AND_ASSIGN(const Result result, JudgeSgIo(header_, kName));
    EXPECT_EQ(result.transferred, 2048u);
  }
}

TEST_F(SgIoTest, ACheckConditionHasItsSense) {
  const Sense sense{.key = SenseKey::kMediumError, .asc = 0x11, .ascq = 0x05, .information = 77};
  header_.status = 0x02;
  header_.driver_status = 0x08;
  AnswerSense(sense);
  ASSERT_OK_AND_ASSIGN(const Result result, JudgeSgIo(header_, kName));
  EXPECT_EQ(result.status, ScsiStatus::kCheckCondition);
  EXPECT_EQ(result.sense, sense);
}

TEST_F(SgIoTest, SenseBesideGoodIsACheckConditionThatTheAdapterSwallowed) {
  header_.driver_status = 0x08;
  AnswerSense({.key = SenseKey::kNotReady, .asc = 0x3A});
  ASSERT_OK_AND_ASSIGN(const Result result, JudgeSgIo(header_, kName));
  EXPECT_EQ(result.status, ScsiStatus::kCheckCondition);
}

TEST_F(SgIoTest, ALengthOfSenseBeyondItsBufferIsNotBelieved) {
  header_.status = 0x02;
  header_.sb_len_wr = 255;
  ASSERT_OK_AND_ASSIGN(const Result result, JudgeSgIo(header_, kName));
  EXPECT_EQ(result.sense, Sense());
}

TEST_F(SgIoTest, GoodBesideAnErrorOfTheAdapterIsWorthNothing) {
  for (const uint16_t host : {0x01, 0x02, 0x04, 0x05, 0x07, 0x08, 0x0B, 0xFF}) {
    header_.host_status = host;
    EXPECT_THAT(JudgeSgIo(header_, kName), StatusIs(absl::StatusCode::kUnavailable)) << host;
  }
}

TEST_F(SgIoTest, ATimeOutIsToldWhoeverNoticedIt) {
  header_.host_status = 0x03;
  EXPECT_THAT(JudgeSgIo(header_, kName), StatusIs(absl::StatusCode::kDeadlineExceeded));
  header_.host_status = 0;
  header_.driver_status = 0x06;
  EXPECT_THAT(JudgeSgIo(header_, kName), StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(SgIoTest, AnErrorOfTheDriverAndAStatusThatNobodyKnowsAreUnknownOutcomes) {
  header_.driver_status = 0x07;
  EXPECT_THAT(JudgeSgIo(header_, kName), StatusIs(absl::StatusCode::kUnavailable));
  header_.driver_status = 0;
  header_.status = 0x22;
  EXPECT_THAT(JudgeSgIo(header_, kName), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(SgIoTest, OnlyADeviceThatCannotBeReachedIsGone) {
  EXPECT_FALSE(IsGone(header_));
  header_.host_status = 0x08;
  EXPECT_FALSE(IsGone(header_));
  header_.host_status = 0x01;
  EXPECT_TRUE(IsGone(header_));
}

}  // namespace
}  // namespace carousel::scsi
