// Speeds: sectors a second as the domain counts, and 1,000 bytes a second as commands count.
#ifndef HAL_MMC_SPEED_H_
#define HAL_MMC_SPEED_H_

#include <compare>
#include <cstdint>

#include "hal/mmc/profile.h"

namespace carousel::mmc {

// User data (IMAPI: 1x is 75 on CD, 680 on DVD, 2,195 on BD).
class SectorsPerSecond {
 public:
  constexpr SectorsPerSecond() = default;
  constexpr explicit SectorsPerSecond(int64_t sectors) : sectors_(sectors) {}
  constexpr int64_t value() const { return sectors_; }
  constexpr auto operator<=>(const SectorsPerSecond&) const = default;

 private:
  int64_t sectors_ = 0;
};

// SET CD SPEED, SET STREAMING, GET PERFORMANCE and mode page 2Ah; on CD of sectors of 2,352 bytes.
class KilobytesPerSecond {
 public:
  constexpr KilobytesPerSecond() = default;
  constexpr explicit KilobytesPerSecond(uint32_t kilobytes) : kilobytes_(kilobytes) {}
  constexpr uint32_t value() const { return kilobytes_; }
  constexpr auto operator<=>(const KilobytesPerSecond&) const = default;

 private:
  uint32_t kilobytes_ = 0;
};

// Rounds down.
SectorsPerSecond ToSectors(KilobytesPerSecond speed, Profile profile);
// The largest that ToSectors makes `speed` of: a drive takes the nearest of its speeds that is not
// above what it is asked for. At most FFFFFFFFh; 0 for a negative speed.
KilobytesPerSecond ToKilobytes(SectorsPerSecond speed, Profile profile);

}  // namespace carousel::mmc

#endif  // HAL_MMC_SPEED_H_
