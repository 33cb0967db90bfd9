#include "hal/virtual_robot/track_answers.h"

#include <utility>
#include <vector>

#include "absl/status/statusor.h"

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

// Number of the track that is open for writing or would be next; 0 if there is none.
uint16_t AppendTrackNumber(const Disc& disc) {
  return disc.medium->sequential() && disc.state != DiscState::kFinalized ? TrackCount(disc) : 0;
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
  info.session = static_cast<uint16_t>(disc.recorded_sessions() + (disc.track_closed ? 0 : 1));
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
  if (index + 1 == disc.tracks.size() && disc.LastTrackIsOpen()) {
    info.damage = disc.state == DiscState::kDamaged;
    info.next_writable = disc.NextWritable();
    if (info.next_writable.has_value()) {
      info.free = disc.capacity - (*info.next_writable - Lba(0));
      info.size = disc.capacity - (track.start - Lba(0));
    }
  }
  return info;
}

uint16_t TrackAt(const Disc& disc, Lba lba) {
  if (lba < Lba(0) || lba.value() >= disc.capacity.value()) return 0;
  if (disc.medium->overwritable()) return 1;
  for (size_t i = 0; i < disc.tracks.size(); ++i) {
    const bool open = i + 1 == disc.tracks.size() && disc.LastTrackIsOpen();
    if (lba >= disc.tracks[i].start && (open || lba < disc.tracks[i].end())) {
      return static_cast<uint16_t>(i + 1);
    }
  }
  return disc.HasInvisibleTrack() && lba >= disc.NextTrackStart() ? TrackCount(disc) : 0;
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

}  // namespace

uint16_t TrackCount(const Disc& disc) {
  if (disc.medium->overwritable()) return 1;
  return static_cast<uint16_t>(disc.tracks.size() + (disc.HasInvisibleTrack() ? 1 : 0));
}

mmc::TrackInformation DescribeTrack(const Disc& disc, const Quirks& quirks, uint16_t number) {
  if (disc.medium->overwritable()) return OverwritableTrack(disc);
  if (number > disc.tracks.size()) return InvisibleTrack(disc, quirks);
  return RecordedTrack(disc, number - 1);
}

uint16_t FirstTrackOfSession(const Disc& disc, uint32_t session) {
  for (uint16_t number = 1; number <= TrackCount(disc); ++number) {
    if (DescribeTrack(disc, Quirks(), number).session == session) return number;
  }
  return 0;
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
  std::vector<uint8_t> bytes = mmc::EncodeTrackInformation(DescribeTrack(disc, quirks, number));
  if (quirks.short_track_information) {
    // MMC-2: data up to the track's size.
    bytes.resize(28);
    bytes[1] = 26;
  }
  return Good(std::move(bytes));
}

}  // namespace carousel::virtual_robot
