#include "hal/mmc/read_buffer_capacity.h"

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(ReadBufferCapacityTest, TheCommandIsReadBackByTheDevice) {
  std::vector<uint8_t> buffer(kBufferCapacitySize);
  const scsi::Command command =
      MakeCommand(ReadBufferCapacityCdb{.in_blocks = true}, absl::MakeSpan(buffer));
  EXPECT_THAT(DecodeReadBufferCapacityCdb(command.cdb),
              IsOkAndHolds(ReadBufferCapacityCdb{.in_blocks = true, .allocation_length = 12}));
  EXPECT_THAT(DecodeReadBufferCapacityCdb(std::vector<uint8_t>(10)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ReadBufferCapacityTest, ValuesSurviveARoundTrip) {
  const BufferCapacity capacity{.length = 0x0040'0000, .available = 0x0010'0000};
  EXPECT_THAT(DecodeBufferCapacity(EncodeBufferCapacity(capacity)), IsOkAndHolds(capacity));
  EXPECT_EQ(capacity.length_bytes(), 4'194'304);
  EXPECT_EQ(capacity.available_bytes(), 1'048'576);
}

TEST(ReadBufferCapacityTest, TheUnitIsTheOneThatTheDriveNames) {
  ASSERT_OK_AND_ASSIGN(const BufferCapacity capacity, DecodeBufferCapacity(std::vector<uint8_t>{
                                                          0, 10, 0, 1, 0, 0, 8, 0, 0, 0, 4, 0}));
  EXPECT_EQ(capacity.length_bytes(), 4'194'304);
  EXPECT_EQ(capacity.available_bytes(), 2'097'152);
}

TEST(ReadBufferCapacityTest, MoreIsNotFreeThanThereIs) {
  const BufferCapacity capacity{.in_blocks = true, .length = 4, .available = 0xFFFFFFFF};
  EXPECT_EQ(capacity.available_bytes(), 8'192);
}

TEST(ReadBufferCapacityTest, AShortAnswerIsRefused) {
  EXPECT_THAT(DecodeBufferCapacity(std::vector<uint8_t>(12)), StatusIs(absl::StatusCode::kInternal))
      << "it announces two bytes";
  EXPECT_THAT(DecodeBufferCapacity({}), StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace carousel::mmc
