// Which blocks of a disc a drive can read, and with which sense it refuses the others: gaps,
// run-out, blank areas, what is not formatted, bad sectors.
#ifndef HAL_VIRTUAL_ROBOT_READ_OBSTACLE_H_
#define HAL_VIRTUAL_ROBOT_READ_OBSTACLE_H_

#include <optional>

#include "hal/base/types.h"
#include "hal/scsi/sense.h"
#include "hal/virtual_robot/disc.h"
#include "hal/virtual_robot/quirks.h"

namespace carousel::virtual_robot {

// Why blocks [first, first + count) cannot be read; nothing if they can. INFORMATION is the first
// such block where a drive would tell it.
std::optional<scsi::Sense> ReadObstacle(const Disc& disc, const Quirks& quirks, Lba first,
                                        Sectors count);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_READ_OBSTACLE_H_
