// What a disc shows of an action that the journal does not know the end of, because the service was
// stopped in the middle of it.
#ifndef SERVER_MAINTENANCE_INTERRUPTED_ACTIONS_H_
#define SERVER_MAINTENANCE_INTERRUPTED_ACTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "hal/drive/media_state.h"
#include "server/disc_format/media_facts.h"
#include "server/journal/action.h"
#include "server/journal/journal.h"

namespace carousel {

// What was seen of a disc, all of it of one generation.
struct DiscEvidence {
  MediaFacts facts;
  MediaState state;
  // The first sectors of media that are overwritten; empty where they cannot be read.
  std::vector<uint8_t> superblock;
};

// What became of `intent`, as far as that can be seen without reading the session. Nothing: its
// session is there and closed, and whether it is the one that was meant its sectors have to tell.
std::optional<ActionOutcome> OutcomeShownBy(const DiscEvidence& evidence,
                                            const ActionIntent& intent);

// Records what the disc shows of each of its actions that an earlier run of the service left
// without an outcome. `disc`: in `drive` (id). Codes of Journal.
absl::Status SettleInterrupted(Journal& journal, const std::string& drive, const DiscIdentity& disc,
                               const DiscEvidence& evidence);

// Releases a disc that is blank from erasures that have failed before. `operation` (id): which one
// has seen that. Codes of Journal.
absl::Status ReleaseErased(Journal& journal, const std::string& drive, const DiscIdentity& disc,
                           const std::string& operation);

}  // namespace carousel

#endif  // SERVER_MAINTENANCE_INTERRUPTED_ACTIONS_H_
