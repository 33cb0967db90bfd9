// carouselctl: the service from a terminal.
#include <iostream>

#include "CLI/CLI.hpp"
#include "clients/cli/burn_commands.h"
#include "clients/cli/disc_commands.h"
#include "clients/cli/image_commands.h"
#include "clients/cli/media_commands.h"
#include "clients/cli/mistakes.h"
#include "clients/cli/operation_commands.h"
#include "clients/cli/output.h"
#include "clients/cli/robot_commands.h"
#include "clients/cli/session.h"

namespace {

constexpr const char* kFooter =
    "Exit code: 0 success; 2 command line; 3 refused (change the request, the disc or the order of "
    "calls);\n4 try again later; 5 data loss or a fault of the service; 6 cancelled; 7 not "
    "permitted.";

}  // namespace

int main(int argc, char** argv) {
  using carousel::cli::CommandFailed;
  CLI::App app("Talks to carouseld, the service of one disc-archive robot.", "carouselctl");
  app.footer(kFooter);
  app.failure_message(carousel::cli::ExplainMistake);
  app.require_subcommand(1);
  // Options of carouselctl may stand behind the command as well.
  app.fallthrough();
  carousel::cli::Session session;
  session.AddOptions(app);
  AddRobotCommands(app, session);
  AddMoveCommands(app, session);
  AddMediaCommands(app, session);
  AddDiscCommands(app, session);
  AddBurnCommand(app, session);
  CLI::App* image = app.add_subcommand("image", "File system images");
  image->require_subcommand(1);
  image->fallthrough();
  AddImageCommands(*image, session);
  AddImageMultisessionCommands(*image, session);
  AddImageImportCommands(*image, session);
  AddImageResultCommands(*image, session);
  AddImageAddCommands(*image, session);
  AddImageEditCommands(*image, session);
  AddImageUpdateCommand(*image, session);
  CLI::App* operations = app.add_subcommand("operations", "Long-running operations");
  operations->require_subcommand(1);
  operations->fallthrough();
  AddOperationCommands(*operations, session);
  AddDoctorCommand(app, session);
  try {
    app.parse(argc, argv);
  } catch (const CommandFailed& failed) {
    carousel::cli::PrintError(failed.error, session.format(), std::cerr);
    return carousel::cli::ExitCodeFor(failed.error.code);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? carousel::cli::kSuccess : carousel::cli::kUsage;
  }
  return carousel::cli::kSuccess;
}
