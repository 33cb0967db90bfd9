#include "hal/drive/media_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "hal/base/status_macros.h"
#include "hal/drive/media_checks.h"
#include "hal/mmc/get_configuration.h"
#include "hal/mmc/get_performance.h"
#include "hal/mmc/mode_sense.h"
#include "hal/mmc/profile.h"
#include "hal/mmc/read_capacity.h"
#include "hal/mmc/read_disc_structure.h"
#include "hal/mmc/read_format_capacities.h"
#include "hal/mmc/speed.h"

namespace carousel {
namespace {

using mmc::Profile;

// Allocation lengths: the whole answer of the standard, or what is needed of it. Current features
// alone are far below 4 KiB.
constexpr size_t kConfigurationSize = 4096;
constexpr size_t kDiscInformationSize = 34;
// 36 bytes hold all but the ROM compatibility address; what older drives and all burners use.
constexpr size_t kTrackInformationSize = 36;
constexpr size_t kTocTracksSize = 4 + 8 * 100;
constexpr size_t kTocSessionSize = 12;
constexpr size_t kWriteProtectionSize = 8;
constexpr size_t kWriteSpeedsSize =
    mmc::kPerformanceHeaderSize + 64 * mmc::kWriteSpeedDescriptorSize;
constexpr size_t kModePageSize = 8 + 2 + 255;

// The run-out behind a CD track written at once.
constexpr Sectors kRunOut{2};

bool IsBd(Profile profile) {
  return profile == Profile::kBdRom || profile == Profile::kBdRSequential ||
         profile == Profile::kBdRRandom || profile == Profile::kBdRe;
}

// READ TRACK INFORMATION knows the invisible track FFh on these only.
bool HasInvisibleTrack(Profile profile) {
  return profile == Profile::kCdR || profile == Profile::kCdRw || profile == Profile::kDvdPlusR ||
         profile == Profile::kDvdPlusRDualLayer;
}

int64_t SectorsPerSecond(Profile profile, uint32_t speed) {
  return mmc::ToSectors(mmc::KilobytesPerSecond(speed), profile).value();
}

TrackState ToTrackState(uint32_t number, const mmc::TrackInformation& info) {
  return TrackState{.number = TrackNumber(static_cast<uint16_t>(number)),
                    .session = SessionNumber(info.session),
                    .start = info.start,
                    .size = info.size,
                    .free = info.free,
                    .next_writable = info.next_writable,
                    .last_recorded = info.last_recorded,
                    .data = info.data(),
                    .blank = info.blank,
                    .reserved = info.reserved,
                    .damaged = info.damage,
                    .packet = info.packet};
}

// A table of contents lists 99 tracks of a disc that has more. The first track of its last session,
// which another answer tells, belongs behind them.
void AddUnlistedTrack(const mmc::TocTrack& track, std::vector<mmc::TocTrack>* listed) {
  if (listed->empty()) return;
  const mmc::TocTrack& last = listed->back();
  if (track.track > last.track && track.start > last.start) listed->push_back(track);
}

}  // namespace

MediaReader::MediaReader(MmcDevice* device, BlockReads* reads, MediaReaderOptions options)
    : device_(device),
      reads_(reads),
      options_(options),
      deadline_(device->clock().Now() + options.budget),
      generation_(device->generation()) {}

template <typename Cdb>
absl::StatusOr<absl::Span<const uint8_t>> MediaReader::Ask(const Cdb& cdb, size_t size) {
  if (device_->clock().Now() > deadline_) {
    return absl::UnavailableError(
        absl::StrCat(device_->name(), ": the medium's state was not read in time"));
  }
  // Zeroed: a transport that does not tell how much came must not show an older answer.
  buffer_.assign(size, 0);
  ASSIGN_OR_RETURN(const size_t received,
                   device_->Execute(mmc::MakeCommand(cdb, absl::MakeSpan(buffer_))));
  return absl::MakeConstSpan(buffer_).subspan(0, received);
}

template <typename T>
absl::StatusOr<std::optional<T>> MediaReader::Optional(absl::StatusOr<T> answer,
                                                       absl::string_view what) {
  if (answer.ok()) return std::optional<T>(*std::move(answer));
  const bool nonsense = absl::IsInternal(answer.status());
  if (device_->generation() != generation_ || (!nonsense && !IsRefusal(answer.status()))) {
    return answer.status();
  }
  if (nonsense && !what.empty()) Note(absl::StrCat(what, ": ", answer.status().message()));
  return std::optional<T>();
}

absl::StatusOr<MediaState> MediaReader::Read() {
  state_.present = true;
  RETURN_IF_ERROR(ReadConfiguration());
  RETURN_IF_ERROR(ReadDisc());
  RETURN_IF_ERROR(ReadCapacity());
  RETURN_IF_ERROR(ReadTracks());
  CheckTracks(state_);
  RETURN_IF_ERROR(ReadFormat());
  CheckBlank(state_);
  CheckReadable(state_);
  RETURN_IF_ERROR(ReadToc());
  RETURN_IF_ERROR(FindRunOut());
  RETURN_IF_ERROR(ReadWriteProtection());
  RETURN_IF_ERROR(ReadSpeeds());
  FindTotal(state_);
  return std::move(state_);
}

absl::Status MediaReader::ReadConfiguration() {
  const auto answer = Ask(mmc::GetConfigurationCdb{}, kConfigurationSize);
  if (!answer.ok()) return RefusalAsInternal(answer.status());
  ASSIGN_OR_RETURN(const mmc::Configuration configuration, mmc::DecodeConfiguration(*answer));
  state_.profile = configuration.current_profile;
  if (state_.profile == Profile::kNone) {
    Note("the drive is ready and names no profile");
  }
  std::vector<uint16_t>& features = state_.current_features;
  for (const mmc::Feature& feature : configuration.features) {
    if (feature.current) features.push_back(feature.code);
  }
  std::sort(features.begin(), features.end());
  features.erase(std::unique(features.begin(), features.end()), features.end());
  return absl::OkStatus();
}

absl::Status MediaReader::ReadDisc() {
  const auto answer = Ask(mmc::ReadDiscInformationCdb{}, kDiscInformationSize);
  if (!answer.ok() && mmc::IsReadOnly(state_.profile) && IsRefusal(answer.status())) {
    // Drives that only read need not know the command, and what they hold is complete.
    disc_ = {.disc_status = DiscStatus::kComplete, .last_session = LastSessionState::kComplete};
    disc_.first_track = 0;  // READ TOC tells
  } else if (!answer.ok()) {
    return RefusalAsInternal(answer.status());
  } else {
    ASSIGN_OR_RETURN(disc_, mmc::DecodeDiscInformation(*answer));
  }
  state_.disc_status = disc_.disc_status;
  state_.last_session = disc_.last_session;
  state_.background_format = disc_.background_format;
  state_.erasable = disc_.erasable;
  state_.sessions = disc_.sessions;
  return absl::OkStatus();
}

absl::StatusOr<mmc::TrackInformation> MediaReader::AskTrack(uint32_t number) {
  ASSIGN_OR_RETURN(const absl::Span<const uint8_t> answer,
                   Ask(mmc::ReadTrackInformationCdb{.address = number}, kTrackInformationSize));
  return mmc::DecodeTrackInformation(answer);
}

// By the number of the invisible track where there is one: by its own number not every drive gives
// its next writable address.
absl::StatusOr<mmc::TrackInformation> MediaReader::AskLastTrack(uint32_t number) {
  if (state_.disc_status == DiscStatus::kComplete || !HasInvisibleTrack(state_.profile)) {
    return AskTrack(number);
  }
  ASSIGN_OR_RETURN(const std::optional<mmc::TrackInformation> invisible,
                   Optional(AskTrack(mmc::kInvisibleTrack), ""));
  if (!invisible.has_value()) return AskTrack(number);
  if (invisible->track != number) {
    Note(absl::StrCat("READ TRACK INFORMATION of the invisible track describes track ",
                      invisible->track, ", the last one is ", number));
    return AskTrack(number);
  }
  return *invisible;
}

absl::Status MediaReader::ReadTracks() {
  const bool overwritable = mmc::IsOverwritable(state_.profile);
  if (disc_.first_track == 0 && mmc::IsReadOnly(state_.profile)) return TracksFromToc();
  const int first = overwritable ? 1 : std::max<int>(1, disc_.first_track);
  const int last = overwritable ? 1 : disc_.last_track_in_last_session;
  if (last < first || last - first >= options_.max_tracks) {
    return absl::InternalError(absl::StrCat(device_->name(), ": tracks ", first, " to ", last,
                                            " by READ DISC INFORMATION"));
  }
  for (int number = first; number <= last; ++number) {
    const absl::StatusOr<mmc::TrackInformation> info =
        number == last ? AskLastTrack(number) : AskTrack(number);
    if (info.ok()) {
      if (info->track != number) {
        Note(absl::StrCat("track ", number, ": the answer is of track ", info->track));
      }
      state_.tracks.push_back(ToTrackState(number, *info));
    } else if (overwritable && IsRefusal(info.status())) {
      // DVD-RAM drives may not know the command; the one track is the medium.
      state_.tracks.push_back(TrackState{.number = TrackNumber(1),
                                         .session = SessionNumber(1),
                                         .size = state_.readable.value_or(Sectors(0))});
    } else if (mmc::IsReadOnly(state_.profile) && IsRefusal(info.status())) {
      return TracksFromToc();
    } else {
      return RefusalAsInternal(info.status());
    }
  }
  return absl::OkStatus();
}

absl::Status MediaReader::TracksFromToc() {
  const auto answer = Ask(mmc::ReadTocCdb{.format = mmc::kTocTracks}, kTocTracksSize);
  if (!answer.ok()) return RefusalAsInternal(answer.status());
  ASSIGN_OR_RETURN(const mmc::TocTracks toc, mmc::DecodeTocTracks(*answer));
  const auto session = Ask(mmc::ReadTocCdb{.format = mmc::kTocSession}, kTocSessionSize);
  const auto lead_out =
      std::find_if(toc.tracks.begin(), toc.tracks.end(),
                   [](const mmc::TocTrack& entry) { return entry.track == mmc::kLeadOutTrack; });
  const Lba end = lead_out == toc.tracks.end() ? Lba(state_.readable.value_or(Sectors(0)).value())
                                               : lead_out->start;
  std::vector<mmc::TocTrack> listed(toc.tracks.begin(), lead_out);
  uint8_t first_of_last = 1;
  if (session.ok()) {
    if (const auto last = mmc::DecodeTocSession(*session); last.ok()) {
      state_.sessions = std::max<uint16_t>(1, last->last_session);
      first_of_last = last->first_track_in_last_session.track;
      AddUnlistedTrack(last->first_track_in_last_session, &listed);
    }
  }
  state_.tracks.clear();
  for (size_t i = 0; i < listed.size(); ++i) {
    const mmc::TocTrack& entry = listed[i];
    if (!state_.tracks.empty() && entry.track <= state_.tracks.back().number.value()) {
      Note(absl::StrCat("READ TOC lists track ", entry.track, " behind track ",
                        state_.tracks.back().number.value(), ": not used"));
      continue;
    }
    const Lba next = i + 1 < listed.size() ? listed[i + 1].start : end;
    const bool in_last = entry.track >= first_of_last;
    state_.tracks.push_back(TrackState{.number = TrackNumber(entry.track),
                                       .session = SessionNumber(in_last ? state_.sessions : 0),
                                       .start = entry.start,
                                       .size = std::max(Sectors(0), next - entry.start),
                                       .data = (entry.control & 0x4) != 0});
  }
  return absl::OkStatus();
}

absl::Status MediaReader::ReadCapacity() {
  const auto decode = [this]() -> absl::StatusOr<mmc::Capacity> {
    ASSIGN_OR_RETURN(const auto answer, Ask(mmc::ReadCapacityCdb{}, mmc::kReadCapacitySize));
    return mmc::DecodeCapacity(answer);
  };
  // Many drives refuse it for a blank disc.
  ASSIGN_OR_RETURN(const std::optional<mmc::Capacity> capacity, Optional(decode(), "capacity"));
  if (!capacity.has_value()) return absl::OkStatus();
  state_.readable = Sectors(int64_t{capacity->last_lba} + 1);
  if (capacity->block_length != kSectorSize && disc_.disc_status != DiscStatus::kBlank) {
    Note(absl::StrCat("READ CAPACITY gives a block length of ", capacity->block_length));
  }
  return absl::OkStatus();
}

absl::Status MediaReader::ReadFormat() {
  if (!mmc::IsOverwritable(state_.profile) && state_.profile != Profile::kBdRSequential &&
      state_.profile != Profile::kBdRRandom) {
    return absl::OkStatus();
  }
  const auto decode = [this]() -> absl::StatusOr<mmc::FormatCapacities> {
    ASSIGN_OR_RETURN(const auto answer,
                     Ask(mmc::ReadFormatCapacitiesCdb{}, mmc::kMaxFormatCapacitiesSize));
    return mmc::DecodeFormatCapacities(answer);
  };
  ASSIGN_OR_RETURN(const std::optional<mmc::FormatCapacities> capacities,
                   Optional(decode(), "format capacities"));
  if (!capacities.has_value()) return absl::OkStatus();
  if (capacities->type == mmc::FormatDescriptor::kReserved) {
    Note("READ FORMAT CAPACITIES describes the medium by the reserved type 0");
    return absl::OkStatus();
  }
  state_.format = capacities->type;
  if (Sectors(capacities->blocks) <= kMostSectors) {
    state_.format_capacity = Sectors(capacities->blocks);
  }
  return absl::OkStatus();
}

absl::Status MediaReader::ReadToc() {
  // Overwritable media have no sessions that a table could tell of, blank ones no table.
  if (mmc::IsOverwritable(state_.profile) || state_.disc_status == DiscStatus::kBlank) {
    return absl::OkStatus();
  }
  const auto tracks = [this]() -> absl::StatusOr<mmc::TocTracks> {
    ASSIGN_OR_RETURN(const auto answer,
                     Ask(mmc::ReadTocCdb{.format = mmc::kTocTracks}, kTocTracksSize));
    return mmc::DecodeTocTracks(answer);
  };
  ASSIGN_OR_RETURN(const std::optional<mmc::TocTracks> toc, Optional(tracks(), "tracks' table"));
  if (toc.has_value()) CheckToc(*toc, state_);
  const auto session = [this]() -> absl::StatusOr<mmc::TocSession> {
    ASSIGN_OR_RETURN(const auto answer,
                     Ask(mmc::ReadTocCdb{.format = mmc::kTocSession}, kTocSessionSize));
    return mmc::DecodeTocSession(answer);
  };
  ASSIGN_OR_RETURN(const std::optional<mmc::TocSession> last,
                   Optional(session(), "sessions' table"));
  if (last.has_value()) CheckTocSession(*last, state_);
  return absl::OkStatus();
}

// Only the drive knows whether a CD track was written at once, and it tells by not reading the two
// blocks of run-out that its addresses include.
absl::Status MediaReader::FindRunOut() {
  const TrackState* first = state_.LastCompleteSessionStart();
  if (!mmc::IsCd(state_.profile) || first == nullptr) return absl::OkStatus();
  const auto last =
      std::find_if(state_.tracks.rbegin(), state_.tracks.rend(),
                   [first](const TrackState& track) { return track.session == first->session; });
  if (!last->data || last->size <= kRunOut || last->start < Lba(0)) return absl::OkStatus();
  buffer_.assign(kRunOut.bytes(), 0);
  const absl::Status read =
      reads_->Read(last->start + last->size - kRunOut, absl::MakeSpan(buffer_));
  if (read.ok()) return absl::OkStatus();
  if (!IsRefusal(read)) return read;
  last->run_out = kRunOut;
  return absl::OkStatus();
}

absl::Status MediaReader::ReadWriteProtection() {
  // CDs have none, and what nobody writes needs none.
  if (mmc::IsCd(state_.profile) || mmc::IsReadOnly(state_.profile)) return absl::OkStatus();
  const auto decode = [this]() -> absl::StatusOr<mmc::WriteProtection> {
    ASSIGN_OR_RETURN(const auto answer,
                     Ask(mmc::ReadDiscStructureCdb{.media_type = IsBd(state_.profile),
                                                   .format = mmc::kWriteProtectionStatus},
                         kWriteProtectionSize));
    return mmc::DecodeWriteProtection(answer);
  };
  ASSIGN_OR_RETURN(const std::optional<mmc::WriteProtection> protection, Optional(decode(), ""));
  state_.write_protected = protection.has_value() && protection->any();
  return absl::OkStatus();
}

absl::Status MediaReader::ReadSpeeds() {
  if (mmc::IsReadOnly(state_.profile)) return absl::OkStatus();
  const auto performance = [this]() -> absl::StatusOr<mmc::WriteSpeeds> {
    ASSIGN_OR_RETURN(const auto answer, Ask(mmc::GetPerformanceCdb{}, kWriteSpeedsSize));
    return mmc::DecodeWriteSpeeds(answer);
  };
  const auto page = [this]() -> absl::StatusOr<mmc::Capabilities> {
    ASSIGN_OR_RETURN(const auto answer,
                     Ask(mmc::ModeSenseCdb{.page = mmc::kCapabilitiesPage}, kModePageSize));
    ASSIGN_OR_RETURN(const mmc::ModeData mode, mmc::DecodeModeData(answer));
    const mmc::ModePage* found = mode.Find(mmc::kCapabilitiesPage);
    if (found == nullptr) return absl::InternalError("MODE SENSE: page 2Ah did not come");
    return mmc::DecodeCapabilities(*found);
  };
  ASSIGN_OR_RETURN(const std::optional<mmc::WriteSpeeds> speeds, Optional(performance(), ""));
  ASSIGN_OR_RETURN(const std::optional<mmc::Capabilities> capabilities, Optional(page(), ""));
  std::vector<int64_t>& found = state_.write_speeds;
  if (speeds.has_value()) {
    for (const mmc::WriteSpeed& speed : speeds->speeds) {
      found.push_back(SectorsPerSecond(state_.profile, speed.write_speed));
    }
  }
  if (capabilities.has_value()) {
    for (const uint16_t speed : capabilities->write_speeds) {
      if (!speeds.has_value()) found.push_back(SectorsPerSecond(state_.profile, speed));
    }
    if (capabilities->current_write_speed != 0) {
      state_.current_write_speed =
          SectorsPerSecond(state_.profile, capabilities->current_write_speed);
    }
  }
  std::erase(found, 0);
  std::sort(found.begin(), found.end(), std::greater<>());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return absl::OkStatus();
}

}  // namespace carousel
