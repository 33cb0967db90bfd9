// What the first sectors of a disc that is overwritten hold, after a burn whose last WRITE may have
// been cut: the old superblock, the new one, or a half of each. Pure.
#ifndef SERVER_MAINTENANCE_SUPERBLOCK_CHECK_H_
#define SERVER_MAINTENANCE_SUPERBLOCK_CHECK_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "hal/base/types.h"

namespace carousel {

// The first sectors one by one; nothing: it cannot be read.
using SuperblockSectors = std::vector<std::optional<std::vector<uint8_t>>>;

enum class SuperblockState : uint8_t {
  kOld,          // as it was before the burn
  kNew,          // descriptors of the new session, whole
  kHalfWritten,  // some of each, or some that cannot be read
  kForeign,      // something that neither the disc had nor the burn wrote
};

// `old`: what lay there. `start`, `planned`: the session that was burnt; `end`: of the readable
// disc.
SuperblockState JudgeSuperblock(const SuperblockSectors& found, absl::string_view old, Lba start,
                                Sectors planned, Lba end);

}  // namespace carousel

#endif  // SERVER_MAINTENANCE_SUPERBLOCK_CHECK_H_
