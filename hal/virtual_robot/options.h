// What a virtual robot is made of, as plain values: a configuration fills them in, VirtualRobot
// reads them.
#ifndef HAL_VIRTUAL_ROBOT_OPTIONS_H_
#define HAL_VIRTUAL_ROBOT_OPTIONS_H_

#include <string>
#include <vector>

#include "hal/base/clock.h"

namespace carousel {

struct VirtualDriveOptions {
  // Name of a built-in drive type ("BD-16x", "DVD-16x", "BD-ROM-8x"), or, if it has a line break,
  // the text of one (hal/virtual_robot/README.md, "Drive types").
  std::string type = "BD-16x";
  // Unit serial number, as INQUIRY page 80h and the changer's drive element tell it. Unique in the
  // robot.
  std::string serial;
  // Text, one fault a line (README.md, "Fault plans"); empty: none.
  std::string fault_plan;
  // Names of deviations from the standard's answers (README.md, "Quirks"); empty: none.
  std::vector<std::string> quirks;
};

struct VirtualRobotOptions {
  // The folder that `carousel-disc` fills; made if it does not exist.
  std::string store;
  // Storage elements, numbered from 1 as in the store's locations.
  int slots = 12;
  // Import/export elements, numbered from 1 as well.
  int import_export_elements = 0;
  std::vector<VirtualDriveOptions> drives;
  // Whether the changer tells which drive is in which of its elements (DVCID).
  bool tells_drives = true;
  // Faults of the arm (README.md, "Fault plans").
  std::string changer_fault_plan;
  // The model's time. Not null; must outlive the robot.
  Clock* clock = nullptr;
};

}  // namespace carousel

#endif  // HAL_VIRTUAL_ROBOT_OPTIONS_H_
