#include "hal/mmc/mode_sense.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

TEST(ModeSenseTest, TheCommandIsReadBackByTheDevice) {
  std::vector<uint8_t> buffer(256);
  const ModeSenseCdb cdb{.control = PageControl::kChangeable, .page = kWriteParametersPage};
  const scsi::Command command = MakeCommand(cdb, absl::MakeSpan(buffer));
  ModeSenseCdb expected = cdb;
  expected.allocation_length = 256;
  EXPECT_THAT(DecodeModeSenseCdb(command.cdb), IsOkAndHolds(expected));
}

TEST(ModeSenseTest, BothPagesSurviveARoundTrip) {
  const WriteParameters parameters{.buffer_underrun_free = true,
                                   .write_type = 1,
                                   .multi_session = 3,
                                   .track_mode = 4,
                                   .data_block_type = 8,
                                   .packet_size = 16};
  const Capabilities capabilities{.reads = 0x3B,
                                  .writes = 0x17,
                                  .multi_session = true,
                                  .can_eject = true,
                                  .loading_mechanism = 1,
                                  .maximum_read_speed = 7056,
                                  .buffer_kib = 4096,
                                  .current_read_speed = 7056,
                                  .current_write_speed = 4234,
                                  .write_speeds = {4234, 2822}};
  const ModeData mode{
      .device_specific = 0x80,
      .pages = {EncodeWriteParameters(parameters), EncodeCapabilities(capabilities)}};
  ASSERT_OK_AND_ASSIGN(const ModeData decoded, DecodeModeData(EncodeModeData(mode)));
  EXPECT_EQ(decoded, mode);
  ASSERT_NE(decoded.Find(kWriteParametersPage), nullptr);
  ASSERT_NE(decoded.Find(kCapabilitiesPage), nullptr);
  EXPECT_EQ(decoded.Find(0x01), nullptr);
  EXPECT_THAT(DecodeWriteParameters(*decoded.Find(kWriteParametersPage)), IsOkAndHolds(parameters));
  EXPECT_THAT(DecodeCapabilities(*decoded.Find(kCapabilitiesPage)), IsOkAndHolds(capabilities));
  EXPECT_THAT(DecodeCapabilities(decoded.pages[0]), StatusIs(absl::StatusCode::kInternal));
}

TEST(ModeSenseTest, WhatIsNotAWriteParameterStaysInThePage) {
  const ModePage drives{
      .code = kWriteParametersPage, .savable = true, .data = std::vector<uint8_t>(0x36, 0xFF)};
  const WriteParameters parameters{.write_type = 1, .multi_session = 3, .track_mode = 4};
  ASSERT_OK_AND_ASSIGN(const ModePage changed, WithWriteParameters(drives, parameters));
  EXPECT_THAT(DecodeWriteParameters(changed), IsOkAndHolds(parameters));
  EXPECT_EQ(changed.data[0], 0x81) << "bit 7 is the drive's";
  EXPECT_EQ(changed.data[2], 0xF0);
  EXPECT_EQ(changed.data[4], 0xFF);
  EXPECT_EQ(changed.data[5], 0xC0);
  EXPECT_EQ(changed.data[7], 0xFF);
  EXPECT_EQ(changed.data.size(), 0x36u);
  for (size_t i = 14; i < changed.data.size(); ++i) EXPECT_EQ(changed.data[i], 0xFF) << i;
  EXPECT_THAT(WithWriteParameters({.code = kWriteParametersPage, .data = {1, 2}}, parameters),
              StatusIs(absl::StatusCode::kInternal));
}

TEST(ModeSenseTest, BlockDescriptorsAreSkipped) {
  const std::vector<uint8_t> bytes = {0, 18, 0, 0, 0, 0, 0,    8, 1, 2,
                                      3, 4,  5, 6, 7, 8, 0x1A, 2, 9, 9};
  ASSERT_OK_AND_ASSIGN(const ModeData mode, DecodeModeData(bytes));
  ASSERT_EQ(mode.pages.size(), 1u);
  EXPECT_EQ(mode.pages[0].code, 0x1A);
  const std::vector<uint8_t> lying = {0, 18, 0, 0, 0, 0, 0xFF, 0xFF, 0x1A, 2, 9, 9};
  ASSERT_OK_AND_ASSIGN(const ModeData none, DecodeModeData(lying));
  EXPECT_TRUE(none.pages.empty());
}

TEST(ModeSenseTest, APageThatIsCutIsLeftOut) {
  const std::vector<uint8_t> bytes = {0, 30, 0, 0, 0, 0, 0, 0, 0x2A, 0x40, 1, 2};
  ASSERT_OK_AND_ASSIGN(const ModeData mode, DecodeModeData(bytes));
  EXPECT_TRUE(mode.pages.empty());
}

TEST(ModeSenseTest, AnOlderCapabilitiesPageHasNoWriteSpeeds) {
  const ModePage page{.code = kCapabilitiesPage, .data = std::vector<uint8_t>(18, 1)};
  ASSERT_OK_AND_ASSIGN(const Capabilities capabilities, DecodeCapabilities(page));
  EXPECT_EQ(capabilities.current_write_speed, 0);
  EXPECT_TRUE(capabilities.write_speeds.empty());
}

}  // namespace
}  // namespace carousel::mmc
