// Which sectors of a session a quick verification reads. Pure.
#ifndef SERVER_BURN_VERIFY_SAMPLES_H_
#define SERVER_BURN_VERIFY_SAMPLES_H_

#include <optional>
#include <vector>

#include "hal/base/types.h"
#include "server/fs/iso9660/volume_descriptor.h"

namespace carousel {

struct SampledSectors {
  Lba start;
  Sectors count;
  bool operator==(const SampledSectors&) const = default;
};

// The head, which is read first: it has the volume descriptors. `start` < `end`.
SampledSectors SampledHead(Lba start, Lba end);

// The rest of what is sampled of [start, end), ascending, without overlaps: the path table of
// `primary`, as far as it lies in the session, one sector in each 64 MiB, and the last write unit.
std::vector<SampledSectors> SampledRest(Lba start, Lba end,
                                        const std::optional<iso9660::Volume>& primary);

}  // namespace carousel

#endif  // SERVER_BURN_VERIFY_SAMPLES_H_
