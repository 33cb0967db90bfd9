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

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_TIMESTAMP_H_
