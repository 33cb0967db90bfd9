#include "hal/scsi/sense.h"

#include <array>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel::scsi {
namespace {

TEST(SenseTest, FixedFormatSurvivesARoundTrip) {
  const Sense sense{
      .key = SenseKey::kNotReady, .asc = 0x04, .ascq = 0x07, .progress = 0x1234, .information = 77};
  EXPECT_EQ(DecodeSense(EncodeFixedSense(sense)), sense);
}

TEST(SenseTest, DescriptorFormatGivesKeyInformationAndProgress) {
  const std::vector<uint8_t> bytes = {0x72, 0x02, 0x04, 0x07, 0,    0,    0,    20,              //
                                      0x00, 0x0A, 0x80, 0,    0,    0,    0,    1,  0, 0, 0, 5,  //
                                      0x02, 0x06, 0,    0,    0x80, 0x40, 0x00, 0};
  const Sense sense = DecodeSense(bytes);
  EXPECT_EQ(sense.ToString(), "2/04/07");
  EXPECT_EQ(sense.information, (uint64_t{1} << 32) + 5);
  EXPECT_EQ(sense.progress, 0x4000);
}

TEST(SenseTest, CutOrUnknownSenseIsZeroAndNeverReadBeyond) {
  EXPECT_EQ(DecodeSense({}), Sense());
  EXPECT_EQ(DecodeSense(std::vector<uint8_t>{0x7E, 1, 2, 3}), Sense());
  const Sense cut = DecodeSense(std::vector<uint8_t>{0x70, 0, 0x03});
  EXPECT_EQ(cut.key, SenseKey::kMediumError);
  EXPECT_EQ(cut.asc, 0);
  DecodeSense(std::vector<uint8_t>{0x72, 0, 0, 0, 0, 0, 0, 255, 0x00, 0xFF});
}

TEST(SenseTest, AStatusCarriesTheSenseAndTheOpcode) {
  const Sense sense{.key = SenseKey::kIllegalRequest, .asc = 0x21, .ascq = 0x02};
  const absl::Status status = SenseStatus(sense, 0x2A, "drive 0");
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition,
                               "drive 0: WRITE(10) ended with sense 5/21/02"));
  ASSERT_TRUE(GetSense(status).has_value());
  EXPECT_EQ(GetSense(status)->sense, sense);
  EXPECT_EQ(GetSense(status)->opcode, 0x2A);
  EXPECT_FALSE(GetSense(absl::InternalError("other")).has_value());
}

TEST(SenseTest, OnlyWhatPassesByItselfIsUnavailable) {
  const auto code = [](SenseKey key, uint8_t asc, uint8_t ascq) {
    return SenseStatus(Sense{.key = key, .asc = asc, .ascq = ascq}, 0, "d").code();
  };
  EXPECT_EQ(code(SenseKey::kNotReady, 0x04, 0x01), absl::StatusCode::kUnavailable);
  EXPECT_EQ(code(SenseKey::kNotReady, 0x04, 0x03), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code(SenseKey::kNotReady, 0x3A, 0x00), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code(SenseKey::kMediumError, 0x11, 0x05), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace carousel::scsi
