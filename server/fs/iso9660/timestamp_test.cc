#include "server/fs/iso9660/timestamp.h"

#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace carousel::iso9660 {
namespace {

using testing::Optional;

std::optional<int64_t> Short(std::vector<uint8_t> bytes) { return DecodeShortTime(bytes.data()); }

std::optional<int64_t> Long(const char* digits, int8_t offset) {
  uint8_t bytes[kLongTimeBytes];
  std::memcpy(bytes, digits, 16);
  bytes[16] = static_cast<uint8_t>(offset);
  return DecodeLongTime(bytes);
}

TEST(DecodeShortTime, AgreesWithTheCalendarOnEveryDayOfEveryYear) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  for (absl::CivilDay day(1900, 1, 1); day <= absl::CivilDay(2155, 12, 31); ++day) {
    const absl::CivilSecond civil(day.year(), day.month(), day.day(), 23, 59, 58);
    ASSERT_THAT(Short({static_cast<uint8_t>(day.year() - 1900), static_cast<uint8_t>(day.month()),
                       static_cast<uint8_t>(day.day()), 23, 59, 58, 0}),
                Optional(100 * absl::ToUnixSeconds(absl::FromCivil(civil, utc))))
        << day;
  }
}

TEST(DecodeShortTime, CountsZonesInQuartersOfAnHour) {
  EXPECT_THAT(Short({70, 1, 1, 1, 0, 0, 4}), Optional(0));
  EXPECT_THAT(Short({69, 12, 31, 12, 0, 0, 0xD0}), Optional(0));  // -48
  EXPECT_THAT(Short({70, 1, 1, 13, 0, 0, 52}), Optional(0));
  EXPECT_THAT(Short({70, 1, 1, 0, 0, 1, 53}), Optional(100));  // no zone
}

TEST(DecodeShortTime, GivesNothingForWhatIsNoTime) {
  EXPECT_FALSE(Short({0, 0, 0, 0, 0, 0, 0}).has_value());
  EXPECT_FALSE(Short({100, 13, 1, 0, 0, 0, 0}).has_value());
  EXPECT_FALSE(Short({100, 1, 32, 0, 0, 0, 0}).has_value());
  EXPECT_FALSE(Short({100, 1, 1, 24, 0, 0, 0}).has_value());
  EXPECT_FALSE(Short({100, 1, 1, 0, 60, 0, 0}).has_value());
  EXPECT_FALSE(Short({100, 1, 1, 0, 0, 61, 0}).has_value());
}

TEST(DecodeLongTime, ReadsHundredthsAndZones) {
  EXPECT_THAT(Long("2023111422132042", 0), Optional(170'000'000'042));
  EXPECT_THAT(Long("2023111423132042", 4), Optional(170'000'000'042));
  EXPECT_THAT(Long("0001010100000000", 0), Optional(-6'213'559'680'000));
  EXPECT_THAT(Long("9999123123595999", 0), Optional(25'340'230'079'999));
}

TEST(DecodeLongTime, GivesNothingForWhatIsNoTime) {
  EXPECT_FALSE(Long("0000000000000000", 0).has_value());
  EXPECT_FALSE(Long("2023111422132x42", 0).has_value());
  EXPECT_FALSE(Long("2023\0\0\0\0\0\0\0\0\0\0\0\0", 0).has_value());
}

TEST(EncodeShortTime, IsReadAsTheSameSecondOnEveryDayOfEveryYear) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  for (absl::CivilDay day(1900, 1, 1); day <= absl::CivilDay(2155, 12, 31); ++day) {
    const int64_t time = 100 * (absl::ToUnixSeconds(absl::FromCivil(day, utc)) + 86'399) + 99;
    uint8_t bytes[kShortTimeBytes];
    EncodeShortTime(time, bytes);
    ASSERT_TRUE(FitsShortTime(time));
    ASSERT_THAT(DecodeShortTime(bytes), Optional(time - 99)) << day;
  }
}

TEST(EncodeShortTime, TakesTheNearestYearThatItHas) {
  uint8_t bytes[kShortTimeBytes];
  const auto year_of = [&](absl::CivilSecond time) {
    const int64_t hundredths =
        100 * absl::ToUnixSeconds(absl::FromCivil(time, absl::UTCTimeZone()));
    EXPECT_FALSE(FitsShortTime(hundredths));
    EncodeShortTime(hundredths, bytes);
    return 1900 + bytes[0];
  };
  EXPECT_EQ(year_of(absl::CivilSecond(1899, 12, 31, 23, 59, 59)), 1900);
  EXPECT_EQ(year_of(absl::CivilSecond(2156, 1, 1)), 2155);
}

TEST(EncodeLongTime, IsReadAsTheSameHundredth) {
  for (const int64_t time : {int64_t{0}, int64_t{-1}, int64_t{170'000'000'042},
                             int64_t{-5'000'000'000'001}, int64_t{20'000'000'000'099}}) {
    uint8_t bytes[kLongTimeBytes];
    EncodeLongTime(time, bytes);
    EXPECT_THAT(DecodeLongTime(bytes), Optional(time));
  }
}

TEST(EncodeLongTime, TakesTheNearestYearThatItHas) {
  uint8_t bytes[kLongTimeBytes];
  EncodeLongTime(std::numeric_limits<int64_t>::max(), bytes);
  EXPECT_EQ(std::string(bytes, bytes + 16), "9999123123595999");
  EncodeLongTime(std::numeric_limits<int64_t>::min(), bytes);
  EXPECT_EQ(std::string(bytes, bytes + 16), "0001010100000000");
}

}  // namespace
}  // namespace carousel::iso9660
