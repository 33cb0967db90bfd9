// How a FileTree keeps times: units of 100 ns since the Unix epoch, the resolution of IMAPI's and
// finer than ISO 9660's; the years 1 to 9999 of ECMA-119 8.4.26.1 fit.
#ifndef SERVER_IMAGE_FILE_TREE_TIME_H_
#define SERVER_IMAGE_FILE_TREE_TIME_H_

#include <cstdint>

#include "absl/time/time.h"

namespace carousel {

inline constexpr absl::Duration kFileTreeTick = absl::Nanoseconds(100);

// Rounds down; saturates.
inline int64_t ToTicks(absl::Time time) {
  absl::Duration rest;
  const int64_t ticks = absl::IDivDuration(time - absl::UnixEpoch(), kFileTreeTick, &rest);
  return rest < absl::ZeroDuration() ? ticks - 1 : ticks;
}

inline absl::Time FromTicks(int64_t ticks) { return absl::UnixEpoch() + ticks * kFileTreeTick; }

}  // namespace carousel

#endif  // SERVER_IMAGE_FILE_TREE_TIME_H_
