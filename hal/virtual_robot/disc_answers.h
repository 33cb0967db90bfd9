// What a drive says of a disc: READ DISC INFORMATION, READ TRACK INFORMATION, READ CAPACITY and
// READ FORMAT CAPACITIES by medium and state. Pure functions; the allocation length is cut by the
// caller. README.md, "Answers by state", has the table.
#ifndef HAL_VIRTUAL_ROBOT_DISC_ANSWERS_H_
#define HAL_VIRTUAL_ROBOT_DISC_ANSWERS_H_

#include <cstdint>
#include <optional>

#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/virtual_robot/disc.h"
#include "hal/virtual_robot/quirks.h"
#include "hal/virtual_robot/reply.h"

namespace carousel::virtual_robot {

Reply AnswerDiscInformation(const Disc& disc, const Quirks& quirks, absl::Span<const uint8_t> cdb);
Reply AnswerTrackInformation(const Disc& disc, const Quirks& quirks, absl::Span<const uint8_t> cdb);
Reply AnswerCapacity(const Disc& disc, const Quirks& quirks);
Reply AnswerFormatCapacities(const Disc& disc);

// Number of the track that is open for writing or would be next; 0 if there is none.
uint16_t AppendTrackNumber(const Disc& disc);

// Why blocks [first, first + count) cannot be read; nothing if they can. INFORMATION is the first
// such block where a drive would tell it.
std::optional<scsi::Sense> ReadObstacle(const Disc& disc, const Quirks& quirks, Lba first,
                                        Sectors count);

// The lead-out that a drive shows on a disc whose last session was cut, by one published dump.
inline constexpr uint32_t kAbsurdAddress = 4'294'770'689;

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_DISC_ANSWERS_H_
