// The first 32 sectors of overwritable media, whose descriptors are those of the newest session
// with the size of all sessions: what makes a session that lies anywhere the one that readers find.
// They are rewritten last, after the session itself is safe.
#ifndef SERVER_MASTERING_SUPERBLOCK_H_
#define SERVER_MASTERING_SUPERBLOCK_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "server/mastering/plan.h"

namespace carousel::mastering {

inline constexpr Sectors kSuperblockSectors{32};

// The sectors to be written at 0 once `plan`'s session has been. `old` is what lies there now; of a
// medium that has no session yet, zeros or nothing. What is no descriptor stays as it is. As
// imapi::MakeError: IMAPI_E_INVALID_PARAM with metadata parameter session_start (before the 32nd
// sector), IMAPI_E_INCOMPATIBLE_PREVIOUS_SESSION: the descriptors need a sector in which the first
// session has something else.
absl::StatusOr<std::vector<uint8_t>> MakeSuperblock(const Plan& plan,
                                                    absl::Span<const uint8_t> old);

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_SUPERBLOCK_H_
