#include "hal/drive/burn_status.h"

#include <cstdint>
#include <type_traits>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

using scsi::SenseKey;

absl::Status Error(SenseKey key, uint8_t asc, uint8_t ascq) {
  return scsi::SenseStatus(scsi::Sense{.key = key, .asc = asc, .ascq = ascq},
                           scsi::opcode::kWrite10, "drive");
}

TEST(BurnStatusTest, IsNoStatusThatACallerMayRetryBy) {
  EXPECT_FALSE((std::is_convertible_v<BurnStatus, absl::Status>));
  EXPECT_FALSE((std::is_convertible_v<absl::Status, BurnStatus>));
}

TEST(BurnStatusTest, IsNeverUnavailableHoweverItIsMade) {
  const absl::Status busy = Error(SenseKey::kNotReady, 0x04, 0x08);
  ASSERT_THAT(busy, StatusIs(absl::StatusCode::kUnavailable));
  for (const BurnStatus& status :
       {BurnStatus::Refused(busy), BurnStatus::InDoubt(busy), BurnStatus::FromError(busy)}) {
    EXPECT_THAT(status.status(), StatusIs(absl::StatusCode::kAborted));
    EXPECT_EQ(scsi::GetSense(status.status())->sense.ToString(), "2/04/08");
    EXPECT_EQ(status.status().message(), busy.message());
  }
}

TEST(BurnStatusTest, WhatADriveRefusesLeavesTheDiscAsItWas) {
  for (const absl::Status& error :
       {Error(SenseKey::kIllegalRequest, 0x21, 0x02), Error(SenseKey::kIllegalRequest, 0x72, 0x03),
        Error(SenseKey::kDataProtect, 0x27, 0x00), Error(SenseKey::kNotReady, 0x3A, 0x00),
        absl::InvalidArgumentError("a size"), absl::FailedPreconditionError("reserved")}) {
    EXPECT_EQ(BurnStatus::FromError(error).effect(), DiscEffect::kNone) << error;
    EXPECT_EQ(BurnStatus::FromError(error, Sectors(32)).effect(), DiscEffect::kPartly) << error;
  }
}

TEST(BurnStatusTest, WhateverElseComesLeavesTheDiscInDoubt) {
  for (const absl::Status& error :
       {Error(SenseKey::kMediumError, 0x0C, 0x00), Error(SenseKey::kUnitAttention, 0x29, 0x00),
        Error(SenseKey::kHardwareError, 0x09, 0x00), Error(SenseKey::kAbortedCommand, 0x08, 0x00),
        Error(SenseKey::kIllegalRequest, 0x63, 0x00), absl::DeadlineExceededError("no answer"),
        absl::UnavailableError("the host adapter failed"), absl::AbortedError("TASK ABORTED")}) {
    EXPECT_EQ(BurnStatus::FromError(error).effect(), DiscEffect::kUnknown) << error;
  }
}

TEST(BurnStatusTest, OnlyTheInvalidAddressForWriteIsTheAlarm) {
  EXPECT_TRUE(BurnStatus::FromError(Error(SenseKey::kIllegalRequest, 0x21, 0x02)).wrong_address());
  EXPECT_FALSE(BurnStatus::FromError(Error(SenseKey::kIllegalRequest, 0x21, 0x00)).wrong_address());
  EXPECT_FALSE(BurnStatus::Done().wrong_address());
}

TEST(BurnStatusTest, WhatIsDoneSaysHowMuch) {
  const BurnStatus done = BurnStatus::Done(Sectors(32));
  EXPECT_TRUE(done.ok());
  EXPECT_EQ(done.effect(), DiscEffect::kDone);
  EXPECT_EQ(done.taken(), Sectors(32));
}

}  // namespace
}  // namespace carousel
