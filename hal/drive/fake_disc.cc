#include "hal/drive/fake_disc.h"

#include <algorithm>
#include <utility>

#include "hal/base/status_macros.h"
#include "hal/drive/fake_media.h"
#include "hal/mmc/profile.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

using mmc::Profile;
namespace opcode = scsi::opcode;

constexpr uint8_t kAtOnce = 2;             // write type of page 05h
constexpr uint16_t kIncremental = 0x0021;  // feature

absl::Status Illegal(uint8_t code, uint8_t asc, uint8_t ascq) {
  return scsi::SenseStatus(
      scsi::Sense{.key = scsi::SenseKey::kIllegalRequest, .asc = asc, .ascq = ascq}, code,
      "fake disc");
}

bool IsDvdMinus(Profile profile) {
  return profile == Profile::kDvdR || profile == Profile::kDvdRwSequential ||
         profile == Profile::kDvdRDualLayer;
}

bool IsDvdPlusR(Profile profile) {
  return profile == Profile::kDvdPlusR || profile == Profile::kDvdPlusRDualLayer;
}

bool HasWriteParameters(Profile profile) { return mmc::IsCd(profile) || IsDvdMinus(profile); }

Sectors UnitOf(Profile profile) {
  if (mmc::IsCd(profile)) return Sectors(1);
  return profile == Profile::kBdRSequential ? Sectors(32) : Sectors(16);
}

// From the end of a session to the start of the next; `first`: behind the first session.
Sectors GapOf(Profile profile, bool first) {
  if (mmc::IsCd(profile)) return Sectors(first ? 11'400 : 6'900);
  if (IsDvdMinus(profile)) return Sectors(first ? 28'688 : 6'000);
  return Sectors(IsDvdPlusR(profile) ? 2'048 : 0);
}

bool Knows(Profile profile, SessionClose how) {
  switch (how) {
    case SessionClose::kNone:
      return false;
    case SessionClose::kStopFormat:
      return profile == Profile::kDvdPlusRw || profile == Profile::kDvdPlusRwDualLayer;
    case SessionClose::kSession:
      return profile != Profile::kBdRe && profile != Profile::kDvdRam;
    case SessionClose::kFinalizeMinimalRadius:
      return IsDvdPlusR(profile);
    case SessionClose::kFinalize:
      return IsDvdPlusR(profile) || profile == Profile::kBdRSequential;
  }
  return false;
}

}  // namespace

FakeDisc::FakeDisc(MediaState state, std::shared_ptr<const FakeImage> image)
    : state_(std::move(state)), image_(std::move(image)) {}

void FakeDisc::Read(Lba start, absl::Span<uint8_t> out) const {
  std::fill(out.begin(), out.end(), 0);
  if (image_ != nullptr) image_->Read(start, out);
  written_->ReadOver(start, out);
  const Lba end = start + Sectors(out.size() / kSectorSize);
  for (const Buffered& part : buffered_) {
    const Lba part_end = part.start + Sectors(part.sectors.size() / kSectorSize);
    const Lba from = std::max(start, part.start);
    const Lba to = std::min(end, part_end);
    if (from >= to) continue;
    std::copy_n(part.sectors.begin() + (from - part.start).bytes(), (to - from).bytes(),
                out.begin() + (from - start).bytes());
  }
}

bool FakeDisc::IsReadable(Lba start, Sectors count) const {
  if (start + count <= state_.ReadableEnd()) return true;
  const TrackState* track = state_.AppendTrack();
  return track != nullptr && start >= track->start && start + count <= *track->next_writable;
}

TrackState* FakeDisc::OpenTrack() {
  return state_.AppendTrack() == nullptr ? nullptr : &state_.tracks.back();
}

bool FakeDisc::IsMultiSessionByPage() const {
  return !HasWriteParameters(state_.profile) || parameters_.multi_session != 0;
}

absl::Status FakeDisc::SetWriteParameters(const mmc::WriteParameters& parameters) {
  if (!HasWriteParameters(state_.profile)) return Illegal(opcode::kModeSelect10, 0x26, 0x00);
  parameters_ = parameters;
  return absl::OkStatus();
}

absl::Status FakeDisc::Write(Lba start, absl::Span<const uint8_t> sectors) {
  const Sectors count(sectors.size() / kSectorSize);
  if (mmc::IsOverwritable(state_.profile)) {
    const Lba end(state_.readable.value_or(Sectors(0)).value());
    if (start < Lba(0) || start + count > end) return Illegal(opcode::kWrite10, 0x21, 0x00);
  } else {
    TrackState* track = OpenTrack();
    if (track == nullptr) return Illegal(opcode::kWrite10, 0x30, 0x05);
    if (at_once_only_ && parameters_.write_type != kAtOnce) {
      return Illegal(opcode::kWrite10, 0x64, 0x00);
    }
    if (parameters_.test_write) return absl::OkStatus();
    if (start != *track->next_writable) return Illegal(opcode::kWrite10, 0x21, 0x02);
    if (count > track->free) return Illegal(opcode::kWrite10, 0x63, 0x00);
    track->next_writable = start + count;
    track->free -= count;
    track->blank = false;
    state_.disc_status = DiscStatus::kAppendable;
    state_.last_session = LastSessionState::kIncomplete;
  }
  buffered_.push_back({.start = start, .sectors = {sectors.begin(), sectors.end()}});
  return absl::OkStatus();
}

void FakeDisc::Synchronize() {
  for (const Buffered& part : buffered_) written_->Write(part.start, part.sectors);
  buffered_.clear();
  TrackState* track = OpenTrack();
  if (track == nullptr || track->blank) return;
  const Lba padded = RoundUp(*track->next_writable, UnitOf(state_.profile));
  track->free = std::max(Sectors(0), track->free - (padded - *track->next_writable));
  track->next_writable = padded;
  if (track->reserved && track->free == Sectors(0)) {
    track->next_writable.reset();
    Complete();
  }
}

absl::Status FakeDisc::ReserveTrack(Sectors size) {
  TrackState* track = OpenTrack();
  if (track == nullptr) return Illegal(opcode::kReserveTrack, 0x30, 0x05);
  if (track->reserved || !track->blank) return Illegal(opcode::kReserveTrack, 0x2C, 0x00);
  if (size > track->free) return Illegal(opcode::kReserveTrack, 0x63, 0x00);
  track->reserved = true;
  track->size = size;
  track->free = size;
  return absl::OkStatus();
}

absl::Status FakeDisc::CloseTrack(TrackNumber number) {
  TrackState* track = OpenTrack();
  if (mmc::IsOverwritable(state_.profile) || track == nullptr || track->number != number) {
    return Illegal(opcode::kCloseTrackSession, 0x24, 0x00);
  }
  if (parameters_.test_write) return Illegal(opcode::kCloseTrackSession, 0x2C, 0x00);
  if (track->blank) return absl::OkStatus();
  Synchronize();
  if (!track->next_writable.has_value()) return absl::OkStatus();
  track->run_out = Sectors(mmc::IsCd(state_.profile) ? 2 : 0);
  track->size = *track->next_writable - track->start + track->run_out;
  track->free = Sectors(0);
  track->next_writable.reset();
  return absl::OkStatus();
}

absl::Status FakeDisc::CloseSession(SessionClose how) {
  if (!Knows(state_.profile, how)) return Illegal(opcode::kCloseTrackSession, 0x24, 0x00);
  if (mmc::IsOverwritable(state_.profile)) {
    state_.background_format = state_.background_format == BackgroundFormat::kRunning
                                   ? BackgroundFormat::kSuspended
                                   : state_.background_format;
    return absl::OkStatus();
  }
  const TrackState* track = OpenTrack();
  const bool open = track != nullptr && !track->blank;
  if (open && mmc::IsCd(state_.profile)) {
    RETURN_IF_ERROR(CloseTrack(track->number));
  } else if (open) {
    return Illegal(opcode::kCloseTrackSession, 0x72, 0x03);
  }
  const bool finalize = how != SessionClose::kSession || !IsMultiSessionByPage();
  const bool empty = state_.last_session == LastSessionState::kEmpty;
  if (finalize && empty && state_.sessions > 1) {
    state_.tracks.pop_back();
    --state_.sessions;
    Complete();
  } else if (!empty && finalize) {
    Complete();
  } else if (!empty) {
    OpenNextSession();
  }
  return absl::OkStatus();
}

void FakeDisc::Complete() {
  state_.disc_status = DiscStatus::kComplete;
  state_.last_session = LastSessionState::kComplete;
  const TrackState& last = state_.tracks.back();
  state_.readable = Sectors((last.start + last.size).value());
  state_.toc_last_session_start = last.start;
}

void FakeDisc::OpenNextSession() {
  const TrackState& last = state_.tracks.back();
  const Lba end = last.start + last.size;
  const Lba start =
      RoundUp(end + GapOf(state_.profile, state_.sessions == 1), UnitOf(state_.profile));
  const Sectors free = Lba(state_.total.value()) - start;
  if (free <= Sectors(0)) return Complete();
  state_.readable = Sectors(end.value());
  state_.toc_last_session_start = last.start;
  state_.last_session = LastSessionState::kEmpty;
  ++state_.sessions;
  state_.tracks.push_back(TrackState{.number = TrackNumber(last.number.value() + 1),
                                     .session = SessionNumber(state_.sessions),
                                     .start = start,
                                     .size = free,
                                     .free = free,
                                     .next_writable = start,
                                     .blank = true});
}

absl::Status FakeDisc::Blank(BlankExtent extent) {
  if (state_.profile != Profile::kCdRw && state_.profile != Profile::kDvdRwSequential) {
    return Illegal(opcode::kBlank, 0x30, 0x05);
  }
  MediaState blank = BlankMedia(state_.profile, state_.total);
  at_once_only_ = state_.profile == Profile::kDvdRwSequential && extent == BlankExtent::kMinimal;
  if (at_once_only_) std::erase(blank.current_features, kIncremental);
  state_ = std::move(blank);
  image_ = nullptr;
  written_ = std::make_unique<FakeImage>();
  buffered_.clear();
  return absl::OkStatus();
}

absl::Status FakeDisc::Format(const mmc::FormatParameters& format) {
  Profile profile = state_.profile;
  switch (profile) {
    case Profile::kDvdRwSequential:
      profile = Profile::kDvdRwRestrictedOverwrite;
      break;
    case Profile::kDvdRwRestrictedOverwrite:
    case Profile::kDvdPlusRw:
    case Profile::kDvdPlusRwDualLayer:
    case Profile::kDvdRam:
    case Profile::kBdRe:
      break;
    default:
      return Illegal(opcode::kFormatUnit, 0x26, 0x00);
  }
  const Sectors size = format.size.value_or(state_.total);
  if (size > state_.total) return Illegal(opcode::kFormatUnit, 0x26, 0x00);
  state_ = OverwritableMedia(profile, size > Sectors(0) ? size : state_.total);
  return absl::OkStatus();
}

void FakeDisc::LosePower() {
  if (buffered_.empty()) return;
  const Lba synchronized = buffered_.front().start;
  buffered_.clear();
  TrackState* track = OpenTrack();
  if (track == nullptr || mmc::IsOverwritable(state_.profile)) return;
  if (HasWriteParameters(state_.profile)) {
    track->damaged = true;
    track->next_writable.reset();
    track->free = Sectors(0);
    state_.last_session = LastSessionState::kDamaged;
    return;
  }
  track->free += *track->next_writable - synchronized;
  track->next_writable = synchronized;
  if (synchronized > track->start) return;
  track->blank = true;
  state_.last_session = LastSessionState::kEmpty;
  if (state_.sessions == 1) state_.disc_status = DiscStatus::kBlank;
}

}  // namespace carousel
