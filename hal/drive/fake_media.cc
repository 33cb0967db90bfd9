#include "hal/drive/fake_media.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace carousel {
namespace {

// Features that say how the medium is written (MMC-6 5.3).
std::vector<uint16_t> WritingFeatures(mmc::Profile profile) {
  switch (profile) {
    case mmc::Profile::kCdR:
    case mmc::Profile::kCdRw:
      return {0x002D};
    case mmc::Profile::kDvdR:
    case mmc::Profile::kDvdRwSequential:
      return {0x0021, 0x002F};
    case mmc::Profile::kDvdRDualLayer:
      return {0x002F};
    default:
      return {};
  }
}

MediaState Present(mmc::Profile profile) {
  return MediaState{.present = true,
                    .profile = profile,
                    .current_features = WritingFeatures(profile),
                    .erasable = profile == mmc::Profile::kCdRw ||
                                profile == mmc::Profile::kDvdRwSequential ||
                                mmc::IsOverwritable(profile)};
}

TrackState ClosedTrack(size_t index, const FakeSession& session) {
  return TrackState{.number = TrackNumber(index + 1),
                    .session = SessionNumber(index + 1),
                    .start = session.start,
                    .size = session.size};
}

void AddClosed(absl::Span<const FakeSession> sessions, MediaState& state) {
  for (size_t i = 0; i < sessions.size(); ++i) {
    state.tracks.push_back(ClosedTrack(i, sessions[i]));
  }
  if (sessions.empty()) return;
  state.readable = Sectors((sessions.back().start + sessions.back().size).value());
  state.toc_last_session_start = sessions.back().start;
}

}  // namespace

MediaState BlankMedia(mmc::Profile profile, Sectors capacity) {
  MediaState state = Present(profile);
  state.sessions = 1;
  state.total = capacity;
  state.tracks = {TrackState{.number = TrackNumber(1),
                             .session = SessionNumber(1),
                             .size = capacity,
                             .free = capacity,
                             .next_writable = Lba(0),
                             .blank = true}};
  return state;
}

MediaState AppendableMedia(mmc::Profile profile, absl::Span<const FakeSession> sessions,
                           Lba next_writable, Sectors capacity) {
  MediaState state = Present(profile);
  state.disc_status = DiscStatus::kAppendable;
  state.sessions = sessions.size() + 1;
  state.total = capacity;
  AddClosed(sessions, state);
  const Sectors free(std::max<int64_t>(0, capacity.value() - next_writable.value()));
  state.tracks.push_back(TrackState{.number = TrackNumber(sessions.size() + 1),
                                    .session = SessionNumber(sessions.size() + 1),
                                    .start = next_writable,
                                    .size = free,
                                    .free = free,
                                    .next_writable = next_writable,
                                    .blank = true});
  return state;
}

MediaState OpenSessionMedia(mmc::Profile profile, absl::Span<const FakeSession> sessions,
                            Lba next_writable, Sectors written, Sectors capacity) {
  MediaState state = AppendableMedia(profile, sessions, next_writable, capacity);
  state.last_session = LastSessionState::kIncomplete;
  TrackState& track = state.tracks.back();
  track.next_writable = next_writable + written;
  track.free -= written;
  track.blank = false;
  return state;
}

MediaState FinalizedMedia(mmc::Profile profile, absl::Span<const FakeSession> sessions) {
  MediaState state = Present(profile);
  state.disc_status = DiscStatus::kComplete;
  state.last_session = LastSessionState::kComplete;
  state.sessions = sessions.size();
  AddClosed(sessions, state);
  state.total = state.readable.value_or(Sectors(0));
  return state;
}

MediaState OverwritableMedia(mmc::Profile profile, Sectors capacity) {
  const FakeSession whole{.start = Lba(0), .size = capacity};
  MediaState state = FinalizedMedia(profile, absl::MakeConstSpan(&whole, 1));
  // DVD-RAM says "others".
  if (profile == mmc::Profile::kDvdRam) state.disc_status = DiscStatus::kOther;
  if (profile == mmc::Profile::kDvdPlusRw) state.background_format = BackgroundFormat::kComplete;
  state.format = FormatDescriptor::kFormatted;
  state.format_capacity = capacity;
  return state;
}

}  // namespace carousel
