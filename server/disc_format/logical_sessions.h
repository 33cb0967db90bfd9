// Logical sessions on overwritable media: one physical session in which file systems lie end to
// end, the newest one's descriptors copied to sector 16. Finds what growisofs and xorriso write.
// Sectors are absolute; every address on the disc is doubted.
#ifndef SERVER_DISC_FORMAT_LOGICAL_SESSIONS_H_
#define SERVER_DISC_FORMAT_LOGICAL_SESSIONS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hal/base/types.h"
#include "server/fs/block_reader.h"

namespace carousel {

// Sessions are laid at multiples of this, which both programs continue.
inline constexpr Sectors kLogicalSessionUnit{32};

enum class LogicalLayout : uint8_t {
  kNone,      // sector 16 is no ISO 9660 descriptor: another file system, or nothing known
  kChain,     // first session at 32, each with descriptors of its own (xorriso)
  kRewritten  // first session at 0, descriptors at 16 rewritten by each later one (growisofs)
};

struct LogicalSessions {
  LogicalLayout layout = LogicalLayout::kNone;
  // Ascending, the newest last. Of a rewritten layout only the first and the newest are known.
  std::vector<Lba> starts;
  // One past the newest session, by the descriptor at sector 16.
  Lba end;
  // What did not fit together, for the operator.
  std::vector<std::string> contradictions;
};

// Looks for them. A sector that holds no descriptor is an answer, not an error; an error is that
// sector 16 cannot be read (codes of BlockReader::Read), or that the drive stopped answering.
absl::StatusOr<LogicalSessions> FindLogicalSessions(BlockReader& disc);

}  // namespace carousel

#endif  // SERVER_DISC_FORMAT_LOGICAL_SESSIONS_H_
