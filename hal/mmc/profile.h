// MMC profiles: what kind of medium a drive takes the loaded disc for (MMC-6 table 94).
#ifndef HAL_MMC_PROFILE_H_
#define HAL_MMC_PROFILE_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace carousel::mmc {

// Values come from drives: any 16-bit number may appear, not only the named ones.
enum class Profile : uint16_t {
  kNone = 0x0000,
  kRemovableDisk = 0x0002,
  kCdRom = 0x0008,
  kCdR = 0x0009,
  kCdRw = 0x000A,
  kDvdRom = 0x0010,
  kDvdR = 0x0011,
  kDvdRam = 0x0012,
  kDvdRwRestrictedOverwrite = 0x0013,
  kDvdRwSequential = 0x0014,
  kDvdRDualLayer = 0x0015,
  kDvdPlusRw = 0x001A,
  kDvdPlusR = 0x001B,
  kDvdPlusRwDualLayer = 0x002A,
  kDvdPlusRDualLayer = 0x002B,
  kBdRom = 0x0040,
  kBdRSequential = 0x0041,  // SRM, with or without pseudo-overwrite
  kBdRRandom = 0x0042,      // RRM
  kBdRe = 0x0043,
};

// "DVD+R", "BD-RE", …; "unknown profile" for a number without a name.
absl::string_view ProfileName(Profile profile);

// Every block can be written again in place: DVD-RAM, DVD+RW, DVD-RW restricted overwrite, BD-RE,
// removable disk.
bool IsOverwritable(Profile profile);

// -ROM profiles, which no drive writes.
bool IsReadOnly(Profile profile);

// CD profiles, with their gaps, run-out blocks and lead-ins.
bool IsCd(Profile profile);

}  // namespace carousel::mmc

#endif  // HAL_MMC_PROFILE_H_
