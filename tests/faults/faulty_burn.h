// One burn on a drive of the virtual robot that answers one command with an error, what the burn
// says of it, and what lies on the disc then.
#ifndef TESTS_FAULTS_FAULTY_BURN_H_
#define TESTS_FAULTS_FAULTY_BURN_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "hal/base/types.h"
#include "hal/drive/drive.h"
#include "hal/drive/mmc_drive.h"
#include "hal/scsi/command.h"
#include "hal/scsi/transport.h"
#include "hal/virtual_robot/testing_robot.h"
#include "server/burn/burn_control.h"
#include "server/burn/burn_journal.h"
#include "server/burn/burn_report.h"
#include "server/image/file_tree.h"
#include "server/mastering/memory_contents.h"
#include "server/mastering/plan.h"
#include "tests/faults/fault.pb.h"

namespace carousel::faults {

// `medium` is carousel-disc's name.
Kind KindOf(const std::string& medium);
// The moments of a burn.
std::vector<Moment> MomentsOf(const std::string& medium);

// Whatever a test asks of it fails the test where it cannot be done.
class FaultyBurn : private scsi::TransportObserver, private BurnJournal {
 public:
  // More than the drive's buffer holds, onto a blank disc; where the medium is overwritten, behind
  // a session.
  FaultyBurn(const std::string& medium, const std::string& answer, Moment moment);
  // Removes the disc's store: a test makes hundreds.
  ~FaultyBurn() override;

  // As the table has it; answers, moments, kind and note left out.
  Fault outcome() const;
  const BurnReport& report() const { return report_; }

  // The image, from plan().start() on.
  const std::string& image() const { return image_; }
  const mastering::Plan& plan() const { return *plan_; }
  // DataFile before the burn; empty of a blank disc.
  const std::string& before() const { return before_; }
  // The disc's first sectors as they lie in the store, those of the burn among them; shorter where
  // nothing was written behind.
  std::string DataFile() const;
  // A drive that gives its disc away writes what it has buffered.
  void Eject();
  // As outcome().next_session() has it: closes what is open, and burns a small session.
  absl::Status BurnNext();

 private:
  void OnCommand(const scsi::Command& command, const absl::StatusOr<scsi::Result>& result,
                 absl::Duration took) override;
  absl::Status Begin(const BurnIntent&) override { return absl::OkStatus(); }
  absl::Status End(const BurnIntent&, const BurnOutcome&) override { return absl::OkStatus(); }

  void Start(const std::string& medium, const std::string& fault_plan);
  BurnReport Burn(int64_t bytes);
  absl::Status CloseWhatIsOpen();

  TestingRobot robot_;
  std::unique_ptr<MmcDrive> drive_;
  FileTree tree_;
  std::unique_ptr<mastering::MemoryContents> contents_;
  std::unique_ptr<const mastering::Plan> plan_;
  BurnControl control_;
  BurnReport report_;
  std::string image_;
  std::string before_;
  int commands_ = 0;               // WRITEs
  std::map<int64_t, int> writes_;  // by address
};

}  // namespace carousel::faults

#endif  // TESTS_FAULTS_FAULTY_BURN_H_
