// Drives of the virtual robot with a disc in each, on a simulated clock: what they do takes the
// time of real drives and none of the machine's.
#ifndef TESTS_TESTING_MODELLED_DRIVES_H_
#define TESTS_TESTING_MODELLED_DRIVES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "hal/base/simulated_clock.h"
#include "hal/robot/drive_station.h"
#include "hal/virtual_robot/virtual_robot.h"
#include "server/disc_format/media_facts.h"
#include "server/session_import/importer.h"

namespace carousel {

// Of a random access, as the model has it.
inline constexpr absl::Duration kModelledSeek = absl::Milliseconds(125);
// Of 1x on BD.
inline constexpr double kModelledBytesPerSecond = 4.5e6;

struct ModelledDrive {
  std::string image;  // of the one session of the drive's BD-R
  double speed = 4;   // times 1x, everywhere on the disc
  // hal/virtual_robot/fault_plan.h
  std::string fault_plan;
};

class ModelledDrives {
 public:
  // The store of discs is `folder`, which must not exist. Blocks. The robot's errors.
  static absl::StatusOr<std::unique_ptr<ModelledDrives>> Open(
      const std::string& folder, const std::vector<ModelledDrive>& drives);
  ~ModelledDrives();

  // Imports from the disc in drive `index`.
  absl::StatusOr<ImportResult> Import(size_t index, const ImportOptions& options = {});

  // From all at once, each on a thread of its own. The results in the drives' order.
  std::vector<absl::StatusOr<ImportResult>> ImportAll();

  // READ commands that drive `index` was sent so far.
  int64_t reads(size_t index) const;
  // How long the drive took to tell what rules ask of a medium, with the disc just become ready.
  absl::Duration time_of_facts(size_t index) const;

 private:
  class Unit;
  ModelledDrives() = default;

  SimulatedClock clock_;
  std::unique_ptr<VirtualRobot> robot_;
  std::vector<std::unique_ptr<Unit>> units_;
};

}  // namespace carousel

#endif  // TESTS_TESTING_MODELLED_DRIVES_H_
