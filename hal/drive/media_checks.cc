#include "hal/drive/media_checks.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"

namespace carousel {
namespace {

// READ CAPACITY and the tracks may differ by run-out, post-gap and padding to a unit without that
// anything is wrong.
constexpr int64_t kTolerance = 152;

std::string Name(const TrackState& track) { return absl::StrCat("track ", track.number.value()); }

void CheckSession(const TrackState* previous, const MediaState& state, TrackState& track,
                  std::vector<std::string>& notes) {
  const uint16_t least = previous == nullptr ? 1 : previous->session.value();
  if (track.session.value() == 0) {
    // Not told. One session a track is what writers of multi-session discs make.
    const uint16_t most = std::max(state.sessions, least);
    track.session = SessionNumber(std::clamp<uint16_t>(track.number.value(), least, most));
    notes.push_back(absl::StrCat(Name(track), ": the drive names no session, session ",
                                 track.session.value(), " is assumed"));
  } else if (track.session.value() < least) {
    notes.push_back(
        absl::StrCat(Name(track), ": session ", track.session.value(), " after session ", least));
    track.session = SessionNumber(least);
  }
}

void CheckNextWritable(const MediaState& state, TrackState& track,
                       std::vector<std::string>& notes) {
  if (!track.next_writable.has_value()) return;
  const Lba nwa = *track.next_writable;
  if (nwa >= track.start && nwa <= track.start + track.size) return;
  const std::string text =
      absl::StrCat(Name(track), ": next writable address ", nwa.value(), " is outside of it, ");
  if (state.disc_status == DiscStatus::kBlank && nwa < Lba(0)) {
    notes.push_back(absl::StrCat(text, "its start is taken"));
    track.next_writable = track.start;
  } else {
    notes.push_back(absl::StrCat(text, "it is not used"));
    track.next_writable.reset();
  }
}

bool IsNonsense(Lba start, Sectors size) { return start + size > Lba(0) + kMostSectors; }

}  // namespace

void CheckTracks(MediaState& state) {
  std::vector<std::string> notes;
  const TrackState* previous = nullptr;
  for (TrackState& track : state.tracks) {
    CheckSession(previous, state, track, notes);
    CheckNextWritable(state, track, notes);
    if (IsNonsense(track.start, track.size)) {
      notes.push_back(absl::StrCat(Name(track), ": ", track.size.value(), " sectors from LBA ",
                                   track.start.value(), " are more than a disc has"));
    }
    if (previous != nullptr && track.start < previous->start + previous->size) {
      notes.push_back(absl::StrCat(Name(track), ": begins at LBA ", track.start.value(),
                                   ", inside of ", Name(*previous)));
    }
    previous = &track;
  }
  if (previous != nullptr && !mmc::IsOverwritable(state.profile) &&
      previous->session.value() != state.sessions) {
    notes.push_back(absl::StrCat("READ DISC INFORMATION counts ", state.sessions,
                                 " sessions, the last track is of session ",
                                 previous->session.value()));
    state.sessions = previous->session.value();
  }
  state.contradictions.insert(state.contradictions.end(), notes.begin(), notes.end());
}

void CheckBlank(MediaState& state) {
  if (state.disc_status != DiscStatus::kAppendable || mmc::IsOverwritable(state.profile)) return;
  if (state.last_session != LastSessionState::kEmpty || state.sessions != 1) return;
  if (state.readable.value_or(Sectors(0)) > Sectors(1) || state.tracks.size() != 1) return;
  const TrackState& track = state.tracks.front();
  if (track.next_writable != track.start) return;
  state.disc_status = DiscStatus::kBlank;
  state.contradictions.push_back(
      "the drive says appendable of a disc with one empty session and nothing to read: it is "
      "taken as blank");
}

void CheckReadable(MediaState& state) {
  if (!state.readable.has_value()) return;
  // Without a complete session the last address is 0, as if there were one sector.
  const bool nothing_yet = !mmc::IsOverwritable(state.profile) && *state.readable == Sectors(1) &&
                           state.LastCompleteSessionStart() == nullptr;
  if (state.disc_status == DiscStatus::kBlank || nothing_yet) {
    state.readable = Sectors(0);
    return;
  }
  if (*state.readable > kMostSectors) {
    state.contradictions.push_back(absl::StrCat("READ CAPACITY gives ", state.readable->value(),
                                                " sectors, more than a disc has: not used"));
    state.readable.reset();
    return;
  }
  if (mmc::IsOverwritable(state.profile) || state.LastCompleteSessionStart() == nullptr) return;
  const int64_t end = state.ReadableEnd().value();
  if (std::abs(end - state.readable->value()) > kTolerance) {
    state.contradictions.push_back(absl::StrCat("READ CAPACITY ends at LBA ",
                                                state.readable->value(),
                                                ", the last complete session at ", end));
  }
}

void CheckToc(const mmc::TocTracks& toc, MediaState& state) {
  for (const mmc::TocTrack& entry : toc.tracks) {
    if (entry.track == mmc::kLeadOutTrack) {
      if (entry.start < Lba(0) || IsNonsense(entry.start, Sectors(0))) {
        state.contradictions.push_back(
            absl::StrCat("READ TOC places the lead-out at ", entry.start.value(), ": not used"));
      }
      continue;
    }
    const auto track = std::find_if(
        state.tracks.begin(), state.tracks.end(),
        [&entry](const TrackState& track) { return track.number.value() == entry.track; });
    if (track == state.tracks.end()) {
      state.contradictions.push_back(absl::StrCat("READ TOC lists a track ", entry.track,
                                                  " that READ DISC INFORMATION does not count"));
    } else if (track->start != entry.start) {
      state.contradictions.push_back(
          absl::StrCat("READ TOC begins track ", entry.track, " at LBA ", entry.start.value(),
                       ", READ TRACK INFORMATION at ", track->start.value()));
    }
  }
}

void CheckTocSession(const mmc::TocSession& toc, MediaState& state) {
  const Lba start = toc.first_track_in_last_session.start;
  state.toc_last_session_start = start;
  const TrackState* first = state.LastCompleteSessionStart();
  if (first == nullptr || first->start == start) return;
  state.contradictions.push_back(absl::StrCat("READ TOC begins the last session at LBA ",
                                              start.value(), ", READ TRACK INFORMATION at ",
                                              first->start.value()));
}

void FindTotal(MediaState& state) {
  if (mmc::IsOverwritable(state.profile) || state.IsPseudoOverwrite()) {
    // The formatted part; the track below is the whole disc where only a part of it is formatted.
    state.total = state.format_capacity.value_or(state.readable.value_or(Sectors(0)));
  }
  for (const TrackState& track : state.tracks) {
    if (IsNonsense(track.start, track.size)) continue;
    state.total = std::max(state.total, Sectors((track.start + track.size).value()));
  }
}

}  // namespace carousel
