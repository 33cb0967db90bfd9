#include "server/fs/iso9660/timestamp.h"

#include <algorithm>

namespace carousel::iso9660 {
namespace {

constexpr int kFirstYear = 1900;                 // clause 9.1.5, position 1
constexpr int64_t kFirstShort = -2'208'988'800;  // 1900-01-01 00:00:00
constexpr int64_t kLastShort = 5'869'583'999;    // 2155-12-31 23:59:59
constexpr int64_t kFirstLong = -62'135'596'800;  // 0001-01-01 00:00:00
constexpr int64_t kLastLong = 253'402'300'799;   // 9999-12-31 23:59:59
constexpr int kOffsetUnit = 15 * 60;             // seconds
constexpr int kMinOffset = -48;                  // 12 hours west
constexpr int kMaxOffset = 52;                   // 13 hours east
constexpr int64_t kHundredths = 100;
constexpr int64_t kSecondsPerDay = 86'400;
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
  return DaysOf(t) * kSecondsPerDay + t.hour * 3600 + t.minute * 60 + t.second - seconds;
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

// The other way round: the civil time in Greenwich of `seconds` since the Unix epoch.
Civil CivilOf(int64_t seconds) {
  int64_t days = seconds / kSecondsPerDay;
  int64_t rest = seconds % kSecondsPerDay;
  if (rest < 0) {
    rest += kSecondsPerDay;
    --days;
  }
  const int64_t shifted = days + kDaysToEpoch;
  const int64_t era = (shifted >= 0 ? shifted : shifted - (kDaysPerEra - 1)) / kDaysPerEra;
  const int64_t day_of_era = shifted - era * kDaysPerEra;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / (kDaysPerEra - 1)) / 365;
  const int64_t day_of_year =
      day_of_era - (year_of_era * 365 + year_of_era / 4 - year_of_era / 100);
  const int month_from_march = static_cast<int>((5 * day_of_year + 2) / 153);
  const int month = month_from_march + (month_from_march < 10 ? 3 : -9);
  return Civil{.year = static_cast<int>(year_of_era + era * 400 + (month <= 2 ? 1 : 0)),
               .month = month,
               .day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1),
               .hour = static_cast<int>(rest / 3600),
               .minute = static_cast<int>(rest / 60 % 60),
               .second = static_cast<int>(rest % 60)};
}

int64_t SecondsFloor(int64_t hundredths) {
  return hundredths / kHundredths - (hundredths % kHundredths < 0 ? 1 : 0);
}

void StoreDigits(int value, int count, uint8_t* p) {
  for (int i = count - 1; i >= 0; --i, value /= 10) p[i] = static_cast<uint8_t>('0' + value % 10);
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

bool FitsShortTime(int64_t hundredths) {
  const int64_t seconds = SecondsFloor(hundredths);
  return seconds >= kFirstShort && seconds <= kLastShort;
}

void EncodeShortTime(int64_t hundredths, uint8_t* p) {
  const Civil time = CivilOf(std::clamp(SecondsFloor(hundredths), kFirstShort, kLastShort));
  p[0] = static_cast<uint8_t>(time.year - kFirstYear);
  p[1] = static_cast<uint8_t>(time.month);
  p[2] = static_cast<uint8_t>(time.day);
  p[3] = static_cast<uint8_t>(time.hour);
  p[4] = static_cast<uint8_t>(time.minute);
  p[5] = static_cast<uint8_t>(time.second);
  p[6] = 0;
}

void EncodeLongTime(int64_t hundredths, uint8_t* p) {
  const int64_t seconds = std::clamp(SecondsFloor(hundredths), kFirstLong, kLastLong);
  const Civil time = CivilOf(seconds);
  const int64_t rest = std::clamp<int64_t>(hundredths - seconds * kHundredths, 0, kHundredths - 1);
  StoreDigits(time.year, 4, p);
  StoreDigits(time.month, 2, p + 4);
  StoreDigits(time.day, 2, p + 6);
  StoreDigits(time.hour, 2, p + 8);
  StoreDigits(time.minute, 2, p + 10);
  StoreDigits(time.second, 2, p + 12);
  StoreDigits(static_cast<int>(rest), 2, p + 14);
  p[16] = 0;
}

}  // namespace carousel::iso9660
