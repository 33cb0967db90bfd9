#include "server/disc_format/drive_facts.h"

#include <algorithm>
#include <optional>
#include <string>

#include "server/disc_format/media_classification.h"

namespace carousel {
namespace {

constexpr char kWriteProtected[] = "E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED";

// Why a medium of a kind that takes sessions cannot be continued as it is; empty if it can.
std::string CauseAgainst(uint32_t status_bits) {
  if ((status_bits & media_status::kWriteProtected) != 0) return kWriteProtected;
  if ((status_bits & media_status::kDamaged) != 0) return "DAMAGED";
  if ((status_bits & media_status::kNonEmptySession) != 0) return "NON_EMPTY_SESSION";
  if ((status_bits & media_status::kFinalized) != 0) return "FINALIZED";
  if ((status_bits & media_status::kUnsupportedMedia) != 0) return "UNSUPPORTED_MEDIA";
  return "";
}

bool HasDataSession(const std::vector<IdentifiedSession>& sessions) {
  return std::any_of(sessions.begin(), sessions.end(),
                     [](const IdentifiedSession& session) { return session.data; });
}

// Sequential media: the drive's own numbers, never computed ones.
void FillSequential(const MediaState& state, MediaFacts* facts) {
  const std::vector<IdentifiedSession> sessions = CompleteSessions(state);
  facts->session_count = static_cast<int>(sessions.size());
  if (const TrackState* next = state.AppendTrack(); next != nullptr) {
    // Some drives answer -150 on blank media: the track's start is meant.
    const Lba address = facts->physically_blank ? next->start : *next->next_writable;
    facts->next_writable = address;
    facts->free = next->free;
    facts->sequential.next_writable.value = address.value();
    facts->sequential.free_sectors.value = next->free.value();
  }
  if (const TrackState* start = state.LastCompleteSessionStart(); start != nullptr) {
    facts->start_of_previous = start->start.value();
    facts->last_written_of_previous = state.ReadableEnd().value() - 1;
    for (const TrackState& track : state.tracks) {
      if (track.session == start->session && track.last_recorded.has_value()) {
        facts->last_written_of_previous = track.last_recorded->value();
      }
    }
  }
  facts->sequential.start_of_previous.value = facts->start_of_previous;
  facts->sequential.last_written_of_previous.value = facts->last_written_of_previous;
  facts->sequential.first_data_session = !HasDataSession(sessions);
}

// Overwritable media without contents; ReadMediaFacts replaces what it finds.
void FillOverwritable(MediaFacts* facts) {
  facts->free = facts->total;
  facts->next_writable = Lba(0);
  facts->sequential.start_of_previous.value = -1;
  facts->sequential.last_written_of_previous.value = -1;
  facts->sequential.next_writable.value = 0;
  facts->sequential.free_sectors.value = facts->total.value();
  facts->random_write.total_sectors.value = facts->total.value();
}

void FillSupport(MediaFacts* facts) {
  const std::string cause = CauseAgainst(facts->status_bits);
  const bool none = facts->multisession_class == MultisessionClass::kNone;
  const bool overwritable = facts->multisession_class == MultisessionClass::kOverwritable;
  facts->sequential.cause = none && cause != "FINALIZED" ? "MEDIA_TYPE" : cause;
  facts->sequential.supported = facts->sequential.cause.empty();
  facts->random_write.cause = overwritable ? cause : "MEDIA_TYPE";
  facts->random_write.supported = facts->random_write.cause.empty();
}

}  // namespace

std::vector<IdentifiedSession> CompleteSessions(const MediaState& state) {
  const int open = state.last_session == LastSessionState::kComplete ? 0 : 1;
  const int complete = std::max(0, state.sessions - open);
  std::vector<IdentifiedSession> sessions(complete,
                                          {.start = Lba(0), .end = Lba(0), .data = false});
  for (const TrackState& track : state.tracks) {
    const int index = track.session.value() - 1;
    if (index < 0 || index >= complete) continue;
    IdentifiedSession& session = sessions[index];
    // Descriptors are looked for in the session's first data track.
    if (session.end == Lba(0) || (track.data && !session.data)) session.start = track.start;
    session.data = session.data || track.data;
    session.end = std::max(session.end, track.start + track.size);
  }
  return sessions;
}

MediaFacts FactsOf(const MediaState& state) {
  MediaFacts facts;
  facts.generation = state.generation;
  facts.present = state.present;
  if (!state.present) return facts;
  facts.profile = state.profile;
  facts.type = PhysicalMediaTypeOf(state);
  facts.status_bits = MediaStatusBitsOf(state);
  facts.write_protect_bits = WriteProtectBitsOf(state);
  facts.multisession_class = MultisessionClassOf(state);
  facts.physically_blank = facts.heuristically_blank = IsPhysicallyBlank(state);
  facts.total = state.total;
  facts.readable_end = state.ReadableEnd();
  facts.write_speeds = state.write_speeds;
  facts.current_write_speed = state.current_write_speed;
  facts.contradictions = state.contradictions;
  facts.sequential.write_unit.value = WriteUnitOf(state.profile).value();
  facts.random_write.write_unit = facts.sequential.write_unit;
  FillSupport(&facts);
  if (facts.multisession_class == MultisessionClass::kOverwritable) {
    FillOverwritable(&facts);
  } else {
    FillSequential(state, &facts);
  }
  return facts;
}

}  // namespace carousel
