#include "server/disc_format/media_classification.h"

#include "hal/mmc/profile.h"

namespace carousel {
namespace {

using mmc::Profile;

// HD DVD profiles (MMC-6 table 94), which no drive of the service writes.
constexpr Profile kHdDvdRom = static_cast<Profile>(0x0050);
constexpr Profile kHdDvdR = static_cast<Profile>(0x0051);
constexpr Profile kHdDvdRam = static_cast<Profile>(0x0052);

// Incremental Streaming Writable (MMC-6 5.3.11): without it a DVD-RW takes one session, written
// disc at once.
constexpr uint16_t kIncrementalStreaming = 0x0021;

// IMAPI_MEDIA_WRITE_PROTECT_STATE.
constexpr uint32_t kProtectedByMedia = 0x0004;
constexpr uint32_t kReadOnlyMedia = 0x4000;

// The most tracks of a disc whose table of contents counts them in two BCD digits (CD), and the
// most RZones of a DVD-R.
constexpr int kMostTracks = 99;
// Sessions that the control data of a DVD+R and of a DVD+R DL have room for (drive manuals).
constexpr int kMostSessionsPlusR = 153;
constexpr int kMostSessionsPlusRDualLayer = 127;

// CD: after the next session, of a shortest track (4 s and two run-out blocks, MMC-6 4.2), comes a
// gap before the one after it, which needs a shortest track again. Only an estimate of what still
// fits: where a session begins is the drive's to say.
constexpr Sectors kShortestCdTrack(302);
constexpr Sectors kCdGap(6'900);
constexpr Sectors kTwoCdSessions = kShortestCdTrack + kCdGap + kShortestCdTrack;

// Write units: DVD ECC block, BD cluster (MMC-6 4.3, 4.4).
constexpr Sectors kDvdUnit(16);
constexpr Sectors kBdUnit(32);

PhysicalMediaType RomTypeOf(Profile profile) {
  switch (profile) {
    case Profile::kCdRom:
    case Profile::kCdR:
    case Profile::kCdRw:
      return PhysicalMediaType::kCdRom;
    case Profile::kBdRom:
    case Profile::kBdRSequential:
    case Profile::kBdRRandom:
    case Profile::kBdRe:
      return PhysicalMediaType::kBdRom;
    default:
      return PhysicalMediaType::kDvdRom;
  }
}

PhysicalMediaType TypeOfProfile(Profile profile) {
  switch (profile) {
    case Profile::kRemovableDisk:
      return PhysicalMediaType::kDisk;
    case Profile::kCdRom:
    case Profile::kDvdRom:
    case Profile::kBdRom:
      return RomTypeOf(profile);
    case Profile::kCdR:
      return PhysicalMediaType::kCdR;
    case Profile::kCdRw:
      return PhysicalMediaType::kCdRw;
    case Profile::kDvdR:
      return PhysicalMediaType::kDvdDashR;
    case Profile::kDvdRam:
      return PhysicalMediaType::kDvdRam;
    case Profile::kDvdRwRestrictedOverwrite:
    case Profile::kDvdRwSequential:
      return PhysicalMediaType::kDvdDashRw;
    case Profile::kDvdRDualLayer:
      return PhysicalMediaType::kDvdDashRDualLayer;
    case Profile::kDvdPlusRw:
      return PhysicalMediaType::kDvdPlusRw;
    case Profile::kDvdPlusR:
      return PhysicalMediaType::kDvdPlusR;
    case Profile::kDvdPlusRwDualLayer:
      return PhysicalMediaType::kDvdPlusRwDualLayer;
    case Profile::kDvdPlusRDualLayer:
      return PhysicalMediaType::kDvdPlusRDualLayer;
    case Profile::kBdRSequential:
    case Profile::kBdRRandom:
      return PhysicalMediaType::kBdR;
    case Profile::kBdRe:
      return PhysicalMediaType::kBdRe;
    case Profile::kNone:
      return PhysicalMediaType::kUnknown;
  }
  if (profile == kHdDvdRom) return PhysicalMediaType::kHdDvdRom;
  if (profile == kHdDvdR) return PhysicalMediaType::kHdDvdR;
  if (profile == kHdDvdRam) return PhysicalMediaType::kHdDvdRam;
  return PhysicalMediaType::kUnknown;
}

// Closed for ever unless it is erased.
bool IsComplete(const MediaState& state) {
  return state.disc_status == DiscStatus::kComplete && !mmc::IsOverwritable(state.profile);
}

// The next session is the last that the medium has room for.
bool TakesOneMoreSession(const MediaState& state) {
  const TrackState* next = state.AppendTrack();
  if (next == nullptr) return false;
  switch (state.profile) {
    case Profile::kDvdPlusR:
      return next->session.value() >= kMostSessionsPlusR;
    case Profile::kDvdPlusRDualLayer:
      return next->session.value() >= kMostSessionsPlusRDualLayer;
    case Profile::kDvdR:
    case Profile::kDvdRwSequential:
      return next->number.value() >= kMostTracks || !state.HasFeature(kIncrementalStreaming);
    case Profile::kDvdRDualLayer:
      return true;
    case Profile::kCdR:
    case Profile::kCdRw:
      return next->number.value() >= kMostTracks || next->free < kTwoCdSessions;
    default:
      return false;
  }
}

bool HasDamagedTrack(const MediaState& state) {
  for (const TrackState& track : state.tracks) {
    if (track.damaged) return true;
  }
  return false;
}

uint32_t SequentialStatusOf(const MediaState& state) {
  if (IsPhysicallyBlank(state)) {
    return media_status::kBlank | media_status::kAppendable |
           (TakesOneMoreSession(state) ? media_status::kFinalSession : 0);
  }
  if (IsComplete(state)) return media_status::kFinalized;
  if (state.disc_status != DiscStatus::kAppendable) return media_status::kUnsupportedMedia;
  if (state.last_session == LastSessionState::kDamaged || HasDamagedTrack(state)) {
    return media_status::kDamaged | media_status::kNonEmptySession;
  }
  if (state.last_session == LastSessionState::kIncomplete) return media_status::kNonEmptySession;
  return media_status::kAppendable | (TakesOneMoreSession(state) ? media_status::kFinalSession : 0);
}

}  // namespace

PhysicalMediaType PhysicalMediaTypeOf(const MediaState& state) {
  if (IsComplete(state) && !state.erasable) return RomTypeOf(state.profile);
  return TypeOfProfile(state.profile);
}

MultisessionClass MultisessionClassOf(const MediaState& state) {
  if (mmc::IsOverwritable(state.profile)) return MultisessionClass::kOverwritable;
  switch (PhysicalMediaTypeOf(state)) {
    case PhysicalMediaType::kCdR:
    case PhysicalMediaType::kCdRw:
    case PhysicalMediaType::kDvdPlusR:
    case PhysicalMediaType::kDvdPlusRDualLayer:
    case PhysicalMediaType::kDvdDashR:
      return MultisessionClass::kSequential;
    case PhysicalMediaType::kDvdDashRw:
      return IsPhysicallyBlank(state) ? MultisessionClass::kOverwritable
                                      : MultisessionClass::kSequential;
    case PhysicalMediaType::kBdR:
      return state.profile == Profile::kBdRSequential && !state.IsPseudoOverwrite()
                 ? MultisessionClass::kSequential
                 : MultisessionClass::kNone;
    default:
      return MultisessionClass::kNone;
  }
}

bool IsPhysicallyBlank(const MediaState& state) {
  if (mmc::IsReadOnly(state.profile)) return false;
  if (state.disc_status == DiscStatus::kBlank) return true;
  return state.disc_status == DiscStatus::kAppendable && state.sessions <= 1 &&
         state.last_session == LastSessionState::kEmpty && !mmc::IsOverwritable(state.profile);
}

uint32_t MediaStatusBitsOf(const MediaState& state) {
  uint32_t bits =
      state.write_protected || mmc::IsReadOnly(state.profile) ? media_status::kWriteProtected : 0;
  if (mmc::IsOverwritable(state.profile)) {
    return bits | media_status::kOverwriteOnly | media_status::kAppendable |
           (IsPhysicallyBlank(state) ? media_status::kBlank : 0);
  }
  if (mmc::IsReadOnly(state.profile)) return bits | media_status::kUnsupportedMedia;
  bits |= SequentialStatusOf(state);
  if (MultisessionClassOf(state) == MultisessionClass::kOverwritable) {
    bits |= media_status::kOverwriteOnly;
  }
  const bool finalized = (bits & media_status::kFinalized) != 0;
  if (MultisessionClassOf(state) == MultisessionClass::kNone && !finalized) {
    bits = (bits & ~media_status::kAppendable) | media_status::kUnsupportedMedia;
  }
  return bits;
}

uint32_t WriteProtectBitsOf(const MediaState& state) {
  if (mmc::IsReadOnly(state.profile)) return kReadOnlyMedia;
  return state.write_protected ? kProtectedByMedia : 0;
}

Sectors WriteUnitOf(Profile profile) {
  switch (profile) {
    case Profile::kCdRom:
    case Profile::kCdR:
    case Profile::kCdRw:
    case Profile::kRemovableDisk:
      return Sectors(1);
    case Profile::kBdRom:
    case Profile::kBdRSequential:
    case Profile::kBdRRandom:
    case Profile::kBdRe:
      return kBdUnit;
    default:
      return kDvdUnit;
  }
}

}  // namespace carousel
