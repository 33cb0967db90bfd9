#include "server/uploads/upload_rates.h"

#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"

namespace carousel {
namespace {

constexpr int64_t kRate = 1'000'000;

class UploadRatesTest : public testing::Test {
 protected:
  FakeClock clock_;
  UploadRates rates_{kRate, &clock_};
};

TEST_F(UploadRatesTest, ASecondsBytesComeAtOnce) {
  EXPECT_EQ(rates_.Charge("a", kRate / 2), absl::ZeroDuration());
  EXPECT_EQ(rates_.Charge("a", kRate / 2), absl::ZeroDuration());
}

TEST_F(UploadRatesTest, WhatIsMoreWaitsForAsLongAsTheRateTakes) {
  rates_.Charge("a", kRate);
  EXPECT_EQ(rates_.Charge("a", kRate / 4), absl::Milliseconds(250));
  EXPECT_EQ(rates_.Charge("a", kRate / 4), absl::Milliseconds(500));
}

TEST_F(UploadRatesTest, TimeGivesTheBytesBackUpToASecondsWorth) {
  rates_.Charge("a", kRate);
  clock_.Advance(absl::Milliseconds(500));
  EXPECT_EQ(rates_.Charge("a", kRate), absl::Milliseconds(500));
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(rates_.Charge("a", kRate), absl::ZeroDuration());
  EXPECT_EQ(rates_.Charge("a", kRate), absl::Seconds(1));
}

TEST_F(UploadRatesTest, OnePrincipalDoesNotWaitForAnother) {
  rates_.Charge("a", 10 * kRate);
  EXPECT_EQ(rates_.Charge("b", kRate), absl::ZeroDuration());
}

TEST_F(UploadRatesTest, WithoutARateNobodyWaits) {
  UploadRates unlimited(0, &clock_);
  EXPECT_EQ(unlimited.Charge("a", size_t{1} << 40), absl::ZeroDuration());
}

}  // namespace
}  // namespace carousel
