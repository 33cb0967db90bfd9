#include "server/fs/iso9660/timestamp.h"

#include <algorithm>

namespace carousel::iso9660 {
namespace {

constexpr int kFirstYear = 1900;      // clause 9.1.5, position 1
constexpr int kOffsetUnit = 15 * 60;  // seconds
constexpr int kMinOffset = -48;       // 12 hours west
constexpr int kMaxOffset = 52;        // 13 hours east
constexpr int64_t kHundredths = 100;
constexpr int kDaysPerEra = 146'097;   // of 400 Gregorian years
constexpr int kDaysToEpoch = 719'468;  // from 0000-03-01 to 1970-01-01

struct Civil {
  int year, month, day, hour, minute, second;
};

bool IsTime(const Civil& t) {
  return t.month >= 1 && t.month <= 12 && t.day >= 1 && t.day <= 31 && t.hour <= 23 &&
         t.minute <= 59 && t.second <= 60;  // a leap second
}

// Days since 1970-01-01 of a date of the Gregorian calendar, with years that begin in March.
int64_t DaysOf(const Civil& t) {
  const int64_t year = t.year - (t.month <= 2 ? 1 : 0);
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (t.month + (t.month > 2 ? -3 : 9)) + 2) / 5 + t.day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - kDaysToEpoch;
}

// `offset` is the recorded one, in quarters of an hour; one that is no zone counts as none.
int64_t SecondsOf(const Civil& t, uint8_t offset) {
  const int quarters = static_cast<int8_t>(offset);
  const int seconds = quarters >= kMinOffset && quarters <= kMaxOffset ? quarters * kOffsetUnit : 0;
  return DaysOf(t) * 86'400 + t.hour * 3600 + t.minute * 60 + t.second - seconds;
}

// `count` decimal digits; -1 if there is another character.
int Digits(const uint8_t* p, int count) {
  int value = 0;
  for (int i = 0; i < count; ++i) {
    if (p[i] < '0' || p[i] > '9') return -1;
    value = value * 10 + (p[i] - '0');
  }
  return value;
}

}  // namespace

std::optional<int64_t> DecodeShortTime(const uint8_t* p) {
  const Civil time = {kFirstYear + p[0], p[1], p[2], p[3], p[4], p[5]};
  if (!IsTime(time)) return std::nullopt;
  return SecondsOf(time, p[6]) * kHundredths;
}

std::optional<int64_t> DecodeLongTime(const uint8_t* p) {
  const Civil time = {Digits(p, 4),     Digits(p + 4, 2),  Digits(p + 6, 2),
                      Digits(p + 8, 2), Digits(p + 10, 2), Digits(p + 12, 2)};
  const int hundredths = Digits(p + 14, 2);
  const bool digits = std::min({time.year, time.hour, time.minute, time.second, hundredths}) >= 0;
  if (!digits || !IsTime(time)) return std::nullopt;
  return SecondsOf(time, p[16]) * kHundredths + hundredths;
}

}  // namespace carousel::iso9660
