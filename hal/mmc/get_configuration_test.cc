#include "hal/mmc/get_configuration.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/mmc/profile.h"
#include "hal/scsi/command.h"

namespace carousel::mmc {
namespace {

Configuration DvdPlusR() {
  return {.current_profile = Profile::kDvdPlusR,
          .features = {
              {.code = feature::kProfileList,
               .version = 0,
               .persistent = true,
               .current = true,
               .data = EncodeProfileList(
                   std::vector<ProfileEntry>{{Profile::kDvdPlusR, true}, {Profile::kCdR, false}})},
              {.code = feature::kDvdPlusR, .version = 1, .current = true, .data = {1, 0, 0, 0}},
              {.code = feature::kCdTrackAtOnce, .version = 2}}};
}

TEST(GetConfigurationTest, TheCommandIsReadBackByTheDevice) {
  std::vector<uint8_t> buffer(0x20000);
  const scsi::Command command = MakeCommand(
      GetConfigurationCdb{.requested = FeaturesRequested::kOne, .starting_feature = 0x2B},
      absl::MakeSpan(buffer));
  EXPECT_THAT(DecodeGetConfigurationCdb(command.cdb),
              IsOkAndHolds(GetConfigurationCdb{.requested = FeaturesRequested::kOne,
                                               .starting_feature = 0x2B,
                                               .allocation_length = 0xFFFF}));
}

TEST(GetConfigurationTest, ProfileAndFeaturesSurviveARoundTrip) {
  ASSERT_OK_AND_ASSIGN(const Configuration decoded,
                       DecodeConfiguration(EncodeConfiguration(DvdPlusR())));
  EXPECT_EQ(decoded, DvdPlusR());
  ASSERT_NE(decoded.Find(feature::kDvdPlusR), nullptr);
  EXPECT_TRUE(decoded.Find(feature::kDvdPlusR)->current);
  EXPECT_EQ(decoded.Find(feature::kBdWrite), nullptr);
  EXPECT_THAT(DecodeProfileList(decoded.Find(feature::kProfileList)->data),
              testing::ElementsAre(ProfileEntry{Profile::kDvdPlusR, true},
                                   ProfileEntry{Profile::kCdR, false}));
}

TEST(GetConfigurationTest, AHeaderAloneGivesTheProfile) {
  // What a drive sends for an allocation length of 8: the announced length is that of everything.
  const std::vector<uint8_t> bytes = {0, 0, 2, 0x20, 0, 0, 0, 0x41};
  ASSERT_OK_AND_ASSIGN(const Configuration decoded, DecodeConfiguration(bytes));
  EXPECT_EQ(decoded.current_profile, Profile::kBdRSequential);
  EXPECT_TRUE(decoded.features.empty());
}

TEST(GetConfigurationTest, LengthsThatLieAreCut) {
  std::vector<uint8_t> bytes = EncodeConfiguration(DvdPlusR());
  bytes[0] = 0xFF;  // four gigabytes announced
  EXPECT_THAT(DecodeConfiguration(bytes), IsOkAndHolds(DvdPlusR()));
  bytes[0] = 0;
  bytes[3] -= 4;  // the last feature is behind the announced end
  ASSERT_OK_AND_ASSIGN(const Configuration shorter, DecodeConfiguration(bytes));
  EXPECT_EQ(shorter.features.size(), 2u);
  bytes[bytes.size() - 5 - 4] = 0xFF;
  EXPECT_THAT(DecodeConfiguration(bytes), IsOk());
  EXPECT_THAT(DecodeConfiguration(std::vector<uint8_t>{0, 0, 0, 4, 0, 0, 0}),
              StatusIs(absl::StatusCode::kInternal));
}

TEST(GetConfigurationTest, ATrayMovesBothWaysUnlessTheDriveSaysThatItDoesNot) {
  const auto decode = [](uint8_t version, std::vector<uint8_t> data) {
    return DecodeRemovableMedium(
        {.code = feature::kRemovableMedium, .version = version, .data = std::move(data)});
  };
  EXPECT_EQ(decode(2, {0x39, 0, 0, 0}),
            (RemovableMedium{
                .version = 2, .mechanism = LoadingMechanism::kTray, .load = true, .eject = true}));
  EXPECT_TRUE(decode(2, {0x39, 0, 0, 0}).moves_tray());
  EXPECT_FALSE(decode(2, {0x29, 0, 0, 0}).moves_tray()) << "it is pushed in by hand";
  EXPECT_TRUE(decode(0, {0x29, 0, 0, 0}).moves_tray());
  EXPECT_FALSE(decode(0, {0x21, 0, 0, 0}).moves_tray()) << "it does not eject";
  EXPECT_FALSE(decode(2, {0x19, 0, 0, 0}).moves_tray()) << "a slot";
  EXPECT_FALSE(decode(2, {}).moves_tray());
}

}  // namespace
}  // namespace carousel::mmc
