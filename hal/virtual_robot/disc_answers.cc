#include "hal/virtual_robot/disc_answers.h"

#include <algorithm>
#include <vector>

#include "absl/status/statusor.h"
#include "hal/mmc/read_capacity.h"
#include "hal/mmc/read_disc_information.h"
#include "hal/mmc/read_format_capacities.h"
#include "hal/mmc/read_track_information.h"

namespace carousel::virtual_robot {
namespace {

using mmc::Profile;

// MMC-6 table 291, Q channel control: recorded uninterrupted and incrementally; audio.
constexpr uint8_t kDataTrack = 4;
constexpr uint8_t kIncrementalDataTrack = 5;
constexpr uint8_t kAudioTrack = 0;
constexpr uint8_t kMode1 = 1;
constexpr uint8_t kUnknownDataMode = 0xF;
constexpr Lba kPregap(-150);

bool IsDvdMinusSequential(Profile profile) {
  return profile == Profile::kDvdR || profile == Profile::kDvdRwSequential ||
         profile == Profile::kDvdRDualLayer;
}
bool IsPlusR(Profile profile) {
  return profile == Profile::kDvdPlusR || profile == Profile::kDvdPlusRDualLayer;
}
bool IsPlusRw(Profile profile) {
  return profile == Profile::kDvdPlusRw || profile == Profile::kDvdPlusRwDualLayer;
}
bool IsBlank(const Disc& disc) {
  return disc.state == DiscState::kBlank || disc.state == DiscState::kUnformatted;
}
// A sequential disc whose next track is not begun.
bool HasInvisibleTrack(const Disc& disc) {
  return disc.state == DiscState::kBlank || disc.state == DiscState::kAppendable;
}
bool LastTrackIsOpen(const Disc& disc) {
  return disc.state == DiscState::kOpen || disc.state == DiscState::kDamaged ||
         disc.medium->recording == Recording::kPseudoOverwrite;
}

uint16_t TrackCount(const Disc& disc) {
  if (disc.medium->overwritable()) return 1;
  return static_cast<uint16_t>(disc.tracks.size() + (HasInvisibleTrack(disc) ? 1 : 0));
}

// What all tracks of a medium have in common.
mmc::TrackInformation CommonTrack(const Disc& disc, bool data) {
  const Profile profile = disc.medium->profile;
  const bool cd = mmc::IsCd(profile);
  mmc::TrackInformation info;
  info.track_mode = !data                           ? kAudioTrack
                    : IsDvdMinusSequential(profile) ? kIncrementalDataTrack
                                                    : kDataTrack;
  info.data_mode = data ? kMode1 : kUnknownDataMode;
  info.packet = !cd && !IsPlusR(profile);
  info.fixed_packet = profile == Profile::kDvdRwRestrictedOverwrite;
  info.packet_size = cd ? 0 : static_cast<uint32_t>(disc.medium->write_unit.value());
  return info;
}

mmc::TrackInformation OverwritableTrack(const Disc& disc) {
  mmc::TrackInformation info = CommonTrack(disc, /*data=*/true);
  info.track = 1;
  info.session = 1;
  info.size = disc.capacity;
  if (disc.state == DiscState::kUnformatted) {
    info.blank = true;
    info.free = disc.capacity;
  }
  return info;
}

mmc::TrackInformation InvisibleTrack(const Disc& disc, const Quirks& quirks) {
  mmc::TrackInformation info = CommonTrack(disc, /*data=*/true);
  info.track = TrackCount(disc);
  info.session = static_cast<uint16_t>(disc.recorded_sessions() + 1);
  info.start = disc.NextTrackStart();
  info.next_writable = info.start;
  info.free = disc.capacity - (info.start - Lba(0));
  info.size = info.free;
  // DVD-R and BD-R call the invisible track incremental and not blank.
  info.blank = mmc::IsCd(disc.medium->profile) || IsPlusR(disc.medium->profile);
  if (quirks.nwa_minus_150 && disc.state == DiscState::kBlank) info.next_writable = kPregap;
  return info;
}

mmc::TrackInformation RecordedTrack(const Disc& disc, size_t index) {
  const DiscTrack& track = disc.tracks[index];
  mmc::TrackInformation info = CommonTrack(disc, track.data);
  info.track = static_cast<uint16_t>(index + 1);
  info.session = track.session.value();
  info.start = track.start;
  info.size = track.size;
  if (IsDvdMinusSequential(disc.medium->profile)) info.last_recorded = track.end() - Sectors(1);
  if (index + 1 == disc.tracks.size() && LastTrackIsOpen(disc)) {
    info.damage = disc.state == DiscState::kDamaged;
    info.next_writable = disc.NextWritable();
    if (info.next_writable.has_value()) {
      info.free = disc.capacity - (*info.next_writable - Lba(0));
      info.size = disc.capacity - (track.start - Lba(0));
    }
  }
  return info;
}

mmc::TrackInformation TrackNumbered(const Disc& disc, const Quirks& quirks, uint16_t number) {
  if (disc.medium->overwritable()) return OverwritableTrack(disc);
  if (number > disc.tracks.size()) return InvisibleTrack(disc, quirks);
  return RecordedTrack(disc, number - 1);
}

uint16_t TrackAt(const Disc& disc, Lba lba) {
  if (lba < Lba(0) || lba.value() >= disc.capacity.value()) return 0;
  if (disc.medium->overwritable()) return 1;
  for (size_t i = 0; i < disc.tracks.size(); ++i) {
    const bool open = i + 1 == disc.tracks.size() && LastTrackIsOpen(disc);
    if (lba >= disc.tracks[i].start && (open || lba < disc.tracks[i].end())) {
      return static_cast<uint16_t>(i + 1);
    }
  }
  return HasInvisibleTrack(disc) && lba >= disc.NextTrackStart() ? TrackCount(disc) : 0;
}

uint16_t FirstTrackOfSession(const Disc& disc, uint32_t session) {
  for (uint16_t number = 1; number <= TrackCount(disc); ++number) {
    if (TrackNumbered(disc, Quirks(), number).session == session) return number;
  }
  return 0;
}

// The track that the CDB speaks of; 0 if there is none.
uint16_t TrackAsked(const Disc& disc, const mmc::ReadTrackInformationCdb& cdb) {
  switch (cdb.address_type) {
    case mmc::TrackAddress::kLba:
      return TrackAt(disc, Lba(static_cast<int32_t>(cdb.address)));
    case mmc::TrackAddress::kSession:
      return FirstTrackOfSession(disc, cdb.address);
    case mmc::TrackAddress::kTrack:
      if (cdb.address == mmc::kInvisibleTrack) {
        const Profile profile = disc.medium->profile;
        return mmc::IsCd(profile) || IsPlusR(profile) ? AppendTrackNumber(disc) : 0;
      }
      return cdb.address <= TrackCount(disc) ? static_cast<uint16_t>(cdb.address) : 0;
    case mmc::TrackAddress::kReserved:
      break;
  }
  return 0;
}

mmc::DiscStatus StatusOf(const Disc& disc) {
  switch (disc.state) {
    case DiscState::kBlank:
    case DiscState::kUnformatted:
      return mmc::DiscStatus::kBlank;
    case DiscState::kAppendable:
    case DiscState::kOpen:
    case DiscState::kDamaged:
      return mmc::DiscStatus::kAppendable;
    case DiscState::kFinalized:
      return mmc::DiscStatus::kComplete;
    case DiscState::kFormatted:
      break;
  }
  if (disc.medium->recording == Recording::kPseudoOverwrite) return mmc::DiscStatus::kAppendable;
  return disc.medium->profile == Profile::kDvdRam ? mmc::DiscStatus::kOther
                                                  : mmc::DiscStatus::kComplete;
}

mmc::LastSessionState LastSessionOf(const Disc& disc, const Quirks& quirks) {
  switch (disc.state) {
    case DiscState::kBlank:
    case DiscState::kUnformatted:
    case DiscState::kAppendable:
      return mmc::LastSessionState::kEmpty;
    case DiscState::kOpen:
      return mmc::LastSessionState::kIncomplete;
    case DiscState::kDamaged:
      return quirks.damage_bit_only ? mmc::LastSessionState::kIncomplete
                                    : mmc::LastSessionState::kDamaged;
    case DiscState::kFinalized:
      return mmc::LastSessionState::kComplete;
    case DiscState::kFormatted:
      break;
  }
  return disc.medium->recording == Recording::kPseudoOverwrite ? mmc::LastSessionState::kIncomplete
                                                               : mmc::LastSessionState::kComplete;
}

std::optional<scsi::Sense> UnwrittenSense(const Quirks& quirks) {
  if (quirks.blank_check_on_unwritten) return sense::kBlankCheck;
  if (quirks.medium_error_on_unwritten) return sense::kReadError;
  return sense::kOutOfRange;
}

// READ CAPACITY's view of a disc that can be overwritten.
Sectors FormattedPart(const Disc& disc) {
  const bool whole =
      IsPlusRw(disc.medium->profile)
          ? disc.background == mmc::BackgroundFormat::kRunning ||
                disc.background == mmc::BackgroundFormat::kComplete
          : disc.medium->profile == Profile::kBdRe || disc.medium->profile == Profile::kDvdRam;
  return whole && disc.state == DiscState::kFormatted ? disc.capacity : disc.formatted;
}

std::optional<scsi::Sense> OverwritableObstacle(const Disc& disc, const Quirks& quirks, Lba end) {
  if (disc.state == DiscState::kUnformatted) return UnwrittenSense(quirks);
  if (end.value() > FormattedPart(disc).value()) return sense::kOutOfRange;
  // Reads fail until CLOSE SESSION has ended a quick format (growisofs).
  if (disc.intermediate) return sense::kIllegalMode;
  return std::nullopt;
}

std::optional<scsi::Sense> SequentialObstacle(const Disc& disc, const Quirks& quirks, Lba first,
                                              Lba end) {
  Lba at = first;
  for (const DiscTrack& track : disc.tracks) {
    if (at < track.start) break;
    if (at >= track.end()) continue;
    const bool last = &track == &disc.tracks.back();
    const bool open = last && (disc.state == DiscState::kOpen || disc.state == DiscState::kDamaged);
    if (!track.data) return sense::kIllegalMode;
    if (open && quirks.open_track_unreadable) return sense::kOutOfRange;
    const Lba readable = open ? track.end() : track.end() - disc.medium->run_out;
    if (end <= readable) return std::nullopt;
    if (at >= readable || end <= track.end()) {
      return quirks.medium_error_on_run_out ? sense::kUncorrectable : sense::kIllegalMode;
    }
    at = track.end();
  }
  return UnwrittenSense(quirks);
}

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

uint16_t AppendTrackNumber(const Disc& disc) {
  return disc.medium->sequential() && disc.state != DiscState::kFinalized ? TrackCount(disc) : 0;
}

Reply AnswerDiscInformation(const Disc& disc, const Quirks& quirks, absl::Span<const uint8_t> cdb) {
  const absl::StatusOr<mmc::ReadDiscInformationCdb> asked = mmc::DecodeReadDiscInformationCdb(cdb);
  if (!asked.ok() || asked->data_type != 0) return Check(sense::kInvalidField);
  const uint16_t last = TrackCount(disc);
  mmc::DiscInformation info;
  info.disc_status = StatusOf(disc);
  info.last_session = LastSessionOf(disc, quirks);
  info.erasable = disc.medium->erasable;
  info.sessions = TrackNumbered(disc, quirks, last).session;
  info.first_track_in_last_session = FirstTrackOfSession(disc, info.sessions);
  info.last_track_in_last_session = last;
  info.background_format = disc.background;
  return Good(mmc::EncodeDiscInformation(info));
}

Reply AnswerTrackInformation(const Disc& disc, const Quirks& quirks,
                             absl::Span<const uint8_t> cdb) {
  const absl::StatusOr<mmc::ReadTrackInformationCdb> asked =
      mmc::DecodeReadTrackInformationCdb(cdb);
  if (!asked.ok()) return Check(sense::kInvalidField);
  if (quirks.ram_track_information_refused && disc.medium->profile == Profile::kDvdRam) {
    return Check(sense::kInvalidField);
  }
  uint16_t number = TrackAsked(disc, *asked);
  if (number != 0 && asked->open) {
    const uint16_t open = AppendTrackNumber(disc);
    number = open >= number ? open : 0;
  }
  if (number == 0) return Check(sense::kInvalidField);
  std::vector<uint8_t> bytes = mmc::EncodeTrackInformation(TrackNumbered(disc, quirks, number));
  if (quirks.short_track_information) {
    // MMC-2: data up to the track's size.
    bytes.resize(28);
    bytes[1] = 26;
  }
  return Good(std::move(bytes));
}

Reply AnswerCapacity(const Disc& disc, const Quirks& quirks) {
  if (quirks.capacity_refused_on_blank && IsBlank(disc)) return Check(sense::kIncompatibleMedium);
  if (quirks.absurd_lead_out && disc.state == DiscState::kDamaged) {
    return Good(mmc::EncodeCapacity({.last_lba = kAbsurdAddress}));
  }
  const Lba end = disc.medium->overwritable() ? Lba(0) + FormattedPart(disc) : disc.ReadableEnd();
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
  } else if (IsBlank(disc)) {
    capacities.type = mmc::FormatDescriptor::kUnformatted;
    capacities.blocks = static_cast<uint32_t>(disc.capacity.value());
    if (disc.spares) capacities.type = mmc::FormatDescriptor::kFormatted;
  } else {
    capacities.type = mmc::FormatDescriptor::kFormatted;
    const bool whole_disc = bd_r && disc.medium->sequential();
    const Lba end = disc.medium->overwritable() ? Lba(0) + FormattedPart(disc)
                    : whole_disc                ? Lba(0) + disc.capacity
                                                : disc.ReadableEnd();
    capacities.blocks = static_cast<uint32_t>(end.value());
  }
  // A written BD-R cannot be formatted any more.
  if (bd_r && !disc.tracks.empty()) capacities.formattable.clear();
  return Good(mmc::EncodeFormatCapacities(capacities));
}

std::optional<scsi::Sense> ReadObstacle(const Disc& disc, const Quirks& quirks, Lba first,
                                        Sectors count) {
  if (count == Sectors(0)) return std::nullopt;
  const Lba end = first + count;
  if (first < Lba(0) || end.value() > disc.capacity.value()) return sense::kOutOfRange;
  const bool random =
      disc.medium->overwritable() || disc.medium->recording == Recording::kPseudoOverwrite;
  const std::optional<scsi::Sense> obstacle = random ? OverwritableObstacle(disc, quirks, end)
                                                     : SequentialObstacle(disc, quirks, first, end);
  if (obstacle.has_value()) return obstacle;
  Lba worst = end;
  for (const BadExtent& bad : disc.unreadable) {
    if (bad.first < end && first < bad.first + bad.size) {
      worst = std::min(worst, std::max(bad.first, first));
    }
  }
  if (worst == end) return std::nullopt;
  scsi::Sense sense = sense::kUncorrectable;
  sense.information = static_cast<uint64_t>(worst.value());
  return sense;
}

}  // namespace carousel::virtual_robot
