#include "hal/base/types.h"

#include <type_traits>

#include "gtest/gtest.h"

namespace carousel {
namespace {

TEST(TypesTest, APartOfASectorCountsAsOne) {
  EXPECT_EQ(Sectors::Holding(0), Sectors(0));
  EXPECT_EQ(Sectors::Holding(1), Sectors(1));
  EXPECT_EQ(Sectors::Holding(2048), Sectors(1));
  EXPECT_EQ(Sectors::Holding(2049), Sectors(2));
}

TEST(TypesTest, AnAddressPlusACountIsAnAddressAndTwoAddressesDifferByACount) {
  EXPECT_EQ(Lba(16) + Sectors(4), Lba(20));
  EXPECT_EQ(Lba(20) - Lba(16), Sectors(4));
  EXPECT_FALSE((std::is_constructible_v<Lba, Sectors>));
  EXPECT_FALSE((std::is_convertible_v<int, Lba>));
  EXPECT_FALSE((std::is_same_v<TrackNumber, SessionNumber>));
}

TEST(TypesTest, RoundUpStaysOnAMultipleAndMovesToTheNextOtherwise) {
  EXPECT_EQ(RoundUp(Lba(64), Sectors(32)), Lba(64));
  EXPECT_EQ(RoundUp(Lba(65), Sectors(32)), Lba(96));
  EXPECT_EQ(RoundUp(Lba(0), Sectors(32)), Lba(0));
}

}  // namespace
}  // namespace carousel
