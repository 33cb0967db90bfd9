// Times of ISO 9660: 7 bytes in directory records (ECMA-119 clause 9.1.5), 17 digits in volume
// descriptors (clause 8.4.26.1); Rock Ridge uses both. Each has its own offset from Greenwich.
#ifndef SERVER_FS_ISO9660_TIMESTAMP_H_
#define SERVER_FS_ISO9660_TIMESTAMP_H_

#include <cstdint>
#include <optional>

namespace carousel::iso9660 {

inline constexpr int kShortTimeBytes = 7;
inline constexpr int kLongTimeBytes = 17;

// Hundredths of a second since the Unix epoch; nothing if no time is recorded (all zero) or it is
// no time. `p` points at as many bytes as the form has.
std::optional<int64_t> DecodeShortTime(const uint8_t* p);
std::optional<int64_t> DecodeLongTime(const uint8_t* p);

// The other way round, always with offset 0; what is beyond the form's years (1900 to 2155, 1 to
// 9999) becomes the nearest time that is not. The short form rounds down to a second.
void EncodeShortTime(int64_t hundredths, uint8_t* p);
void EncodeLongTime(int64_t hundredths, uint8_t* p);
// Whether the short form has the time's year.
bool FitsShortTime(int64_t hundredths);

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_TIMESTAMP_H_
