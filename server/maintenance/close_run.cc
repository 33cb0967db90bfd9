#include "server/maintenance/close_run.h"

#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/profile.h"
#include "server/imapi/error.h"
#include "server/maintenance/interrupted_actions.h"

namespace carousel {
namespace {

using imapi::Hresult;

absl::Status Refuse(Hresult hresult, const MediaState& state, absl::string_view why) {
  return imapi::MakeError(hresult, why, {{"media", std::string(mmc::ProfileName(state.profile))}});
}

bool HasOpenSession(const MediaState& state) {
  const bool damaged = std::any_of(state.tracks.begin(), state.tracks.end(),
                                   [](const TrackState& track) { return track.damaged; });
  return damaged || (state.last_session != LastSessionState::kEmpty &&
                     state.last_session != LastSessionState::kComplete);
}

// Media that are overwritten have a format that ends, and nothing else.
absl::StatusOr<CloseChoice> ChooseFormatEnd(const MediaState& state, const BurnRow& row,
                                            CloseMode mode) {
  if (mode == CloseMode::kDisc) {
    return Refuse(Hresult::E_NOTIMPL, state, "the medium cannot be closed for ever");
  }
  const bool unfinished = state.background_format == BackgroundFormat::kRunning ||
                          (state.profile == mmc::Profile::kDvdRwRestrictedOverwrite &&
                           state.format != FormatDescriptor::kFormatted);
  if (!unfinished || row.close_session == CloseSessionNeed::kNever) {
    return Refuse(Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE, state,
                  "no format of the disc is to be ended");
  }
  return CloseChoice{.row = &row, .how = row.keep_appendable};
}

bool ClosesByItself(const BurnRow& row) {
  return row.finalize == SessionClose::kFinalize ||
         row.finalize == SessionClose::kFinalizeMinimalRadius;
}

absl::StatusOr<CloseChoice> ChooseLastClose(const MediaState& state, const BurnRow& row) {
  const TrackState* last = state.LastCompleteSessionStart();
  if (last == nullptr) {
    return Refuse(Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE, state, "the disc is blank");
  }
  if (!ClosesByItself(row)) {
    return Refuse(Hresult::E_NOTIMPL, state,
                  "the medium is closed for ever by its last session: write one that closes it");
  }
  return CloseChoice{.row = &row, .start = last->start, .how = row.finalize};
}

absl::StatusOr<CloseChoice> ChooseOpenSession(const MediaState& state, const BurnRow& row,
                                              CloseMode mode) {
  const TrackState& track = state.tracks.back();
  CloseChoice choice{.row = &row,
                     .start = track.start,
                     .how = mode == CloseMode::kDisc ? row.finalize : row.keep_appendable};
  // A track of a CD whose end is not known has to be closed by itself.
  const bool closes_track = row.close_track == CloseTrackNeed::kAlways || track.damaged;
  if (closes_track && row.close_track != CloseTrackNeed::kNever) choice.track = track.number;
  return choice;
}

}  // namespace

absl::StatusOr<CloseChoice> ChooseClose(const MediaState& state, CloseMode mode) {
  if (state.write_protected) {
    return Refuse(Hresult::E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED, state,
                  "the medium is write-protected");
  }
  const bool overwritable = mmc::IsOverwritable(state.profile);
  if (!overwritable && state.disc_status == DiscStatus::kComplete) {
    return Refuse(Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE, state, "the disc is closed");
  }
  const BurnRow* const row = FindBurnRow(state);
  if (row == nullptr) {
    return Refuse(Hresult::E_IMAPI_DF2DATA_MEDIA_IS_NOT_SUPPORTED, state,
                  "the medium cannot be written");
  }
  if (overwritable) return ChooseFormatEnd(state, *row, mode);
  if (HasOpenSession(state) && !state.tracks.empty()) return ChooseOpenSession(state, *row, mode);
  if (mode == CloseMode::kDisc) return ChooseLastClose(state, *row);
  return Refuse(Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE, state,
                "no session of the disc is open");
}

absl::Status CloseRun::DoCheck(Drive&, const Found& found) {
  ASSIGN_OR_RETURN(choice_, ChooseClose(found.state, mode_));
  // A burn that a stop of the service has cut short has no outcome until somebody sees the disc.
  return SettleInterrupted(journal(), subject().drive, identity(),
                           {.facts = found.facts, .state = found.state});
}

absl::Status CloseRun::DoChange(Drive& drive, const Found&) {
  DiscWriter& writer = *drive.writer();
  const std::optional<mmc::WriteParameters> page =
      WriteParametersFor(*choice_.row, {.keep_appendable = mode_ == CloseMode::kSession});
  if (page.has_value()) RETURN_IF_ERROR(imapi::FromDevice(writer.SetWriteParameters(*page)));
  return Change({.kind = ActionKind::kClose, .start = choice_.start},
                [&](JournaledAction& action) -> absl::Status {
                  if (choice_.track.has_value()) {
                    Show(MaintenanceAction::kClosingTrack);
                    RETURN_IF_ERROR(action.Note(writer.CloseTrack(*choice_.track, ShowPart())));
                  }
                  Show(MaintenanceAction::kClosingSession);
                  return action.Note(writer.CloseSession(choice_.how, ShowPart()));
                });
}

absl::Status CloseRun::DoConfirm(Drive&, const Found& now) {
  const bool closed = mode_ == CloseMode::kDisc ? now.state.disc_status == DiscStatus::kComplete
                                                : !HasOpenSession(now.state);
  if (closed || mmc::IsOverwritable(now.state.profile)) return absl::OkStatus();
  return imapi::MakeError(Hresult::E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE,
                          "the drive says that it is done, and the disc is not closed");
}

}  // namespace carousel
