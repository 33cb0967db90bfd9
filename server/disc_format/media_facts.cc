#include "server/disc_format/media_facts.h"

namespace carousel {

absl::string_view PhysicalMediaTypeName(PhysicalMediaType type) {
  switch (type) {
    case PhysicalMediaType::kUnknown:
      return "UNKNOWN";
    case PhysicalMediaType::kCdRom:
      return "CDROM";
    case PhysicalMediaType::kCdR:
      return "CDR";
    case PhysicalMediaType::kCdRw:
      return "CDRW";
    case PhysicalMediaType::kDvdRom:
      return "DVDROM";
    case PhysicalMediaType::kDvdRam:
      return "DVDRAM";
    case PhysicalMediaType::kDvdPlusR:
      return "DVDPLUSR";
    case PhysicalMediaType::kDvdPlusRw:
      return "DVDPLUSRW";
    case PhysicalMediaType::kDvdPlusRDualLayer:
      return "DVDPLUSR_DUALLAYER";
    case PhysicalMediaType::kDvdDashR:
      return "DVDDASHR";
    case PhysicalMediaType::kDvdDashRw:
      return "DVDDASHRW";
    case PhysicalMediaType::kDvdDashRDualLayer:
      return "DVDDASHR_DUALLAYER";
    case PhysicalMediaType::kDisk:
      return "DISK";
    case PhysicalMediaType::kDvdPlusRwDualLayer:
      return "DVDPLUSRW_DUALLAYER";
    case PhysicalMediaType::kHdDvdRom:
      return "HDDVDROM";
    case PhysicalMediaType::kHdDvdR:
      return "HDDVDR";
    case PhysicalMediaType::kHdDvdRam:
      return "HDDVDRAM";
    case PhysicalMediaType::kBdRom:
      return "BDROM";
    case PhysicalMediaType::kBdR:
      return "BDR";
    case PhysicalMediaType::kBdRe:
      return "BDRE";
  }
  return "UNKNOWN";
}

std::optional<Lba> MediaFacts::newest_session() const {
  if (start_of_previous >= 0) return Lba(start_of_previous);
  const bool written = present && !physically_blank && !heuristically_blank;
  if (written && multisession_class == MultisessionClass::kOverwritable) return Lba(0);
  return std::nullopt;
}

}  // namespace carousel
