// Burns folders of the computer, one a session, onto a disc of a virtual robot's store, for judges
// to read what is on it:
//   burn_trees STORE BARCODE MEDIUM FOLDER... and what mastering_options.h has
// The disc is made; MEDIUM is as carousel-disc takes it. Each session has what the one before it
// had, read back from the disc, overlaid with its folder, and a file "session-N.sha256" with the
// SHA-256 of every other. Prints "start" of each session as lines with numbers; exits 1 with a line
// "error" if it is refused.
#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_macros.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"
#include "hal/drive/burn_table.h"
#include "hal/drive/mmc_drive.h"
#include "hal/virtual_robot/disc_cli.h"
#include "hal/virtual_robot/virtual_robot.h"
#include "server/burn/burn_control.h"
#include "server/burn/burn_journal.h"
#include "server/burn/burn_run.h"
#include "server/disc_format/drive_block_reader.h"
#include "server/disc_format/logical_sessions.h"
#include "server/disc_format/media_facts_reader.h"
#include "server/fs/iso9660/reader.h"
#include "server/image/file_tree.h"
#include "server/mastering/plan.h"
#include "tests/interop/disk_tree.h"
#include "tests/interop/mastering_options.h"
#include "tests/interop/tree_manifest.h"

namespace carousel {
namespace {

struct Arguments {
  std::string store;
  std::string barcode;
  std::string medium;
  std::vector<std::string> folders;
  mastering::Options options;
};

// One burn after the other in one process: nobody asks what a burn before this one has done.
class NoJournal : public BurnJournal {
 public:
  absl::Status Begin(const BurnIntent&) override { return absl::OkStatus(); }
  absl::Status End(const BurnIntent&, const BurnOutcome&) override { return absl::OkStatus(); }
};

std::optional<Arguments> Parse(int argc, char** argv) {
  Arguments arguments;
  std::vector<std::string> words;
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    if (!absl::ConsumePrefix(&argument, "--")) {
      words.emplace_back(argument);
    } else if (!ParseMasteringOption(argument, arguments.options)) {
      return std::nullopt;
    }
  }
  if (words.size() < 4) return std::nullopt;
  arguments.store = words[0];
  arguments.barcode = words[1];
  arguments.medium = words[2];
  arguments.folders.assign(words.begin() + 3, words.end());
  return arguments;
}

absl::StatusOr<FileTree> ReadNewest(DriveBlockReader& disc, const MediaFacts& facts) {
  if (!facts.newest_session().has_value()) return FileTree();
  ASSIGN_OR_RETURN(const iso9660::Identification found,
                   iso9660::Identify(disc, *facts.newest_session()));
  const bool joliet = !found.rock_ridge && found.joliet.has_value();
  ASSIGN_OR_RETURN(
      iso9660::ReadResult result,
      iso9660::ReadTree(disc, found, joliet ? iso9660::Tree::kJoliet : iso9660::Tree::kPrimary,
                        iso9660::Limits(), nullptr));
  return std::move(result.tree);
}

absl::Status SetPlace(const MediaFacts& facts, const MediaState& state,
                      mastering::Options& options) {
  const BurnRow* const row = FindBurnRow(state);
  if (row == nullptr || !facts.next_writable.has_value()) {
    return absl::FailedPreconditionError("the disc takes no session");
  }
  const bool overwrites = row->method == BurnMethod::kOverwrite;
  options.session_start =
      std::max(*facts.next_writable, Lba(0) + (overwrites ? kLogicalSessionUnit : Sectors(0)));
  options.tail = row->padding;
  options.write_unit = overwrites ? kLogicalSessionUnit : row->write_unit;
  options.min_sectors = row->shortest_track;
  return absl::OkStatus();
}

absl::Status BurnSession(Drive& drive, const std::string& folder, int number,
                         mastering::Options options) {
  BurnRequest request;
  ASSIGN_OR_RETURN(request.disc, ReadMediaFacts(drive));
  ASSIGN_OR_RETURN(const MediaState state, drive.ReadMediaState());
  RETURN_IF_ERROR(SetPlace(request.disc, state, options));
  DriveBlockReader disc(&drive, state.ReadableEnd());
  ASSIGN_OR_RETURN(const FileTree old, ReadNewest(disc, request.disc));
  FileTree tree;
  DiskTree contents;
  RETURN_IF_ERROR(contents.Overlay(old, folder, tree));
  ASSIGN_OR_RETURN(const std::string manifest, ManifestOf(tree, contents, &disc));
  RETURN_IF_ERROR(contents.AddToRoot(absl::StrCat("session-", number, ".sha256"), manifest,
                                     options.creation_time, tree));
  ASSIGN_OR_RETURN(const auto plan, mastering::Plan::Make(tree, contents.new_files(), options));
  request.plan = plan.get();
  request.contents = &contents;
  NoJournal journal;
  BurnControl control;
  const BurnReport report = BurnRun(request, &ReadMediaFacts, &journal, &control).Run(drive);
  if (report.status.ok()) std::cout << "start " << plan->start().value() << "\n";
  return report.status;
}

absl::Status Run(const Arguments& arguments) {
  if (virtual_robot::RunCarouselDisc({"create", arguments.store, arguments.barcode,
                                      absl::StrCat("--media=", arguments.medium), "--slot=1"},
                                     std::cout, std::cerr) != 0) {
    return absl::InvalidArgumentError("the disc cannot be made");
  }
  FakeClock clock;
  VirtualRobotOptions options;
  options.store = arguments.store;
  options.slots = 1;
  options.drives = {VirtualDriveOptions{.serial = "SERIAL0"}};
  options.clock = &clock;
  ASSIGN_OR_RETURN(const std::unique_ptr<VirtualRobot> robot, VirtualRobot::Open(options));
  RETURN_IF_ERROR(robot->changer().Move(robot->slot_element(1), robot->drive_element(0)).status);
  MmcDrive drive(robot->OpenDrive(0), &clock);
  int number = 0;
  for (const std::string& folder : arguments.folders) {
    ASSIGN_OR_RETURN(const bool ready, drive.CheckReady());
    if (!ready) return absl::FailedPreconditionError("the drive is empty");
    RETURN_IF_ERROR(BurnSession(drive, folder, ++number, arguments.options));
  }
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  const std::optional<Arguments> arguments = Parse(argc, argv);
  if (!arguments.has_value()) {
    std::cerr << "usage: burn_trees STORE BARCODE MEDIUM FOLDER... " << kMasteringOptions << "\n";
    return 2;
  }
  const absl::Status status = Run(*arguments);
  if (status.ok()) return 0;
  std::cout << "error " << status << "\n";
  return 1;
}

}  // namespace
}  // namespace carousel

int main(int argc, char** argv) { return carousel::Main(argc, argv); }
