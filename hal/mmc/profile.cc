#include "hal/mmc/profile.h"

namespace carousel::mmc {

absl::string_view ProfileName(Profile profile) {
  switch (profile) {
    case Profile::kNone:
      return "no medium";
    case Profile::kRemovableDisk:
      return "removable disk";
    case Profile::kCdRom:
      return "CD-ROM";
    case Profile::kCdR:
      return "CD-R";
    case Profile::kCdRw:
      return "CD-RW";
    case Profile::kDvdRom:
      return "DVD-ROM";
    case Profile::kDvdR:
      return "DVD-R";
    case Profile::kDvdRam:
      return "DVD-RAM";
    case Profile::kDvdRwRestrictedOverwrite:
      return "DVD-RW restricted overwrite";
    case Profile::kDvdRwSequential:
      return "DVD-RW sequential";
    case Profile::kDvdRDualLayer:
      return "DVD-R DL";
    case Profile::kDvdPlusRw:
      return "DVD+RW";
    case Profile::kDvdPlusR:
      return "DVD+R";
    case Profile::kDvdPlusRwDualLayer:
      return "DVD+RW DL";
    case Profile::kDvdPlusRDualLayer:
      return "DVD+R DL";
    case Profile::kBdRom:
      return "BD-ROM";
    case Profile::kBdRSequential:
      return "BD-R";
    case Profile::kBdRRandom:
      return "BD-R RRM";
    case Profile::kBdRe:
      return "BD-RE";
  }
  return "unknown profile";
}

bool IsOverwritable(Profile profile) {
  switch (profile) {
    case Profile::kRemovableDisk:
    case Profile::kDvdRam:
    case Profile::kDvdRwRestrictedOverwrite:
    case Profile::kDvdPlusRw:
    case Profile::kDvdPlusRwDualLayer:
    case Profile::kBdRe:
      return true;
    default:
      return false;
  }
}

bool IsReadOnly(Profile profile) {
  return profile == Profile::kCdRom || profile == Profile::kDvdRom || profile == Profile::kBdRom;
}

bool IsCd(Profile profile) {
  return profile == Profile::kCdRom || profile == Profile::kCdR || profile == Profile::kCdRw;
}

}  // namespace carousel::mmc
