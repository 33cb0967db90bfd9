#include "hal/virtual_robot/disc.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"

namespace carousel::virtual_robot {
namespace {

constexpr std::pair<DiscState, absl::string_view> kStateNames[] = {
    {DiscState::kBlank, "blank"},         {DiscState::kAppendable, "appendable"},
    {DiscState::kOpen, "open"},           {DiscState::kDamaged, "damaged"},
    {DiscState::kFinalized, "finalized"}, {DiscState::kUnformatted, "unformatted"},
    {DiscState::kFormatted, "formatted"},
};

constexpr size_t kLongestBarcode = 32;
// READ TOC counts tracks in one byte and CD in two BCD digits; other media in 16 bits, of which no
// real disc uses more than this.
constexpr size_t kMostCdTracks = 98;
constexpr size_t kMostTracks = 1'024;
// A quad-layer BD has 62,500,864 sectors; the addresses of READ(10) have 32 bits.
constexpr Sectors kLargestCapacity(int64_t{1} << 31);

absl::Status ValidateTrack(const Disc& disc, const DiscTrack& track, Lba least, uint16_t session) {
  const Medium& medium = *disc.medium;
  const int64_t unit = medium.write_unit.value();
  // A track that lost its power may end anywhere.
  if (track.start < least || track.start.value() % unit != 0) {
    return absl::InvalidArgumentError(absl::StrCat("track at ", track.start.value(),
                                                   ": it overlaps or is not at a multiple of ",
                                                   unit, ", the earliest is ", least.value()));
  }
  if (track.payload <= Sectors(0) || track.size < track.payload || track.size.value() % unit != 0 ||
      track.end().value() > disc.capacity.value()) {
    return absl::InvalidArgumentError(
        absl::StrCat("track at ", track.start.value(), ": size ", track.size.value(), " with ",
                     track.payload.value(), " sectors of payload does not fit"));
  }
  if (track.session.value() != session && track.session.value() != session + 1) {
    return absl::InvalidArgumentError(absl::StrCat("track at ", track.start.value(), ": session ",
                                                   track.session.value(), " after session ",
                                                   session));
  }
  return absl::OkStatus();
}

absl::Status ValidateTracks(const Disc& disc) {
  const size_t most = mmc::IsCd(disc.medium->profile) ? kMostCdTracks : kMostTracks;
  if (disc.tracks.size() > most) {
    return absl::InvalidArgumentError(absl::StrCat(disc.tracks.size(), " tracks, at most ", most));
  }
  Lba least(0);
  uint16_t session = 0;
  for (const DiscTrack& track : disc.tracks) {
    RETURN_IF_ERROR(ValidateTrack(disc, track, least, session));
    least = track.end();
    session = track.session.value();
  }
  if (!disc.tracks.empty() && disc.tracks.front().session.value() != 1) {
    return absl::InvalidArgumentError("the first track is not of session 1");
  }
  if (disc.medium->session_limit != 0 && session > disc.medium->session_limit) {
    return absl::InvalidArgumentError(absl::StrCat(session, " sessions, ", disc.medium->name,
                                                   " takes ", disc.medium->session_limit));
  }
  return absl::OkStatus();
}

bool StateFits(const Disc& disc) {
  const bool none = disc.tracks.empty();
  switch (disc.state) {
    case DiscState::kBlank:
      return disc.medium->sequential() && none;
    case DiscState::kAppendable:
      // A BD-R that was formatted with spares and not written yet says appendable.
      return disc.medium->sequential() && (!none || disc.spares) &&
             disc.NextTrackStart().value() < disc.capacity.value();
    case DiscState::kOpen:
    case DiscState::kDamaged:
      return disc.medium->sequential() && !none;
    case DiscState::kFinalized:
      return !none && (disc.medium->sequential() || disc.medium->recording == Recording::kReadOnly);
    case DiscState::kUnformatted:
      return disc.medium->overwritable() && none && disc.formatted == Sectors(0);
    case DiscState::kFormatted:
      if (disc.formatted <= Sectors(0) || disc.formatted > disc.capacity) return false;
      return disc.medium->overwritable()
                 ? none
                 : disc.medium->recording == Recording::kPseudoOverwrite && !none;
  }
  return false;
}

bool OptionsFit(const Disc& disc) {
  const mmc::Profile profile = disc.medium->profile;
  const bool plus_rw =
      profile == mmc::Profile::kDvdPlusRw || profile == mmc::Profile::kDvdPlusRwDualLayer;
  if (disc.background != mmc::BackgroundFormat::kNone && !plus_rw) return false;
  if (disc.intermediate && profile != mmc::Profile::kDvdRwRestrictedOverwrite) return false;
  if (disc.minimally_blanked && profile != mmc::Profile::kDvdRwSequential) return false;
  if (disc.track_closed && disc.state != DiscState::kOpen) return false;
  return !disc.spares || profile == mmc::Profile::kBdRSequential;
}

// Overwritable media whose drives count the whole disc as soon as it is formatted, whatever the
// format has reached.
bool IsReadableBeyondFormat(const Disc& disc) {
  if (disc.state != DiscState::kFormatted) return false;
  switch (disc.medium->profile) {
    case mmc::Profile::kBdRe:
    case mmc::Profile::kDvdRam:
      return true;
    case mmc::Profile::kDvdPlusRw:
    case mmc::Profile::kDvdPlusRwDualLayer:
      return disc.background == mmc::BackgroundFormat::kRunning ||
             disc.background == mmc::BackgroundFormat::kComplete;
    default:
      return false;
  }
}

}  // namespace

absl::string_view DiscStateName(DiscState state) {
  for (const auto& [value, name] : kStateNames) {
    if (value == state) return name;
  }
  return "unknown";
}

std::optional<DiscState> FindDiscState(absl::string_view name) {
  for (const auto& [value, known] : kStateNames) {
    if (known == name) return value;
  }
  return std::nullopt;
}

int Disc::recorded_sessions() const { return tracks.empty() ? 0 : tracks.back().session.value(); }

Lba Disc::NextTrackStart() const {
  if (tracks.empty()) return Lba(0);
  if (track_closed) return RoundUp(tracks.back().end(), medium->write_unit);
  const Sectors distance = recorded_sessions() == 1 ? gap.after_first : gap.after_later;
  return RoundUp(tracks.back().end() + distance, medium->write_unit);
}

std::optional<Lba> Disc::NextWritable() const {
  if (medium->recording == Recording::kPseudoOverwrite) return tracks.back().end();
  if (!medium->sequential()) return std::nullopt;
  switch (state) {
    case DiscState::kBlank:
    case DiscState::kAppendable:
      return NextTrackStart();
    case DiscState::kOpen:
      return track_closed ? NextTrackStart() : tracks.back().end();
    case DiscState::kDamaged: {
      // CD track-at-once and DVD-R leave no valid address behind a cut; DVD+R and BD-R do.
      const mmc::Profile profile = medium->profile;
      const bool resumable = profile == mmc::Profile::kDvdPlusR ||
                             profile == mmc::Profile::kDvdPlusRDualLayer ||
                             profile == mmc::Profile::kBdRSequential;
      return resumable ? std::optional<Lba>(tracks.back().end()) : std::nullopt;
    }
    case DiscState::kFinalized:
    case DiscState::kUnformatted:
    case DiscState::kFormatted:
      return std::nullopt;
  }
  return std::nullopt;
}

const DiscTrack* Disc::FirstTrackOf(SessionNumber session) const {
  const auto found = std::find_if(tracks.begin(), tracks.end(), [session](const DiscTrack& track) {
    return track.session == session;
  });
  return found == tracks.end() ? nullptr : &*found;
}

Lba Disc::ReadableEnd() const {
  if (medium->overwritable()) {
    return Lba(0) + (IsReadableBeyondFormat(*this) ? capacity : formatted);
  }
  if (medium->recording == Recording::kPseudoOverwrite) return Lba(0) + formatted;
  const int complete = recorded_sessions() - (LastSessionIsOpen() ? 1 : 0);
  Lba end(0);
  for (const DiscTrack& track : tracks) {
    if (track.session.value() <= complete) end = track.end();
  }
  return end;
}

absl::Status Validate(const Disc& disc) {
  RETURN_IF_ERROR(ValidateBarcode(disc.barcode));
  if (disc.medium == nullptr) return absl::InvalidArgumentError("no medium");
  if (disc.capacity <= Sectors(0) || disc.capacity > kLargestCapacity) {
    return absl::InvalidArgumentError(absl::StrCat("capacity of ", disc.capacity.value()));
  }
  if (disc.gap.after_first < Sectors(0) || disc.gap.after_first > disc.capacity ||
      disc.gap.after_later < Sectors(0) || disc.gap.after_later > disc.capacity) {
    return absl::InvalidArgumentError("a gap that does not fit the disc");
  }
  RETURN_IF_ERROR(ValidateTracks(disc));
  if (!StateFits(disc)) {
    return absl::InvalidArgumentError(absl::StrCat("state ", DiscStateName(disc.state),
                                                   " does not fit ", disc.medium->name,
                                                   " with these tracks and this format"));
  }
  if (!OptionsFit(disc)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "background format, intermediate, minimally-blanked, spares or track-closed on ",
        disc.medium->name));
  }
  for (const BadExtent& bad : disc.unreadable) {
    if (bad.first < Lba(0) || bad.size <= Sectors(0) ||
        (bad.first + bad.size).value() > disc.capacity.value()) {
      return absl::InvalidArgumentError("unreadable blocks outside the disc");
    }
  }
  return absl::OkStatus();
}

absl::Status ValidateBarcode(absl::string_view barcode) {
  const auto allowed = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
  };
  if (barcode.empty() || barcode.size() > kLongestBarcode ||
      !std::all_of(barcode.begin(), barcode.end(), allowed) ||
      !absl::ascii_isalnum(static_cast<unsigned char>(barcode[0]))) {
    return absl::InvalidArgumentError(
        "a bar code is 1 to 32 letters, digits, '_', '-' or '.', and begins with a letter or "
        "digit");
  }
  return absl::OkStatus();
}

}  // namespace carousel::virtual_robot
