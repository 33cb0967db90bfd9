#include "hal/virtual_robot/device_answers.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "hal/mmc/get_performance.h"
#include "hal/mmc/inquiry.h"
#include "hal/mmc/mode_sense.h"
#include "hal/mmc/read_disc_structure.h"

namespace carousel::virtual_robot {
namespace {

constexpr uint8_t kSupportedPages = 0x00;      // VPD, SPC-4 7.8.15
constexpr uint8_t kSpc3 = 0x05;                // INQUIRY version
constexpr uint8_t kT10Vendor = 1, kAscii = 2;  // designator type and code set, SPC-4 7.8.6
constexpr uint8_t kTray = 1;                   // loading mechanism
constexpr double kSpeedUnit = 1'000;           // bytes a second
constexpr uint32_t kFirstDvdSector = 0x30000;  // ECMA-267: physical sector number of LBA 0

uint32_t InUnits(double speed, Family family) {
  return static_cast<uint32_t>(std::lround(speed * BaseRate(family) / kSpeedUnit));
}

Family FastestFamily(const DriveType& type) {
  if (type.family(Family::kBd).reads) return Family::kBd;
  return type.family(Family::kDvd).reads ? Family::kDvd : Family::kCd;
}

Reply SupportedPages() {
  return Good({mmc::kDeviceTypeMmc, kSupportedPages, 0, 3, kSupportedPages,
               mmc::kUnitSerialNumberPage, mmc::kDeviceIdentificationPage});
}

mmc::ModePage CapabilitiesPage(const DriveType& type, const Disc* disc, double write_speed,
                               bool locked) {
  const Family family = disc == nullptr ? FastestFamily(type) : FamilyOf(disc->medium->profile);
  const FamilySupport& support = type.family(family);
  mmc::Capabilities page;
  page.reads = 0x03 | (type.family(Family::kDvd).reads ? 0x38 : 0);
  page.writes =
      (type.family(Family::kCd).writes ? 0x07 : 0) | (type.family(Family::kDvd).writes ? 0x30 : 0);
  page.multi_session = true;
  page.locked = locked;
  page.can_eject = true;
  page.loading_mechanism = kTray;
  page.maximum_read_speed = static_cast<uint16_t>(
      std::min<uint32_t>(InUnits(support.read_speed.Fastest(), family), 0xFFFF));
  page.current_read_speed = page.maximum_read_speed;
  page.buffer_kib = static_cast<uint16_t>(type.read_ahead.bytes() / 1024);
  for (double speed : support.write_speeds) {
    page.write_speeds.push_back(
        static_cast<uint16_t>(std::min<uint32_t>(InUnits(speed, family), 0xFFFF)));
  }
  if (!page.write_speeds.empty()) page.current_write_speed = page.write_speeds.front();
  if (write_speed > 0) {
    page.current_write_speed =
        static_cast<uint16_t>(std::min<uint32_t>(InUnits(write_speed, family), 0xFFFF));
  }
  return mmc::EncodeCapabilities(page);
}

// Book type, part version and layer type of a DVD (MMC-6 table 391); nothing for other media.
absl::StatusOr<mmc::PhysicalFormat> DescribeDvd(const Disc& disc) {
  mmc::PhysicalFormat format;
  switch (disc.medium->profile) {
    case mmc::Profile::kDvdRom:
      format = {.book_type = 0, .part_version = 1, .layer_type = 1};
      break;
    case mmc::Profile::kDvdRam:
      format = {.book_type = 1, .part_version = 6, .layer_type = 4};
      break;
    case mmc::Profile::kDvdR:
    case mmc::Profile::kDvdRDualLayer:
      format = {.book_type = 2, .part_version = 5, .layer_type = 2};
      break;
    case mmc::Profile::kDvdRwSequential:
    case mmc::Profile::kDvdRwRestrictedOverwrite:
      format = {.book_type = 3, .part_version = 2, .layer_type = 4};
      break;
    case mmc::Profile::kDvdPlusRw:
      format = {.book_type = 0x9, .part_version = 3, .layer_type = 4};
      break;
    case mmc::Profile::kDvdPlusR:
      format = {.book_type = 0xA, .part_version = 1, .layer_type = 2};
      break;
    case mmc::Profile::kDvdPlusRwDualLayer:
      format = {.book_type = 0xD, .part_version = 1, .layer_type = 4};
      break;
    case mmc::Profile::kDvdPlusRDualLayer:
      format = {.book_type = 0xE, .part_version = 1, .layer_type = 2};
      break;
    default:
      return absl::NotFoundError("not a DVD");
  }
  const auto capacity = static_cast<uint32_t>(disc.capacity.value());
  format.layers = static_cast<uint8_t>(disc.medium->layers);
  format.opposite_track_path = disc.medium->layers == 2;
  format.start_sector = kFirstDvdSector;
  format.end_sector = (kFirstDvdSector + capacity - 1) & 0xFFFFFF;
  if (disc.medium->layers == 2) format.layer0_end_sector = kFirstDvdSector + capacity / 2 - 1;
  return format;
}

}  // namespace

Reply AnswerInquiry(const DriveType& type, const std::string& serial,
                    absl::Span<const uint8_t> cdb) {
  const absl::StatusOr<mmc::InquiryCdb> asked = mmc::DecodeInquiryCdb(cdb);
  if (!asked.ok()) return Check(sense::kInvalidField);
  if (!asked->vital_product_data) {
    if (asked->page != 0) return Check(sense::kInvalidField);
    return Good(mmc::EncodeStandardInquiry({.version = kSpc3,
                                            .vendor = type.vendor,
                                            .product = type.product,
                                            .revision = type.revision}));
  }
  switch (asked->page) {
    case kSupportedPages:
      return SupportedPages();
    case mmc::kUnitSerialNumberPage:
      return Good(mmc::EncodeUnitSerialNumber({.serial = serial}));
    case mmc::kDeviceIdentificationPage: {
      // Vendor in eight characters, then product and serial number.
      std::string name = type.vendor;
      name.resize(8, ' ');
      absl::StrAppend(&name, type.product, " ", serial);
      return Good(mmc::EncodeDeviceIdentification(
          {.designators = {
               {.code_set = kAscii, .type = kT10Vendor, .value = {name.begin(), name.end()}}}}));
    }
    default:
      return Check(sense::kInvalidField);
  }
}

mmc::ModePage DefaultWriteParametersPage() {
  return mmc::EncodeWriteParameters({.buffer_underrun_free = true, .data_block_type = 8});
}

Reply AnswerModeSense(const DriveType& type, const Disc* disc, const WriteSettings& settings,
                      bool locked, absl::Span<const uint8_t> cdb) {
  const absl::StatusOr<mmc::ModeSenseCdb> asked = mmc::DecodeModeSenseCdb(cdb);
  if (!asked.ok() || asked->sub_page != 0) return Check(sense::kInvalidField);
  mmc::ModeData data;
  const bool all = asked->page == mmc::kAllPages;
  if ((all || asked->page == mmc::kWriteParametersPage) && type.writes_anything()) {
    data.pages.push_back(settings.page05);
  }
  if (all || asked->page == mmc::kCapabilitiesPage) {
    data.pages.push_back(CapabilitiesPage(type, disc, settings.speed, locked));
  }
  if (data.pages.empty()) return Check(sense::kInvalidField);
  if (asked->control == mmc::PageControl::kChangeable) {
    // Page 05h can be changed, page 2Ah cannot.
    for (mmc::ModePage& page : data.pages) {
      const uint8_t bits = page.code == mmc::kWriteParametersPage ? 0xFF : 0;
      std::fill(page.data.begin(), page.data.end(), bits);
    }
  }
  return Good(mmc::EncodeModeData(data));
}

Reply AnswerPerformance(const DriveType& type, const Disc& disc, absl::Span<const uint8_t> cdb) {
  const absl::StatusOr<mmc::GetPerformanceCdb> asked = mmc::DecodeGetPerformanceCdb(cdb);
  if (!asked.ok() || asked->type != mmc::kWriteSpeedPerformance) {
    return Check(sense::kInvalidField);
  }
  const Family family = FamilyOf(disc.medium->profile);
  const FamilySupport& support = type.family(family);
  mmc::WriteSpeeds speeds;
  for (double speed : support.write_speeds) {
    if (speeds.speeds.size() >= asked->maximum_descriptors) break;
    speeds.speeds.push_back({.end_lba = static_cast<uint32_t>(disc.capacity.value() - 1),
                             .read_speed = InUnits(support.read_speed.Fastest(), family),
                             .write_speed = InUnits(speed, family)});
  }
  return Good(mmc::EncodeWriteSpeeds(speeds));
}

Reply AnswerDiscStructure(const Disc& disc, absl::Span<const uint8_t> cdb) {
  const absl::StatusOr<mmc::ReadDiscStructureCdb> asked = mmc::DecodeReadDiscStructureCdb(cdb);
  if (!asked.ok()) return Check(sense::kInvalidField);
  if (asked->format == mmc::kWriteProtectionStatus) {
    const bool pressed = disc.medium->recording == Recording::kReadOnly;
    return Good(mmc::EncodeWriteProtection(
        {.persistent = disc.write_protected, .medium_specific = pressed}));
  }
  if (asked->format != mmc::kPhysicalFormat || asked->media_type != 0) {
    return Check(sense::kInvalidField);
  }
  const absl::StatusOr<mmc::PhysicalFormat> format = DescribeDvd(disc);
  if (!format.ok()) return Check(sense::kUnknownFormat);
  return Good(mmc::EncodePhysicalFormat(*format));
}

}  // namespace carousel::virtual_robot
