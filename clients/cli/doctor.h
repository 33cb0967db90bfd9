// What carouselctl doctor finds: facts in, findings out. Asks nobody itself.
#ifndef CLIENTS_CLI_DOCTOR_H_
#define CLIENTS_CLI_DOCTOR_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "carousel/v1/robot.pb.h"

namespace carousel::cli {

struct Finding {
  enum class Level { kGood, kWarning, kProblem };
  Level level = Level::kGood;
  std::string what;
  std::string next;  // what to do; empty if nothing
};

// A SCSI device of this machine that could belong to a robot.
struct LocalDevice {
  std::string node;      // "/dev/sg3"
  bool changer = false;  // or a drive
  std::string model;
  std::string serial;  // empty: the kernel has none
  bool exists = false;
  bool may_open = false;  // for reading and writing
};

// The service as its whole state shows it (the first response of WatchRobot). `asked` and
// `answered`: this machine's clock before and after the call.
std::vector<Finding> CheckRobot(const v1::WatchRobotResponse& state, absl::Time asked,
                                absl::Time answered);

// Discs that nobody can name for sure or reach.
std::vector<Finding> CheckDiscs(const std::vector<v1::Disc>& discs);

std::vector<Finding> CheckLocalDevices(const std::vector<LocalDevice>& devices);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_DOCTOR_H_
