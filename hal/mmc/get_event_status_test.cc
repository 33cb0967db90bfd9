#include "hal/mmc/get_event_status.h"

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(GetEventStatusTest, TheCommandAsksForMediaEventsByPolling) {
  std::vector<uint8_t> buffer(8);
  const scsi::Command command = MakeCommand(GetEventStatusCdb{}, absl::MakeSpan(buffer));
  EXPECT_EQ(command.cdb[1], 1);
  EXPECT_EQ(command.cdb[4], 0x10);
  EXPECT_THAT(DecodeGetEventStatusCdb(command.cdb),
              IsOkAndHolds(GetEventStatusCdb{.allocation_length = 8}));
}

TEST(GetEventStatusTest, ANewMediumIsReported) {
  const std::vector<uint8_t> bytes = {0, 6, 4, 0x10, 2, 2, 0, 0};
  ASSERT_OK_AND_ASSIGN(const EventStatus status, DecodeEventStatus(bytes));
  EXPECT_EQ(status.media, (MediaEvent{.code = MediaEventCode::kNewMedia, .media_present = true}));
  EXPECT_EQ(EncodeEventStatus(status), bytes);
}

TEST(GetEventStatusTest, NoEventOtherClassesAndCutEventsAreNone) {
  for (const std::vector<uint8_t>& bytes :
       {std::vector<uint8_t>{0, 2, 0x80, 0x10}, std::vector<uint8_t>{0, 6, 1, 0x10, 2, 2, 0, 0},
        std::vector<uint8_t>{0, 6, 4, 0x10, 2, 2, 0}}) {
    ASSERT_OK_AND_ASSIGN(const EventStatus status, DecodeEventStatus(bytes));
    EXPECT_FALSE(status.media.has_value());
  }
  EXPECT_THAT(DecodeEventStatus(std::vector<uint8_t>{0, 6, 4}),
              StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace carousel::mmc
