#include "clients/cli/robot_commands.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "carousel/v1/robot.grpc.pb.h"
#include "carousel/v1/robot.pb.h"
#include "clients/cli/paging.h"

namespace carousel::cli {
namespace {

using v1::RobotService;

void ShowRobot(Session& session) {
  v1::GetRobotRequest request;
  request.set_name("robot");
  v1::Robot robot;
  session.Check(
      RobotService::NewStub(session.channel())->GetRobot(session.Context().get(), request, &robot));
  session.Print(robot, [&robot] {
    PrintFields({{"robot", robot.robot_id()},
                 {"version", robot.version()},
                 {"drives", absl::StrCat(robot.drive_count())},
                 {"slots", absl::StrCat(robot.slot_count())},
                 {"configuration", robot.config_digest()}},
                std::cout);
  });
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

struct MoveArguments {
  std::string disc;
  std::string drive;
  bool no_wait = false;
};

void Load(Session& session, const MoveArguments& arguments) {
  v1::LoadDiscRequest request;
  request.set_disc(ResourceName("discs", arguments.disc));
  request.set_drive(ResourceName("drives", arguments.drive));
  google::longrunning::Operation operation;
  session.Check(RobotService::NewStub(session.channel())
                    ->LoadDisc(session.Context().get(), request, &operation));
  v1::LoadDiscResponse response;
  if (!session.Finish(operation, !arguments.no_wait, &response)) return;
  session.Print(response, [&] {
    std::cout << response.drive().name() << " holds " << request.disc() << " ("
              << response.drive().profile() << ")\n";
  });
}

void Unload(Session& session, const MoveArguments& arguments) {
  v1::UnloadDiscRequest request;
  request.set_drive(ResourceName("drives", arguments.drive));
  google::longrunning::Operation operation;
  session.Check(RobotService::NewStub(session.channel())
                    ->UnloadDisc(session.Context().get(), request, &operation));
  v1::UnloadDiscResponse response;
  if (!session.Finish(operation, !arguments.no_wait, &response)) return;
  session.Print(response, [&] {
    std::cout << response.slot().name() << " holds " << response.slot().disc() << "\n";
  });
}

}  // namespace

void AddRobotCommands(CLI::App& app, Session& session) {
  app.add_subcommand("robot", "The robot: identity, version, configuration")->callback([&session] {
    ShowRobot(session);
  });
  app.add_subcommand("drives", "Drives and what is in them")->callback([&session] {
    ListDrives(session);
  });
  app.add_subcommand("slots", "Slots and what is in them")->callback([&session] {
    ListSlots(session);
  });
  app.add_subcommand("discs", "Discs and where they are")->callback([&session] {
    ListDiscs(session);
  });

  const auto arguments = std::make_shared<MoveArguments>();
  CLI::App* load = app.add_subcommand("load", "Move a disc from its slot into a drive");
  load->add_option("disc", arguments->disc, "Bar code, or discs/...")->required();
  load->add_option("drive", arguments->drive, "Drive, such as drive0")->required();
  load->add_flag("--no-wait", arguments->no_wait, "Print the operation and return");
  load->callback([&session, arguments] { Load(session, *arguments); });

  CLI::App* unload = app.add_subcommand("unload", "Move the disc in a drive back to its slot");
  unload->add_option("drive", arguments->drive, "Drive, such as drive0")->required();
  unload->add_flag("--no-wait", arguments->no_wait, "Print the operation and return");
  unload->callback([&session, arguments] { Unload(session, *arguments); });
}

}  // namespace carousel::cli
