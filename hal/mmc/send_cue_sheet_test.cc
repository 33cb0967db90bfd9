#include "hal/mmc/send_cue_sheet.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(SendCueSheetTest, TheCommandIsReadBackByTheDevice) {
  const std::vector<uint8_t> sheet(32);
  const scsi::Command command = MakeCommand(SendCueSheetCdb{}, sheet);
  EXPECT_EQ(command.cdb[8], 32);
  EXPECT_EQ(command.data_out.size(), 32u);
  EXPECT_THAT(DecodeSendCueSheetCdb(command.cdb),
              IsOkAndHolds(SendCueSheetCdb{.cue_sheet_size = 32}));
  EXPECT_THAT(DecodeSendCueSheetCdb(std::vector<uint8_t>(10, 0x5C)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(SendCueSheetTest, ADataSessionHasFourLines) {
  // As burners send it: lead-in, pause, track 1 at 2 s, lead-out.
  EXPECT_EQ(EncodeCueSheet(DataSessionCueSheet(Lba(75 * 60 + 1))),
            (std::vector<uint8_t>{0x41, 0x00, 0x00, 0x14, 0x00, 0, 0, 0,  //
                                  0x41, 0x01, 0x00, 0x10, 0x00, 0, 0, 0,  //
                                  0x41, 0x01, 0x01, 0x10, 0x00, 0, 2, 0,  //
                                  0x41, 0xAA, 0x01, 0x14, 0x00, 1, 2, 1}));
}

TEST(SendCueSheetTest, EveryFieldSurvivesARoundTrip) {
  const std::vector<CueLine> lines = {{.control = 0xF,
                                       .adr = 3,
                                       .track = 99,
                                       .index = 7,
                                       .data_form = 0x21,
                                       .scms = 0x80,
                                       .start = Lba(359'844)}};
  EXPECT_THAT(DecodeCueSheet(EncodeCueSheet(lines)), IsOkAndHolds(lines));
}

TEST(SendCueSheetTest, AddressesThatNoCdHasStayWithinTheFields) {
  const std::vector<uint8_t> bytes =
      EncodeCueSheet(std::vector<CueLine>{{.start = Lba(-151)}, {.start = Lba(int64_t{1} << 40)}});
  EXPECT_EQ(bytes[5], 0);
  EXPECT_EQ(bytes[7], 0);
  EXPECT_EQ(bytes[13], 255);
  EXPECT_EQ(bytes[15], 74);
}

TEST(SendCueSheetTest, ASheetThatIsNoneIsRefused) {
  EXPECT_THAT(DecodeCueSheet(std::vector<uint8_t>(9)), StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(DecodeCueSheet(std::vector<uint8_t>{0x41, 1, 1, 0x10, 0, 0, 60, 0}),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(DecodeCueSheet(std::vector<uint8_t>{0x41, 1, 1, 0x10, 0, 0, 0, 75}),
              StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace carousel::mmc
