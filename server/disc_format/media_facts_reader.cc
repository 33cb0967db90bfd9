#include "server/disc_format/media_facts_reader.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "hal/scsi/sense.h"
#include "server/disc_format/blank_contents.h"
#include "server/disc_format/disc_identifier.h"
#include "server/disc_format/drive_block_reader.h"
#include "server/disc_format/drive_facts.h"
#include "server/disc_format/logical_sessions.h"
#include "server/disc_format/seek_test.h"

namespace carousel {
namespace {

constexpr int kMostReadings = 3;
// UDF's anchor, as the sector 16 of a session that would begin here.
constexpr Lba kAnchorAsDescriptor(256 - 16);

// A failure of the rules' own kind is a fact; any other ends the reading.
absl::Status KeepSeekFailure(absl::Status outcome, absl::Status* fact) {
  if (!outcome.ok() && !absl::IsFailedPrecondition(outcome)) return outcome;
  *fact = std::move(outcome);
  return absl::OkStatus();
}

// Where the newest logical session lies.
void FillLogicalSessions(const LogicalSessions& found, MediaFacts* facts) {
  const int64_t start = found.starts.back().value();
  const int64_t last = found.end.value() - 1;
  int64_t next = RoundUp(found.end, kLogicalSessionUnit).value();
  // A disc that is full to its last, odd sectors.
  if (found.end.value() <= facts->total.value()) next = std::min(next, facts->total.value());
  facts->session_count = static_cast<int>(found.starts.size());
  facts->start_of_previous = start;
  facts->last_written_of_previous = last;
  facts->next_writable = Lba(next);
  facts->sequential.first_data_session = false;
  facts->sequential.start_of_previous.value = start;
  facts->sequential.last_written_of_previous.value = last;
  facts->sequential.next_writable.value = next;
  facts->sequential.free_sectors.value = facts->total.value() - next;
  if (found.end > facts->readable_end) {
    facts->contradictions.push_back(absl::StrCat("the newest session ends at ", found.end.value(),
                                                 ", the formatted area at ",
                                                 facts->readable_end.value()));
  }
}

// Contents that are no ISO 9660: where a next session would begin is not known.
void ForgetLogicalSessions(MediaFacts* facts) {
  facts->start_of_previous = -1;
  facts->last_written_of_previous.reset();
  facts->next_writable.reset();
  facts->sequential.start_of_previous.value.reset();
  facts->sequential.last_written_of_previous.value.reset();
  facts->sequential.next_writable.value.reset();
  facts->sequential.free_sectors.value.reset();
}

// Formatted overwritable media: blank, logical sessions, or something else. Returns the sessions
// that the identifier is made of.
absl::StatusOr<std::vector<IdentifiedSession>> ReadOverwritable(BlockReader& disc,
                                                                MediaFacts* facts) {
  const absl::StatusOr<LogicalSessions> found = FindLogicalSessions(disc);
  if (!found.ok() && !IsUnreadableBlock(found.status())) return found.status();
  if (found.ok()) {
    facts->contradictions.insert(facts->contradictions.end(), found->contradictions.begin(),
                                 found->contradictions.end());
  }
  std::vector<IdentifiedSession> identified;
  if (found.ok() && found->layout != LogicalLayout::kNone) {
    FillLogicalSessions(*found, facts);
    for (const Lba start : found->starts) {
      identified.push_back({.start = start, .end = disc.end()});
    }
    return identified;
  }
  ASSIGN_OR_RETURN(facts->heuristically_blank, HasBlankContents(disc));
  if (facts->heuristically_blank) {
    facts->status_bits |= media_status::kBlank;
    return identified;
  }
  ForgetLogicalSessions(facts);
  RETURN_IF_ERROR(KeepSeekFailure(TestSeek(disc, Lba(0), disc.end()), &facts->seek_test));
  identified.push_back({.start = Lba(0), .end = disc.end()});
  identified.push_back({.start = kAnchorAsDescriptor, .end = disc.end()});
  return identified;
}

// Every other medium: the sessions are the drive's.
absl::StatusOr<std::vector<IdentifiedSession>> ReadSessions(const MediaState& state,
                                                            BlockReader& disc, MediaFacts* facts) {
  std::vector<IdentifiedSession> sessions = CompleteSessions(state);
  if (sessions.empty()) {
    facts->seek_test = facts->physically_blank
                           ? BlankMediaSeekFailure()
                           : SeekFailure(Lba(-1), "NO_SESSION", "the disc has no complete session");
    return sessions;
  }
  const IdentifiedSession& previous = sessions.back();
  // A session without a track: the identifier says so, there is no place to seek to.
  if (previous.end <= previous.start) return sessions;
  if (!previous.data) {
    facts->seek_test =
        SeekFailure(previous.start, "AUDIO_SESSION", "the previous session has no data track");
    return sessions;
  }
  RETURN_IF_ERROR(KeepSeekFailure(TestSeek(disc, previous.start, previous.end), &facts->seek_test));
  return sessions;
}

absl::Status ReadContents(const MediaState& state, BlockReader& disc, MediaFacts* facts) {
  std::vector<IdentifiedSession> sessions;
  if (facts->multisession_class != MultisessionClass::kOverwritable) {
    ASSIGN_OR_RETURN(sessions, ReadSessions(state, disc, facts));
  } else if (!facts->physically_blank) {
    ASSIGN_OR_RETURN(sessions, ReadOverwritable(disc, facts));
  }
  if (!facts->seek_test.ok() && !sessions.empty()) {
    facts->identifier_error = facts->seek_test;
    return absl::OkStatus();
  }
  absl::StatusOr<std::string> identifier =
      CalculateDiscIdentifier(facts->type, facts->total, sessions, disc);
  if (identifier.ok()) {
    facts->disc_identifier = *std::move(identifier);
    return absl::OkStatus();
  }
  if (!absl::IsInternal(identifier.status())) return identifier.status();
  facts->identifier_error = identifier.status();
  return absl::OkStatus();
}

bool IsUnitAttention(const absl::Status& status) {
  const std::optional<scsi::SensePayload> payload = scsi::GetSense(status);
  return payload.has_value() && payload->sense.key == scsi::SenseKey::kUnitAttention;
}

// One reading. `changed`: the medium became another one meanwhile.
absl::StatusOr<MediaFacts> ReadOnce(Drive& drive, bool* changed) {
  *changed = false;
  ASSIGN_OR_RETURN(const MediaState state, drive.ReadMediaState());
  MediaFacts facts = FactsOf(state);
  if (!facts.present) return facts;
  DriveBlockReader disc(&drive, facts.readable_end);
  const absl::Status read = ReadContents(state, disc, &facts);
  // A failed command advances the generation, one for a block that cannot be read too. An advance
  // beyond these is another medium.
  const int64_t advance = drive.generation().value() - state.generation.value();
  *changed = disc.drive_failure().ok() ? advance > disc.unreadable()
                                       : IsUnitAttention(disc.drive_failure());
  if (!read.ok()) return read;
  facts.generation = drive.generation();
  return facts;
}

}  // namespace

absl::StatusOr<MediaFacts> ReadMediaFacts(Drive& drive) {
  for (int reading = 0; reading < kMostReadings; ++reading) {
    bool changed = false;
    absl::StatusOr<MediaFacts> facts = ReadOnce(drive, &changed);
    if (!changed) return facts;
  }
  return absl::AbortedError("the medium changed each time it was read");
}

}  // namespace carousel
