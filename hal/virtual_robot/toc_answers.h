// READ TOC/PMA/ATIP formats 0, 1 and 2 of a virtual disc. Only complete sessions have a table of
// contents.
#ifndef HAL_VIRTUAL_ROBOT_TOC_ANSWERS_H_
#define HAL_VIRTUAL_ROBOT_TOC_ANSWERS_H_

#include <cstdint>

#include "absl/types/span.h"
#include "hal/virtual_robot/disc.h"
#include "hal/virtual_robot/quirks.h"
#include "hal/virtual_robot/reply.h"

namespace carousel::virtual_robot {

Reply AnswerToc(const Disc& disc, const Quirks& quirks, absl::Span<const uint8_t> cdb);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_TOC_ANSWERS_H_
