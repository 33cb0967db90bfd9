#include "hal/drive/media_state.h"

#include <algorithm>

namespace carousel {
namespace {

constexpr uint16_t kPseudoOverwriteFeature = 0x0038;  // MMC-6 5.3.32

}  // namespace

bool MediaState::HasFeature(uint16_t code) const {
  return std::find(current_features.begin(), current_features.end(), code) !=
         current_features.end();
}

bool MediaState::IsPseudoOverwrite() const {
  return present && profile == mmc::Profile::kBdRSequential &&
         HasFeature(kPseudoOverwriteFeature) &&
         (disc_status != DiscStatus::kBlank || format == FormatDescriptor::kFormatted);
}

const TrackState* MediaState::AppendTrack() const {
  if (tracks.empty() || !tracks.back().next_writable.has_value()) return nullptr;
  return &tracks.back();
}

const TrackState* MediaState::LastCompleteSessionStart() const {
  // The last session is complete on finalized and overwritable media; otherwise it is the empty or
  // open one.
  const bool last_is_complete = last_session == LastSessionState::kComplete;
  const int complete = sessions - (last_is_complete ? 0 : 1);
  if (complete < 1) return nullptr;
  const auto first = std::find_if(
      tracks.begin(), tracks.end(),
      [complete](const TrackState& track) { return track.session.value() == complete; });
  return first == tracks.end() ? nullptr : &*first;
}

Lba MediaState::ReadableEnd() const {
  if (readable.has_value() && mmc::IsOverwritable(profile)) return Lba(readable->value());
  const TrackState* start = LastCompleteSessionStart();
  if (start == nullptr) return Lba(readable.value_or(Sectors(0)).value());
  Lba end = start->start;
  for (const TrackState& track : tracks) {
    if (track.session != start->session) continue;
    end = std::max(end, track.start + track.size - track.run_out);
  }
  return end;
}

}  // namespace carousel
