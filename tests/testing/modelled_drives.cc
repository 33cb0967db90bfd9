#include "tests/testing/modelled_drives.h"

#include <atomic>
#include <optional>
#include <sstream>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "hal/base/status_macros.h"
#include "hal/drive/mmc_drive.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/transport.h"
#include "hal/virtual_robot/disc_cli.h"
#include "hal/virtual_robot/drive_type.h"
#include "hal/virtual_robot/options.h"
#include "server/disc_format/media_facts_reader.h"

namespace carousel {
namespace {

class ReadCounter : public scsi::TransportObserver {
 public:
  void OnCommand(const scsi::Command& command, const absl::StatusOr<scsi::Result>&,
                 absl::Duration) override {
    switch (command.opcode()) {
      case scsi::opcode::kRead6:
      case scsi::opcode::kRead10:
      case scsi::opcode::kRead12:
        ++reads;
    }
  }
  std::atomic<int64_t> reads = 0;
};

VirtualDriveOptions Options(const ModelledDrive& drive, size_t index) {
  // Of one speed everywhere, which a time can be worked out from.
  std::string type = absl::StrReplaceAll(virtual_robot::BuiltInDriveType("BD-16x"),
                                         {{"bd CAV 5 12", absl::StrCat("bd CLV ", drive.speed)}});
  return {.type = std::move(type),
          .serial = absl::StrCat("SERIAL", index),
          .fault_plan = drive.fault_plan};
}

absl::Status MakeDisc(const std::string& store, size_t index, const std::string& image) {
  std::ostringstream output;
  std::ostringstream errors;
  const std::vector<std::string> words = {"create",
                                          store,
                                          absl::StrCat("DISC", index),
                                          "--media=BD-R",
                                          absl::StrCat("--session=", image, "@0"),
                                          "--slot",
                                          absl::StrCat(index + 1)};
  if (virtual_robot::RunCarouselDisc(words, output, errors) == 0) return absl::OkStatus();
  return absl::InternalError(errors.str());
}

}  // namespace

// A drive and what is in it.
class ModelledDrives::Unit {
 public:
  Unit(const VirtualRobot& robot, size_t index, SimulatedClock* clock)
      : clock_(*clock),
        station_(absl::StrCat("drive", index),
                 [this, &robot, index](MediaGeneration first) {
                   return OpenDrive(robot.OpenDrive(index), first);
                 },
                 {.poll_interval = absl::Hours(24)}) {}

  absl::Status ReadFacts() {
    // The disc becomes ready first; that is not what is asked for here.
    RETURN_IF_ERROR(station_.Run([](Drive& drive) { return drive.CheckReady().status(); }));
    const absl::Time start = clock_.Now();
    RETURN_IF_ERROR(station_.Run([this](Drive& drive) {
      ASSIGN_OR_RETURN(facts_, ReadMediaFacts(drive));
      return absl::OkStatus();
    }));
    time_of_facts_ = clock_.Now() - start;
    return absl::OkStatus();
  }

  absl::StatusOr<ImportResult> Import(const ImportOptions& options) {
    Importer importer(&station_, facts_, options, &clock_);
    return importer.Run();
  }

  int64_t reads() const { return counter_.reads; }
  absl::Duration time_of_facts() const { return time_of_facts_; }

 private:
  absl::StatusOr<std::unique_ptr<Drive>> OpenDrive(std::unique_ptr<scsi::Transport> transport,
                                                   MediaGeneration first) {
    transport->set_observer(&counter_);
    return std::make_unique<MmcDrive>(std::move(transport), &clock_,
                                      MmcDriveOptions{.first_generation = first});
  }

  SimulatedClock& clock_;
  ReadCounter counter_;
  MediaFacts facts_;
  absl::Duration time_of_facts_;
  DriveStation station_;  // last: its thread uses the rest
};

absl::StatusOr<std::unique_ptr<ModelledDrives>> ModelledDrives::Open(
    const std::string& folder, const std::vector<ModelledDrive>& drives) {
  std::unique_ptr<ModelledDrives> all(new ModelledDrives);
  VirtualRobotOptions options{.store = folder, .clock = &all->clock_};
  for (size_t i = 0; i < drives.size(); ++i) {
    RETURN_IF_ERROR(MakeDisc(folder, i, drives[i].image));
    options.drives.push_back(Options(drives[i], i));
  }
  ASSIGN_OR_RETURN(all->robot_, VirtualRobot::Open(options));
  VirtualRobot& robot = *all->robot_;
  for (size_t i = 0; i < drives.size(); ++i) {
    const ElementAddress slot = robot.slot_element(static_cast<int>(i) + 1);
    RETURN_IF_ERROR(robot.changer().Move(slot, robot.drive_element(i)).status);
    all->units_.push_back(std::make_unique<Unit>(robot, i, &all->clock_));
    RETURN_IF_ERROR(all->units_.back()->ReadFacts());
  }
  return all;
}

ModelledDrives::~ModelledDrives() = default;

absl::StatusOr<ImportResult> ModelledDrives::Import(size_t index, const ImportOptions& options) {
  const SimulatedClock::Participant participant(&clock_);
  return units_[index]->Import(options);
}

std::vector<absl::StatusOr<ImportResult>> ModelledDrives::ImportAll() {
  std::vector<absl::StatusOr<ImportResult>> results(units_.size());
  std::vector<std::thread> threads;
  {
    // All begin at the same time.
    const SimulatedClock::Participant starter(&clock_);
    for (size_t i = 0; i < units_.size(); ++i) {
      auto participant = std::make_shared<SimulatedClock::Participant>(&clock_);
      threads.emplace_back([this, i, &results, participant = std::move(participant)]() mutable {
        results[i] = units_[i]->Import({});
        participant.reset();
      });
    }
  }
  for (std::thread& thread : threads) thread.join();
  return results;
}

int64_t ModelledDrives::reads(size_t index) const { return units_[index]->reads(); }

absl::Duration ModelledDrives::time_of_facts(size_t index) const {
  return units_[index]->time_of_facts();
}

}  // namespace carousel
