#include "hal/virtual_robot/capacity_answers.h"

#include <algorithm>
#include <vector>

#include "hal/base/types.h"
#include "hal/mmc/profile.h"
#include "hal/mmc/read_capacity.h"
#include "hal/mmc/read_format_capacities.h"

namespace carousel::virtual_robot {
namespace {

using mmc::Profile;

// A format type of MMC-6 table 472 with its block count and parameter.
mmc::FormattableCapacity Format(Sectors blocks, uint8_t type, uint8_t sub_type = 0,
                                uint32_t parameter = kSectorSize) {
  return {.blocks = static_cast<uint32_t>(blocks.value()),
          .type = type,
          .sub_type = sub_type,
          .parameter = parameter};
}

constexpr uint8_t kFullFormat = 0x00;
constexpr uint8_t kSpareExpansion = 0x01;
constexpr uint8_t kMaximumCrossFormat = 0x10;
constexpr uint8_t kQuickGrow = 0x13;
constexpr uint8_t kQuickFormat = 0x15;
constexpr uint8_t kDvdPlusRwFormat = 0x26;
constexpr uint8_t kBdReWithSpares = 0x30;
constexpr uint8_t kBdReWithoutSpares = 0x31;
constexpr uint8_t kBdRFormat = 0x32;
constexpr Sectors kBdSingleLayer(12'219'392);
// BD-R and BD-RE with more spare clusters than usual, by published dumps and the format's book.
constexpr Sectors kBdDefaultSpares(11'826'176);
constexpr Sectors kBdFewSpares(12'088'320);
// READ FORMAT CAPACITIES of BD-RE: clusters of spare area as parameter (3000h for the default).
constexpr uint32_t kBdSpareParameter = 0x3000;

std::vector<mmc::FormattableCapacity> Formattable(const Disc& disc) {
  const Sectors capacity = disc.capacity;
  const int layers = disc.medium->layers;
  const auto scaled = [layers](Sectors size) { return Sectors(size.value() * layers); };
  switch (disc.medium->profile) {
    case Profile::kDvdRwSequential:
      return {Format(capacity, kFullFormat), Format(capacity, kMaximumCrossFormat, 0, 16),
              Format(capacity, kQuickFormat, 0, 16)};
    case Profile::kDvdRwRestrictedOverwrite: {
      std::vector<mmc::FormattableCapacity> formats = {Format(capacity, kFullFormat),
                                                       Format(capacity, kMaximumCrossFormat, 0, 16),
                                                       Format(capacity, kQuickFormat, 0, 16)};
      if (disc.formatted < capacity && !disc.intermediate) {
        formats.push_back(Format(capacity - disc.formatted, kQuickGrow, 0, 16));
      }
      return formats;
    }
    case Profile::kDvdRam:
      return {Format(capacity, kFullFormat), Format(capacity + Sectors(58'368), kFullFormat),
              Format(capacity, kSpareExpansion), Format(capacity, kSpareExpansion)};
    case Profile::kDvdPlusRw:
    case Profile::kDvdPlusRwDualLayer:
      return {Format(capacity, kDvdPlusRwFormat, 0, 0)};
    case Profile::kBdRSequential:
      return {Format(scaled(kBdDefaultSpares), kFullFormat, 0, kBdSpareParameter),
              Format(scaled(kBdDefaultSpares), kBdRFormat, 0, kBdSpareParameter),
              Format(scaled(kBdFewSpares), kBdRFormat, 0, 0x1000),
              Format(scaled(kBdSingleLayer), kBdRFormat, 0, 0)};
    case Profile::kBdRe:
      return {Format(scaled(kBdDefaultSpares), kFullFormat, 0, kBdSpareParameter),
              Format(scaled(kBdDefaultSpares), kBdReWithSpares, 0, kBdSpareParameter),
              Format(scaled(kBdFewSpares), kBdReWithSpares, 0, 0x1000),
              Format(scaled(Sectors(11'564'032)), kBdReWithSpares, 0, 0x5000),
              Format(scaled(kBdSingleLayer), kBdReWithoutSpares, 0, 0)};
    default:
      return {};
  }
}

}  // namespace

Reply AnswerCapacity(const Disc& disc, const Quirks& quirks) {
  if (quirks.capacity_refused_on_blank && disc.blank()) return Check(sense::kIncompatibleMedium);
  if (quirks.absurd_lead_out && disc.state == DiscState::kDamaged) {
    return Good(mmc::EncodeCapacity({.last_lba = kAbsurdAddress}));
  }
  const Lba end = disc.ReadableEnd();
  return Good(mmc::EncodeCapacity(
      {.last_lba = static_cast<uint32_t>(std::max<int64_t>(end.value(), 1) - 1)}));
}

Reply AnswerFormatCapacities(const Disc& disc) {
  mmc::FormatCapacities capacities{.formattable = Formattable(disc)};
  const bool bd_r = disc.medium->profile == Profile::kBdRSequential;
  if (capacities.formattable.empty()) return Check(sense::kInvalidField);
  if (disc.intermediate) {
    capacities.type = mmc::FormatDescriptor::kNoMedia;
    capacities.blocks = static_cast<uint32_t>(disc.capacity.value());
  } else if (disc.blank()) {
    capacities.type = mmc::FormatDescriptor::kUnformatted;
    capacities.blocks = static_cast<uint32_t>(disc.capacity.value());
    if (disc.spares) capacities.type = mmc::FormatDescriptor::kFormatted;
  } else {
    capacities.type = mmc::FormatDescriptor::kFormatted;
    // A written BD-R tells its whole size, other media what can be read.
    const bool whole_disc = bd_r && disc.medium->sequential();
    const Lba end = whole_disc ? Lba(0) + disc.capacity : disc.ReadableEnd();
    capacities.blocks = static_cast<uint32_t>(end.value());
  }
  // A written BD-R cannot be formatted any more.
  if (bd_r && !disc.tracks.empty()) capacities.formattable.clear();
  return Good(mmc::EncodeFormatCapacities(capacities));
}

}  // namespace carousel::virtual_robot
