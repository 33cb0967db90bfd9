// How a drive that only reads, or does not write a family of media, sees a disc: as the pressed
// disc of its family, with its complete sessions.
#ifndef HAL_VIRTUAL_ROBOT_READER_VIEW_H_
#define HAL_VIRTUAL_ROBOT_READER_VIEW_H_

#include <optional>

#include "hal/virtual_robot/disc.h"
#include "hal/virtual_robot/drive_type.h"

namespace carousel::virtual_robot {

// `disc` as a drive of `type` sees it. Nothing: the drive does not recognise it (a family that it
// does not read, or a disc without a complete session in a drive that does not write it).
std::optional<Disc> SeenBy(const DriveType& type, const Disc& disc);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_READER_VIEW_H_
