#include "hal/mmc/speed.h"

#include <algorithm>

namespace carousel::mmc {
namespace {

constexpr int64_t kKilobyte = 1000;
constexpr int64_t kSector = 2048;
constexpr int64_t kRawCdSector = 2352;
constexpr int64_t kMost = 0xFFFFFFFF;

int64_t SectorSize(Profile profile) { return IsCd(profile) ? kRawCdSector : kSector; }

}  // namespace

SectorsPerSecond ToSectors(KilobytesPerSecond speed, Profile profile) {
  return SectorsPerSecond(speed.value() * kKilobyte / SectorSize(profile));
}

KilobytesPerSecond ToKilobytes(SectorsPerSecond speed, Profile profile) {
  if (speed < SectorsPerSecond(0)) return KilobytesPerSecond(0);
  const int64_t sectors = std::min(speed.value(), kMost);
  const int64_t kilobytes = ((sectors + 1) * SectorSize(profile) - 1) / kKilobyte;
  return KilobytesPerSecond(static_cast<uint32_t>(std::min(kilobytes, kMost)));
}

}  // namespace carousel::mmc
