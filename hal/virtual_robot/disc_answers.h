// What a drive says of a disc as a whole: READ DISC INFORMATION by medium and state (README.md,
// "Answers by state"). A pure function; the allocation length is cut by the caller.
#ifndef HAL_VIRTUAL_ROBOT_DISC_ANSWERS_H_
#define HAL_VIRTUAL_ROBOT_DISC_ANSWERS_H_

#include <cstdint>

#include "absl/types/span.h"
#include "hal/virtual_robot/disc.h"
#include "hal/virtual_robot/quirks.h"
#include "hal/virtual_robot/reply.h"

namespace carousel::virtual_robot {

Reply AnswerDiscInformation(const Disc& disc, const Quirks& quirks, absl::Span<const uint8_t> cdb);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_DISC_ANSWERS_H_
