// How much of its answer a drive may send.
#ifndef HAL_VIRTUAL_ROBOT_ALLOCATION_LENGTH_H_
#define HAL_VIRTUAL_ROBOT_ALLOCATION_LENGTH_H_

#include <cstddef>

#include "hal/scsi/command.h"

namespace carousel::virtual_robot {

// What the CDB says; SIZE_MAX for commands whose answer has its own length.
size_t AllocationLength(const scsi::Command& command);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_ALLOCATION_LENGTH_H_
