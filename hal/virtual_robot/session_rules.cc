#include "hal/virtual_robot/session_rules.h"

#include <algorithm>

#include "hal/mmc/profile.h"
#include "hal/virtual_robot/reply.h"

namespace carousel::virtual_robot {
namespace {

using mmc::CloseFunction;
using mmc::Profile;

// Write types of page 05h (MMC-6 table 664).
constexpr uint8_t kPacket = 0;
constexpr uint8_t kTrackAtOnce = 1;
constexpr uint8_t kAtOnce = 2;
// The drive finalizes a DVD+R by itself when less is left behind a session (a drive's manual).
constexpr Sectors kDvdPlusReserve{65 * 16};
// Two BCD digits, of which one track is always the next (disc.cc).
constexpr size_t kMostCdTracks = 98;

bool IsDvdMinus(Profile profile) {
  return profile == Profile::kDvdR || profile == Profile::kDvdRwSequential ||
         profile == Profile::kDvdRDualLayer;
}
bool IsDvdPlusR(Profile profile) {
  return profile == Profile::kDvdPlusR || profile == Profile::kDvdPlusRDualLayer;
}
bool IsDvdPlusRw(Profile profile) {
  return profile == Profile::kDvdPlusRw || profile == Profile::kDvdPlusRwDualLayer;
}
// Close functions by medium, as a drive's manual lists them.
bool Knows(Profile profile, CloseFunction function) {
  switch (function) {
    case CloseFunction::kStopBackgroundFormat:
      return IsDvdPlusRw(profile);
    case CloseFunction::kTrack:
      return mmc::IsCd(profile) || IsDvdMinus(profile) || IsDvdPlusR(profile) ||
             profile == Profile::kBdRSequential;
    case CloseFunction::kSession:
      return profile != Profile::kBdRe && profile != Profile::kDvdRam;
    case CloseFunction::kFormattedSession:
      return IsDvdPlusRw(profile) || profile == Profile::kDvdRwRestrictedOverwrite;
    case CloseFunction::kRecordedLayer:
      return profile == Profile::kDvdPlusRDualLayer;
    case CloseFunction::kFinalizeMinimalRadius:
      return IsDvdPlusR(profile);
    case CloseFunction::kFinalize:
      return IsDvdPlusR(profile) || profile == Profile::kBdRSequential;
    case CloseFunction::kReserved:
      return false;
  }
  return false;
}

Refusal CheckOverwrite(const Disc& disc, Lba start, Sectors count) {
  if (disc.state == DiscState::kUnformatted) return sense::kNotFormatted;
  const bool whole_blocks = disc.medium->profile == Profile::kDvdRwRestrictedOverwrite;
  const int64_t unit = disc.medium->write_unit.value();
  if (whole_blocks && (start.value() % unit != 0 || count.value() % unit != 0)) {
    return sense::kInvalidField;
  }
  const Lba end = disc.intermediate ? Lba(disc.capacity.value()) : disc.ReadableEnd();
  return start < Lba(0) || start + count > end ? Refusal(sense::kOutOfRange) : std::nullopt;
}

// The write type of page 05h fits the medium.
Refusal CheckMode(const Disc& disc, const mmc::WriteParameters& page, std::optional<Lba> reserved) {
  if (!HasWriteParameters(disc)) return std::nullopt;
  if (mmc::IsCd(disc.medium->profile)) {
    if (page.write_type == kAtOnce) return sense::kSequenceError;  // no cue sheet was sent
    return page.write_type == kTrackAtOnce ? std::nullopt : Refusal(sense::kIllegalMode);
  }
  if (page.write_type == kAtOnce) {
    return reserved.has_value() ? std::nullopt : Refusal(sense::kSequenceError);
  }
  const bool incremental = page.write_type == kPacket && !disc.minimally_blanked &&
                           disc.medium->profile != Profile::kDvdRDualLayer;
  return incremental ? std::nullopt : Refusal(sense::kIllegalMode);
}

bool LeavesNoRoom(const Disc& disc) {
  const Medium& medium = *disc.medium;
  if (mmc::IsCd(medium.profile) && disc.tracks.size() >= kMostCdTracks) return true;
  if (medium.session_limit != 0 && disc.recorded_sessions() >= medium.session_limit) return true;
  const Sectors reserve = IsDvdPlusR(medium.profile) ? kDvdPlusReserve : Sectors(0);
  return (disc.NextTrackStart() + reserve).value() >= disc.capacity.value();
}

Refusal CloseTrack(Disc& disc, TrackNumber number) {
  const size_t append = disc.tracks.size() + (disc.HasInvisibleTrack() ? 1 : 0);
  if (disc.state == DiscState::kFinalized || number.value() != append) return sense::kInvalidField;
  if (disc.HasInvisibleTrack()) return std::nullopt;  // an empty one: nothing is written
  PadOpenTrack(disc);
  DiscTrack& track = disc.tracks.back();
  track.size = std::max(track.size, disc.medium->shortest_track) + disc.medium->run_out;
  disc.state = DiscState::kOpen;
  disc.track_closed = true;
  return std::nullopt;
}

Refusal CloseOverwritable(Disc& disc) {
  if (disc.state == DiscState::kUnformatted) return sense::kNotFormatted;
  disc.intermediate = false;
  if (disc.background == mmc::BackgroundFormat::kRunning) {
    disc.background = mmc::BackgroundFormat::kSuspended;
  }
  return std::nullopt;
}

Refusal CloseSession(Disc& disc, const mmc::WriteParameters& page, CloseFunction function) {
  const bool final_function =
      function == CloseFunction::kFinalize || function == CloseFunction::kFinalizeMinimalRadius;
  if (disc.state == DiscState::kFinalized) return sense::kInvalidField;
  if (disc.blank() || disc.state == DiscState::kAppendable) {
    if (final_function && !disc.tracks.empty()) disc.state = DiscState::kFinalized;
    return std::nullopt;
  }
  if (disc.LastTrackIsOpen()) {
    if (!mmc::IsCd(disc.medium->profile)) return sense::kIncompleteTrack;
    // CLOSE TRACK may be left out on CD.
    const Refusal closed = CloseTrack(disc, TrackNumber(static_cast<uint16_t>(disc.tracks.size())));
    if (closed.has_value()) return closed;
  }
  const bool by_page = HasWriteParameters(disc) && page.multi_session == 0;
  disc.track_closed = false;
  disc.state = final_function || by_page || LeavesNoRoom(disc) ? DiscState::kFinalized
                                                               : DiscState::kAppendable;
  return std::nullopt;
}

void MakeFormatted(Disc& disc, Sectors size) {
  disc.state = DiscState::kFormatted;
  disc.capacity = std::max(disc.capacity, size);
  disc.formatted = size;
}

Refusal FormatDvdRw(Disc& disc, const mmc::FormatParameters& format, Sectors size) {
  switch (format.type) {
    case mmc::FormatType::kFull:
    case mmc::FormatType::kDvdRwFull:
      disc.intermediate = false;
      break;
    case mmc::FormatType::kDvdRwQuick:
      disc.intermediate = true;
      break;
    case mmc::FormatType::kDvdRwQuickGrow:
      if (disc.medium->profile != Profile::kDvdRwRestrictedOverwrite) {
        return sense::kInvalidParameter;
      }
      size = disc.capacity;
      break;
    default:
      return sense::kInvalidParameter;
  }
  disc.medium = FindMedium("DVD-RW-RO");
  disc.tracks.clear();
  disc.minimally_blanked = false;
  disc.gap = disc.medium->gap;
  MakeFormatted(disc, size > Sectors(0) ? size : disc.capacity);
  return std::nullopt;
}

}  // namespace

bool HasWriteParameters(const Disc& disc) {
  return mmc::IsCd(disc.medium->profile) || IsDvdMinus(disc.medium->profile);
}

Refusal WriteObstacle(const Disc& disc) {
  if (disc.write_protected) return sense::kWriteProtected;
  const Recording recording = disc.medium->recording;
  const bool writable =
      recording == Recording::kSequential || recording == Recording::kOverwritable;
  return writable ? std::nullopt : Refusal(sense::kCannotWrite);
}

Refusal CheckWrite(const Disc& disc, const mmc::WriteParameters& page, std::optional<Lba> reserved,
                   Lba start, Sectors count) {
  if (const Refusal obstacle = WriteObstacle(disc); obstacle.has_value()) return obstacle;
  if (disc.medium->overwritable()) return CheckOverwrite(disc, start, count);
  const std::optional<Lba> next = disc.NextWritable();
  if (!next.has_value()) return sense::kCannotWrite;
  if (const Refusal mode = CheckMode(disc, page, reserved); mode.has_value()) return mode;
  if (start != *next) return sense::kInvalidWriteAddress;
  const Lba end = reserved.value_or(Lba(disc.capacity.value()));
  return start + count > end ? Refusal(sense::kEndOfUserArea) : std::nullopt;
}

void AddToTrack(Disc& disc, Lba start, Sectors count) {
  if (disc.medium->overwritable()) return;
  const bool continues = disc.LastTrackIsOpen();
  if (!continues) {
    const int session = disc.recorded_sessions() + (disc.state == DiscState::kOpen ? 0 : 1);
    disc.tracks.push_back(
        DiscTrack{.session = SessionNumber(static_cast<uint16_t>(session)), .start = start});
  }
  DiscTrack& track = disc.tracks.back();
  track.size = start + count - track.start;
  track.payload = track.size;
  disc.state = DiscState::kOpen;
  disc.track_closed = false;
}

Sectors PadOpenTrack(Disc& disc) {
  if (!disc.medium->sequential() || disc.tracks.empty() || !disc.LastTrackIsOpen()) {
    return Sectors(0);
  }
  DiscTrack& track = disc.tracks.back();
  const Sectors padding = RoundUp(track.end(), disc.medium->write_unit) - track.end();
  track.size += padding;
  return padding;
}

Refusal CheckReservation(const Disc& disc, const mmc::WriteParameters& page,
                         std::optional<Lba> reserved, Sectors size) {
  if (const Refusal obstacle = WriteObstacle(disc); obstacle.has_value()) return obstacle;
  if (!disc.medium->sequential() || disc.state == DiscState::kFinalized) return sense::kCannotWrite;
  if (reserved.has_value()) return sense::kSequenceError;
  const bool at_once = IsDvdMinus(disc.medium->profile) && page.write_type == kAtOnce;
  if (at_once && disc.state != DiscState::kBlank) return sense::kIllegalMode;
  const std::optional<Lba> next = disc.NextWritable();
  if (!next.has_value()) return sense::kCannotWrite;
  const bool fits = size > Sectors(0) && (*next + size).value() <= disc.capacity.value();
  return fits ? std::nullopt : Refusal(sense::kEndOfUserArea);
}

Refusal Close(Disc& disc, const mmc::WriteParameters& page, const mmc::CloseTrackSessionCdb& cdb) {
  if (const Refusal obstacle = WriteObstacle(disc); obstacle.has_value()) return obstacle;
  if (!Knows(disc.medium->profile, cdb.function)) return sense::kInvalidField;
  if (HasWriteParameters(disc) && page.test_write) return sense::kSequenceError;
  if (disc.medium->overwritable()) return CloseOverwritable(disc);
  return cdb.function == CloseFunction::kTrack ? CloseTrack(disc, cdb.track)
                                               : CloseSession(disc, page, cdb.function);
}

Refusal Blank(Disc& disc, const mmc::BlankCdb& cdb) {
  if (const Refusal obstacle = WriteObstacle(disc); obstacle.has_value()) return obstacle;
  const Profile profile = disc.medium->profile;
  const bool dvd =
      profile == Profile::kDvdRwSequential || profile == Profile::kDvdRwRestrictedOverwrite;
  if (!dvd && profile != Profile::kCdRw) return sense::kCannotWrite;
  if (cdb.type != mmc::BlankType::kDisc && cdb.type != mmc::BlankType::kMinimal) {
    return sense::kInvalidField;
  }
  if (dvd) disc.medium = FindMedium("DVD-RW");
  disc.gap = disc.medium->gap;
  disc.state = DiscState::kBlank;
  disc.tracks.clear();
  disc.track_closed = false;
  disc.formatted = Sectors(0);
  disc.intermediate = false;
  disc.minimally_blanked = dvd && cdb.type == mmc::BlankType::kMinimal;
  return std::nullopt;
}

Refusal Format(Disc& disc, const mmc::FormatParameters& format) {
  if (const Refusal obstacle = WriteObstacle(disc); obstacle.has_value()) return obstacle;
  const Sectors size = format.size.value_or(disc.capacity);
  // No format has more than the medium without spare areas.
  if (size.value() > disc.capacity.value() + disc.capacity.value() / 16) {
    return sense::kInvalidParameter;
  }
  switch (disc.medium->profile) {
    case Profile::kDvdRwSequential:
    case Profile::kDvdRwRestrictedOverwrite:
      return FormatDvdRw(disc, format, size);
    case Profile::kDvdPlusRw:
    case Profile::kDvdPlusRwDualLayer:
      if (format.type != mmc::FormatType::kDvdPlusRw) return sense::kInvalidParameter;
      MakeFormatted(disc, disc.capacity);
      disc.background = mmc::BackgroundFormat::kRunning;
      return std::nullopt;
    case Profile::kDvdRam:
      return format.type == mmc::FormatType::kFull ||
                     format.type == mmc::FormatType::kSpareExpansion
                 ? std::nullopt
                 : Refusal(sense::kInvalidParameter);
    case Profile::kBdRe:
      if (format.type != mmc::FormatType::kFull &&
          format.type != mmc::FormatType::kBdReWithSpares &&
          format.type != mmc::FormatType::kBdReWithoutSpares) {
        return sense::kInvalidParameter;
      }
      MakeFormatted(disc, size);
      return std::nullopt;
    case Profile::kBdRSequential: {
      const bool spares = (format.type == mmc::FormatType::kFull ||
                           format.type == mmc::FormatType::kBdRWithSpares) &&
                          format.sub_type == 1;
      if (!spares || disc.state != DiscState::kBlank) return sense::kInvalidParameter;
      disc.spares = true;
      disc.capacity = size;
      disc.state = DiscState::kAppendable;
      return std::nullopt;
    }
    default:
      return sense::kInvalidParameter;
  }
}

void Damage(Disc& disc) {
  if (disc.medium->sequential() && disc.LastTrackIsOpen()) disc.state = DiscState::kDamaged;
}

}  // namespace carousel::virtual_robot
