// The robot as a picture of characters: its arm, its drives, its import/export slots, and the slots
// as a wall.
#ifndef CLIENTS_CLI_ROBOT_PICTURE_H_
#define CLIENTS_CLI_ROBOT_PICTURE_H_

#include <string>
#include <vector>

#include "carousel/v1/robot.pb.h"

namespace carousel::cli {

class RobotPicture {
 public:
  // What WatchRobot tells; the first response has everything.
  void Apply(const v1::WatchRobotResponse& change);

  // Lines of at most `width` columns; names that do not fit are cut.
  std::string Draw(int width) const;

 private:
  std::string DrawSlots(int width) const;

  v1::Robot robot_;
  std::vector<v1::Drive> drives_;
  std::vector<v1::Slot> slots_;
  std::vector<v1::ImportExportSlot> import_export_slots_;
};

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_ROBOT_PICTURE_H_
