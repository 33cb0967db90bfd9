// Times as ISO 9660 counts them.
#ifndef SERVER_MASTERING_HUNDREDTHS_H_
#define SERVER_MASTERING_HUNDREDTHS_H_

#include <cstdint>

#include "absl/time/time.h"

namespace carousel::mastering {

// Hundredths of a second since the Unix epoch, rounded down.
inline int64_t Hundredths(absl::Time time) {
  const int64_t millis = absl::ToUnixMillis(time);
  return millis / 10 - (millis % 10 < 0 ? 1 : 0);
}

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_HUNDREDTHS_H_
