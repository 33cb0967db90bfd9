#include "hal/virtual_robot/disc_plan.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"

namespace carousel::virtual_robot {
namespace {

// A pseudo-overwrite BD-R that published dumps describe: three tracks, the last from 2,668,128 with
// its next writable address at 7,925,792.
constexpr Lba kPowSecondTrack(32);
constexpr Lba kPowThirdTrack(2'668'128);
constexpr Lba kPowNextWritable(7'925'792);

bool IsPlusRw(const Medium& medium) {
  return medium.profile == mmc::Profile::kDvdPlusRw ||
         medium.profile == mmc::Profile::kDvdPlusRwDualLayer;
}

DiscState DefaultState(const DiscRequest& request) {
  const Medium& medium = *request.medium;
  switch (medium.recording) {
    case Recording::kReadOnly:
      return DiscState::kFinalized;
    case Recording::kOverwritable:
    case Recording::kPseudoOverwrite:
      return DiscState::kFormatted;
    case Recording::kSequential:
      break;
  }
  if (request.sessions.empty()) return DiscState::kBlank;
  return medium.session_limit == 1 ? DiscState::kFinalized : DiscState::kAppendable;
}

Sectors RoundUpSize(Sectors size, Sectors unit) { return RoundUp(Lba(0) + size, unit) - Lba(0); }

// The track that writing `session` makes; `closed` adds what closing a track adds.
DiscTrack MakeTrack(const Disc& disc, const PlannedSession& session, bool closed) {
  const Medium& medium = *disc.medium;
  Sectors size = RoundUpSize(std::max(session.payload, medium.shortest_track), medium.write_unit);
  if (closed) size += medium.run_out;
  return DiscTrack{.session = SessionNumber(static_cast<uint16_t>(disc.recorded_sessions() + 1)),
                   .start = session.start.value_or(disc.NextTrackStart()),
                   .size = size,
                   .payload = session.payload,
                   .data = !session.audio};
}

absl::Status AddTrack(Disc& disc, const PlannedSession& session, bool closed) {
  const DiscTrack track = MakeTrack(disc, session, closed);
  const Lba end = disc.tracks.empty() ? Lba(0) : disc.tracks.back().end();
  if (session.payload <= Sectors(0)) {
    return absl::InvalidArgumentError(absl::StrCat("session ", track.session.value(), " is empty"));
  }
  if (track.start < end) {
    return absl::InvalidArgumentError(
        absl::StrCat("session ", track.session.value(), " at ", track.start.value(),
                     " overlaps the one before it, which ends at ", end.value(),
                     "; the next writable address is ", disc.NextTrackStart().value()));
  }
  if (track.end().value() > disc.capacity.value()) {
    return absl::InvalidArgumentError(absl::StrCat("session ", track.session.value(), " ends at ",
                                                   track.end().value(), ", beyond the capacity of ",
                                                   disc.capacity.value(), " sectors"));
  }
  disc.tracks.push_back(track);
  return absl::OkStatus();
}

// Sessions of one write unit, so many that the disc's tables hold one more than `request` has.
absl::Status AddFillers(const DiscRequest& request, Disc& disc) {
  const int wanted = request.medium->session_limit - 1 - static_cast<int>(request.sessions.size());
  for (int i = 0; i < wanted; ++i) {
    RETURN_IF_ERROR(
        AddTrack(disc, PlannedSession{.payload = request.medium->write_unit}, /*closed=*/true));
  }
  return absl::OkStatus();
}

// DVD media number their sessions in small tables; CD and BD-R run out of room first.
bool EndsByNumber(const Medium& medium) {
  return medium.session_limit > 1 && !mmc::IsCd(medium.profile);
}

absl::Status PlanSequential(const DiscRequest& request, DiscPlan& plan) {
  Disc& disc = plan.disc;
  if (request.final_session) {
    if (disc.state != DiscState::kAppendable) {
      return absl::InvalidArgumentError("a final session needs an appendable disc with sessions");
    }
    if (EndsByNumber(*disc.medium)) RETURN_IF_ERROR(AddFillers(request, disc));
  }
  const bool last_stays_open = disc.state == DiscState::kOpen || disc.state == DiscState::kDamaged;
  for (size_t i = 0; i < request.sessions.size(); ++i) {
    const bool closed = !last_stays_open || i + 1 < request.sessions.size();
    RETURN_IF_ERROR(AddTrack(disc, request.sessions[i], closed));
    plan.starts.push_back(disc.tracks.back().start);
  }
  if (request.final_session && !EndsByNumber(*disc.medium)) {
    // Room for one more track of moderate length and for no gap behind it.
    const Sectors room = std::max(disc.medium->shortest_track + disc.medium->run_out,
                                  Sectors(16 * disc.medium->write_unit.value()));
    disc.capacity = disc.NextTrackStart() + room - Lba(0);
  }
  return absl::OkStatus();
}

absl::Status PlanPressed(const DiscRequest& request, DiscPlan& plan) {
  Disc& disc = plan.disc;
  if (request.sessions.empty()) {
    return absl::InvalidArgumentError("a pressed medium needs contents");
  }
  disc.capacity = Sectors(INT32_MAX);
  for (const PlannedSession& session : request.sessions) {
    RETURN_IF_ERROR(AddTrack(disc, session, /*closed=*/true));
    plan.starts.push_back(disc.tracks.back().start);
  }
  disc.capacity = request.capacity.value_or(disc.tracks.back().end() - Lba(0));
  return absl::OkStatus();
}

absl::Status PlanRandomAccess(const DiscRequest& request, DiscPlan& plan) {
  Disc& disc = plan.disc;
  const bool pow = disc.medium->recording == Recording::kPseudoOverwrite;
  if (pow) {
    disc.tracks = {{.session = SessionNumber(1),
                    .start = Lba(0),
                    .size = kPowSecondTrack - Lba(0),
                    .payload = kPowSecondTrack - Lba(0)},
                   {.session = SessionNumber(1),
                    .start = kPowSecondTrack,
                    .size = kPowThirdTrack - kPowSecondTrack,
                    .payload = kPowThirdTrack - kPowSecondTrack},
                   {.session = SessionNumber(1),
                    .start = kPowThirdTrack,
                    .size = kPowNextWritable - kPowThirdTrack,
                    .payload = kPowNextWritable - kPowThirdTrack}};
  }
  if (disc.state == DiscState::kUnformatted) {
    if (!request.sessions.empty()) {
      return absl::InvalidArgumentError("an unformatted disc has no contents");
    }
    return absl::OkStatus();
  }
  disc.formatted = request.formatted.value_or(disc.capacity);
  if (IsPlusRw(*disc.medium)) {
    disc.background = request.background.value_or(mmc::BackgroundFormat::kComplete);
  }
  Lba least(0);
  for (const PlannedSession& session : request.sessions) {
    const Lba start = session.start.value_or(least);
    if (start < least || (start + session.payload).value() > disc.formatted.value()) {
      return absl::InvalidArgumentError(absl::StrCat("contents at ", start.value(),
                                                     " overlap others or end beyond the formatted ",
                                                     disc.formatted.value(), " sectors"));
    }
    plan.starts.push_back(start);
    least = RoundUp(start + session.payload, Sectors(32));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DiscPlan> PlanDisc(const DiscRequest& request) {
  const Medium& medium = *request.medium;
  DiscPlan plan;
  plan.disc = Disc{.barcode = request.barcode,
                   .medium = request.medium,
                   .state = request.state.value_or(DefaultState(request)),
                   .capacity = request.capacity.value_or(medium.capacity),
                   .gap = medium.gap,
                   .write_protected = request.write_protected,
                   .unreadable = request.unreadable,
                   .background = request.background.value_or(mmc::BackgroundFormat::kNone),
                   .intermediate = request.intermediate,
                   .minimally_blanked = request.minimally_blanked,
                   .spares = request.spares};
  switch (medium.recording) {
    case Recording::kSequential:
      RETURN_IF_ERROR(PlanSequential(request, plan));
      break;
    case Recording::kReadOnly:
      RETURN_IF_ERROR(PlanPressed(request, plan));
      break;
    case Recording::kOverwritable:
    case Recording::kPseudoOverwrite:
      RETURN_IF_ERROR(PlanRandomAccess(request, plan));
      break;
  }
  RETURN_IF_ERROR(Validate(plan.disc));
  return plan;
}

}  // namespace carousel::virtual_robot
