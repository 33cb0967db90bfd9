// How large a disc is by its drive: READ CAPACITY and READ FORMAT CAPACITIES by medium and state
// (README.md, "Answers by state"). Pure functions.
#ifndef HAL_VIRTUAL_ROBOT_CAPACITY_ANSWERS_H_
#define HAL_VIRTUAL_ROBOT_CAPACITY_ANSWERS_H_

#include "hal/virtual_robot/disc.h"
#include "hal/virtual_robot/quirks.h"
#include "hal/virtual_robot/reply.h"

namespace carousel::virtual_robot {

Reply AnswerCapacity(const Disc& disc, const Quirks& quirks);
Reply AnswerFormatCapacities(const Disc& disc);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_CAPACITY_ANSWERS_H_
