#include "server/maintenance/disc_sessions.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/profile.h"
#include "server/disc_format/disc_identifier.h"
#include "server/disc_format/drive_block_reader.h"
#include "server/disc_format/drive_facts.h"
#include "server/disc_format/logical_sessions.h"
#include "server/fs/iso9660/volume_descriptor.h"

namespace carousel {
namespace {

// What the session's own descriptor says.
absl::Status FillVolume(BlockReader& disc, DiscSession& session) {
  const Lba at = session.start + iso9660::kSystemArea;
  if (!session.data || at >= session.end) return absl::OkStatus();
  std::array<uint8_t, kSectorSize> sector;
  const absl::Status read = disc.Read(at, absl::MakeSpan(sector));
  if (!read.ok()) return IsUnreadableBlock(read) ? absl::OkStatus() : read;
  if (iso9660::TypeOf(sector) != iso9660::DescriptorType::kPrimary) return absl::OkStatus();
  const absl::StatusOr<iso9660::Volume> volume = iso9660::DecodeVolume(sector, at, disc.end());
  if (!volume.ok() || volume->volume_space <= Sectors(0)) return absl::OkStatus();
  session.volume_end = std::min(session.end, session.start + volume->volume_space);
  session.volume_name = volume->volume_name;
  return absl::OkStatus();
}

std::vector<DiscSession> PhysicalSessions(const MediaState& state) {
  std::vector<DiscSession> sessions;
  for (const IdentifiedSession& found : CompleteSessions(state)) {
    DiscSession session{.number = static_cast<int>(sessions.size()) + 1,
                        .start = found.start,
                        .end = found.end,
                        .data = found.data};
    for (const TrackState& track : state.tracks) {
      if (track.start + track.size == found.end) session.end = found.end - track.run_out;
    }
    sessions.push_back(std::move(session));
  }
  return sessions;
}

absl::StatusOr<std::vector<DiscSession>> Logical(BlockReader& disc) {
  std::vector<DiscSession> sessions;
  const absl::StatusOr<LogicalSessions> found = FindLogicalSessions(disc);
  if (!found.ok() && IsUnreadableBlock(found.status())) return sessions;
  if (!found.ok()) return found.status();
  for (size_t i = 0; i < found->starts.size(); ++i) {
    const Lba end = i + 1 < found->starts.size() ? found->starts[i + 1] : found->end;
    sessions.push_back({.number = static_cast<int>(i) + 1,
                        .start = found->starts[i],
                        .end = std::min(end, disc.end())});
  }
  return sessions;
}

}  // namespace

absl::StatusOr<std::vector<DiscSession>> ListDiscSessions(const MediaState& state,
                                                          BlockReader& disc) {
  std::vector<DiscSession> sessions;
  if (mmc::IsOverwritable(state.profile)) {
    ASSIGN_OR_RETURN(sessions, Logical(disc));
  } else {
    sessions = PhysicalSessions(state);
  }
  for (DiscSession& session : sessions) RETURN_IF_ERROR(FillVolume(disc, session));
  return sessions;
}

}  // namespace carousel
