#include "hal/mmc/read_disc_structure.h"

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(ReadDiscStructureTest, TheCommandIsReadBackByTheDevice) {
  std::vector<uint8_t> buffer(8);
  const ReadDiscStructureCdb cdb{
      .media_type = 1, .address = 7, .layer = 1, .format = kWriteProtectionStatus};
  const scsi::Command command = MakeCommand(cdb, absl::MakeSpan(buffer));
  EXPECT_EQ(command.cdb_size, 12);
  ReadDiscStructureCdb expected = cdb;
  expected.allocation_length = 8;
  EXPECT_THAT(DecodeReadDiscStructureCdb(command.cdb), IsOkAndHolds(expected));
}

TEST(ReadDiscStructureTest, ThePhysicalFormatOfADualLayerDiscSurvivesARoundTrip) {
  const PhysicalFormat format{.book_type = 0xE,
                              .part_version = 1,
                              .maximum_rate = 2,
                              .layers = 2,
                              .opposite_track_path = true,
                              .layer_type = 2,
                              .linear_density = 1,
                              .start_sector = 0x30000,
                              .end_sector = 0xFCFFFF,
                              .layer0_end_sector = 0x22D7FF};
  EXPECT_THAT(DecodePhysicalFormat(EncodePhysicalFormat(format)), IsOkAndHolds(format));
}

TEST(ReadDiscStructureTest, WriteProtectionHasOneBitEachReason) {
  const std::vector<uint8_t> cartridge = {0, 6, 0, 0, 0x04, 0, 0, 0};
  ASSERT_OK_AND_ASSIGN(const WriteProtection protection, DecodeWriteProtection(cartridge));
  EXPECT_EQ(protection, WriteProtection{.cartridge = true});
  EXPECT_TRUE(protection.any());
  EXPECT_EQ(EncodeWriteProtection(protection), cartridge);
}

TEST(ReadDiscStructureTest, ShortAnswersAreRefused) {
  EXPECT_THAT(DecodeWriteProtection(std::vector<uint8_t>{0, 2, 0, 0}),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(DecodePhysicalFormat(std::vector<uint8_t>{0, 6, 0, 0, 0x04, 0, 0, 0}),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(DecodeDiscStructure(std::vector<uint8_t>{0, 2, 0, 0}), IsOkAndHolds(DiscStructure{}));
}

}  // namespace
}  // namespace carousel::mmc
