#include "hal/mmc/speed.h"

#include <cstdint>
#include <limits>
#include <type_traits>

#include "gtest/gtest.h"
#include "hal/mmc/profile.h"

namespace carousel::mmc {
namespace {

TEST(SpeedTest, TheTwoUnitsAreDifferentTypes) {
  EXPECT_FALSE((std::is_convertible_v<int, SectorsPerSecond>));
  EXPECT_FALSE((std::is_convertible_v<int, KilobytesPerSecond>));
  EXPECT_FALSE((std::is_constructible_v<KilobytesPerSecond, SectorsPerSecond>));
}

TEST(SpeedTest, OnCdAKilobyteIsOfRawSectors) {
  EXPECT_EQ(ToSectors(KilobytesPerSecond(177), Profile::kCdR), SectorsPerSecond(75));
  EXPECT_EQ(ToSectors(KilobytesPerSecond(1'385), Profile::kDvdR), SectorsPerSecond(676));
}

TEST(SpeedTest, TheWayBackIsNeverBelowTheDrivesOwnNumber) {
  // Numbers of mode page 2Ah and GET PERFORMANCE: CD 4x to 52x, DVD 1x to 24x, BD 1x to 16x.
  for (const uint32_t speed : {706, 1'411, 2'822, 4'234, 7'056, 8'467, 9'173}) {
    const SectorsPerSecond sectors = ToSectors(KilobytesPerSecond(speed), Profile::kCdRw);
    EXPECT_GE(ToKilobytes(sectors, Profile::kCdRw).value(), speed);
    EXPECT_EQ(ToSectors(ToKilobytes(sectors, Profile::kCdRw), Profile::kCdRw), sectors);
  }
  for (const uint32_t speed : {1'385, 2'770, 5'540, 11'080, 33'240, 4'495, 71'920}) {
    const SectorsPerSecond sectors = ToSectors(KilobytesPerSecond(speed), Profile::kBdRe);
    EXPECT_GE(ToKilobytes(sectors, Profile::kBdRe).value(), speed);
    EXPECT_EQ(ToSectors(ToKilobytes(sectors, Profile::kBdRe), Profile::kBdRe), sectors);
  }
}

TEST(SpeedTest, NumbersThatNoDriveHasStayWithinTheField) {
  EXPECT_EQ(ToKilobytes(SectorsPerSecond(-1), Profile::kBdRe), KilobytesPerSecond(0));
  EXPECT_EQ(ToKilobytes(SectorsPerSecond(std::numeric_limits<int64_t>::max()), Profile::kCdR),
            KilobytesPerSecond(0xFFFFFFFF));
}

}  // namespace
}  // namespace carousel::mmc
