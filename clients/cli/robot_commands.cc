#include "clients/cli/robot_commands.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "carousel/v1/robot.grpc.pb.h"
#include "carousel/v1/robot.pb.h"
#include "clients/cli/paging.h"
#include "clients/cli/robot_picture.h"
#include "clients/cli/watching.h"

namespace carousel::cli {
namespace {

using v1::RobotService;

// Columns of the terminal; of a file a line's usual length.
int Width() {
  winsize size{};
  const bool terminal = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return terminal ? size.ws_col : 100;
}

// The picture of now, and with `watch` of each change until the service ends or the user does.
void ShowRobot(Session& session, bool watch) {
  v1::WatchRobotRequest request;
  request.set_name("robot");
  grpc::ClientContext endless;
  const std::unique_ptr<grpc::ClientContext> once = session.Context();
  grpc::ClientContext& context = watch ? endless : *once;
  const auto reader = RobotService::NewStub(session.channel())->WatchRobot(&context, request);
  RobotPicture picture;
  v1::WatchRobotResponse change;
  const bool redraw = watch && isatty(STDOUT_FILENO) != 0;
  while (reader->Read(&change)) {
    picture.Apply(change);
    session.Print(change, [&] {
      if (redraw) std::cout << "\033[H\033[J";
      std::cout << picture.Draw(Width()) << (watch && !redraw ? "\n" : "") << std::flush;
    });
    if (!watch) {
      context.TryCancel();
      reader->Finish();
      return;
    }
  }
  session.Check(reader->Finish());
}

std::vector<std::string> DriveRow(const v1::Drive& drive) {
  return {drive.name(),
          v1::Drive::State_Name(drive.state()),
          drive.disc().empty() ? "-" : drive.disc(),
          drive.profile().empty() ? "-" : drive.profile(),
          Printable(absl::StrCat(drive.vendor(), " ", drive.product(), " ", drive.revision())),
          Printable(drive.serial_number()),
          drive.operation().empty() ? Printable(drive.state_reason()) : drive.operation()};
}

void ListDrives(Session& session) {
  const auto stub = RobotService::NewStub(session.channel());
  v1::ListDrivesResponse all;
  AllPages<v1::ListDrivesRequest, v1::ListDrivesResponse>(
      session, {},
      [&](auto* context, const auto& request, auto* page) {
        return stub->ListDrives(context, request, page);
      },
      &all);
  session.Print(all, [&all] {
    std::vector<std::vector<std::string>> rows = {
        {"DRIVE", "STATE", "DISC", "MEDIUM", "MODEL", "SERIAL", "NOTE"}};
    for (const v1::Drive& drive : all.drives()) rows.push_back(DriveRow(drive));
    PrintTable(rows, std::cout);
  });
}

void ListSlots(Session& session) {
  const auto stub = RobotService::NewStub(session.channel());
  v1::ListSlotsResponse all;
  AllPages<v1::ListSlotsRequest, v1::ListSlotsResponse>(
      session, {},
      [&](auto* context, const auto& request, auto* page) {
        return stub->ListSlots(context, request, page);
      },
      &all);
  session.Print(all, [&all] {
    std::vector<std::vector<std::string>> rows = {{"SLOT", "DISC"}};
    for (const v1::Slot& slot : all.slots()) {
      rows.push_back(
          {slot.name(), slot.disc().empty() ? (slot.full() ? "full" : "-") : slot.disc()});
    }
    PrintTable(rows, std::cout);
  });
}

void ListDiscs(Session& session) {
  const auto stub = RobotService::NewStub(session.channel());
  v1::ListDiscsResponse all;
  AllPages<v1::ListDiscsRequest, v1::ListDiscsResponse>(
      session, {},
      [&](auto* context, const auto& request, auto* page) {
        return stub->ListDiscs(context, request, page);
      },
      &all);
  session.Print(all, [&all] {
    std::vector<std::vector<std::string>> rows = {{"DISC", "BARCODE", "LOCATION"}};
    for (const v1::Disc& disc : all.discs()) {
      rows.push_back({disc.name(), Printable(disc.barcode()), disc.location()});
    }
    PrintTable(rows, std::cout);
  });
}

void ListImportExportSlots(Session& session) {
  const auto stub = RobotService::NewStub(session.channel());
  v1::ListImportExportSlotsResponse all;
  AllPages<v1::ListImportExportSlotsRequest, v1::ListImportExportSlotsResponse>(
      session, {},
      [&](auto* context, const auto& request, auto* page) {
        return stub->ListImportExportSlots(context, request, page);
      },
      &all);
  session.Print(all, [&all] {
    std::vector<std::vector<std::string>> rows = {{"IMPORT/EXPORT SLOT", "DISC", "IN", "OUT"}};
    for (const v1::ImportExportSlot& slot : all.import_export_slots()) {
      rows.push_back({slot.name(), slot.disc().empty() ? "-" : slot.disc(),
                      slot.can_import() ? "yes" : "no", slot.can_export() ? "yes" : "no"});
    }
    PrintTable(rows, std::cout);
  });
}

}  // namespace

void AddRobotCommands(CLI::App& app, Session& session) {
  CLI::App* const robot =
      app.add_subcommand("robot", "A picture of the robot: arm, drives, slots and what they hold");
  const auto watch = std::make_shared<bool>(false);
  robot->add_flag("-w,--watch", *watch, "Draw it anew whenever something changes");
  robot->callback([&session, watch] { ShowRobot(session, *watch); });
  const auto add = [&](const char* name, const char* what, void (*list)(Session&)) {
    AddWatch(*app.add_subcommand(name, what), [&session, list] { list(session); });
  };
  add("drives", "Drives and what is in them", ListDrives);
  add("slots", "Slots and what is in them", ListSlots);
  add("discs", "Discs and where they are", ListDiscs);
  add("ports", "Import/export slots and what is in them", ListImportExportSlots);
}

}  // namespace carousel::cli
