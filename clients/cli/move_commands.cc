#include <iostream>
#include <memory>
#include <string>

#include "carousel/v1/robot.grpc.pb.h"
#include "carousel/v1/robot.pb.h"
#include "clients/cli/robot_commands.h"

namespace carousel::cli {
namespace {

using google::longrunning::Operation;
using v1::RobotService;

struct MoveArguments {
  std::string disc;
  std::string drive;
  std::string slot;
  std::string port;
  bool rescan = false;
  bool no_wait = false;
};

// Starts an operation by `method`, waits for it unless told otherwise, and prints its response.
template <typename Request, typename Response, typename Describe>
void Run(Session& session, const MoveArguments& arguments,
         grpc::Status (RobotService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                    Operation*),
         const Request& request, Response response, Describe describe) {
  const auto stub = RobotService::NewStub(session.channel());
  Operation operation;
  session.Check((stub.get()->*method)(session.Context().get(), request, &operation));
  if (!session.Finish(operation, !arguments.no_wait, &response)) return;
  session.Print(response, [&] { describe(response); });
}

// Any place with a name and a disc.
template <typename Place>
void PrintPlace(const Place& place) {
  std::cout << place.name() << " holds " << place.disc() << "\n";
}

void PrintDrive(const v1::Drive& drive) {
  std::cout << drive.name() << " holds " << drive.disc() << " (" << drive.profile() << ")\n";
}

void Load(Session& session, const MoveArguments& arguments) {
  v1::LoadDiscRequest request;
  request.set_disc(ResourceName("discs", arguments.disc));
  request.set_drive(ResourceName("drives", arguments.drive));
  Run(session, arguments, &RobotService::Stub::LoadDisc, request, v1::LoadDiscResponse(),
      [](const auto& response) { PrintDrive(response.drive()); });
}

void Unload(Session& session, const MoveArguments& arguments) {
  v1::UnloadDiscRequest request;
  request.set_drive(ResourceName("drives", arguments.drive));
  Run(session, arguments, &RobotService::Stub::UnloadDisc, request, v1::UnloadDiscResponse(),
      [](const auto& response) { PrintPlace(response.slot()); });
}

void Move(Session& session, const MoveArguments& arguments) {
  v1::MoveDiscRequest request;
  request.set_disc(ResourceName("discs", arguments.disc));
  request.set_slot(ResourceName("slots", arguments.slot));
  Run(session, arguments, &RobotService::Stub::MoveDisc, request, v1::MoveDiscResponse(),
      [](const auto& response) { PrintPlace(response.slot()); });
}

void Exchange(Session& session, const MoveArguments& arguments) {
  v1::ExchangeDiscRequest request;
  request.set_disc(ResourceName("discs", arguments.disc));
  request.set_drive(ResourceName("drives", arguments.drive));
  Run(session, arguments, &RobotService::Stub::ExchangeDisc, request, v1::ExchangeDiscResponse(),
      [](const auto& response) {
        PrintDrive(response.drive());
        PrintPlace(response.slot());
      });
}

void Import(Session& session, const MoveArguments& arguments) {
  v1::ImportDiscRequest request;
  request.set_import_export_slot(ResourceName("importExportSlots", arguments.port));
  if (!arguments.slot.empty()) request.set_slot(ResourceName("slots", arguments.slot));
  Run(session, arguments, &RobotService::Stub::ImportDisc, request, v1::ImportDiscResponse(),
      [](const auto& response) { PrintPlace(response.slot()); });
}

void Export(Session& session, const MoveArguments& arguments) {
  v1::ExportDiscRequest request;
  request.set_disc(ResourceName("discs", arguments.disc));
  if (!arguments.port.empty())
    request.set_import_export_slot(ResourceName("importExportSlots", arguments.port));
  Run(session, arguments, &RobotService::Stub::ExportDisc, request, v1::ExportDiscResponse(),
      [](const auto& response) { PrintPlace(response.import_export_slot()); });
}

void TakeInventory(Session& session, const MoveArguments& arguments) {
  v1::TakeInventoryRequest request;
  request.set_rescan(arguments.rescan);
  Run(session, arguments, &RobotService::Stub::TakeInventory, request, v1::TakeInventoryResponse(),
      [](const auto& response) {
        std::cout << "discs: " << response.disc_count() << ", of them "
                  << response.unlabelled_count() << " without a bar code of their own\n";
      });
}

}  // namespace

void AddMoveCommands(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<MoveArguments>();
  const auto add = [&](const char* name, const char* what,
                       void (*run)(Session&, const MoveArguments&)) {
    CLI::App* const command = app.add_subcommand(name, what);
    command->add_flag("--no-wait", arguments->no_wait, "Print the operation and return");
    command->callback([&session, arguments, run] { run(session, *arguments); });
    return command;
  };
  const auto disc = [&](CLI::App* command) {
    command->add_option("disc", arguments->disc, "Bar code, or discs/...")->required();
    return command;
  };
  const auto drive = [&](CLI::App* command) {
    command->add_option("drive", arguments->drive, "Drive, such as drive0")->required();
  };
  drive(disc(add("load", "Move a disc from its slot into a drive", Load)));
  drive(add("unload", "Move the disc in a drive back to its slot", Unload));
  disc(add("move", "Move a disc into a slot, from another one or out of a drive", Move))
      ->add_option("slot", arguments->slot, "Slot, such as slot1")
      ->required();
  drive(disc(add("exchange", "Unload what a drive holds and load another disc", Exchange)));
  CLI::App* const import =
      add("import", "Take a disc in from an import/export slot (after `inventory`)", Import);
  import->add_option("port", arguments->port, "Import/export slot, such as port1")->required();
  import->add_option("slot", arguments->slot, "Slot that it goes to; default: the first free one");
  disc(add("export", "Bring a disc out into an import/export slot", Export))
      ->add_option("port", arguments->port, "Import/export slot; default: the first free one");
  add("inventory", "Ask the changer what lies where, after people have moved discs", TakeInventory)
      ->add_flag("--rescan", arguments->rescan,
                 "Let the changer look at its slots itself, for minutes");
}

}  // namespace carousel::cli
