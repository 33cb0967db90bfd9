// Commands about the robot: what it has, moving discs, and what is wrong with it.
#ifndef CLIENTS_CLI_ROBOT_COMMANDS_H_
#define CLIENTS_CLI_ROBOT_COMMANDS_H_

#include "CLI/CLI.hpp"
#include "clients/cli/session.h"

namespace carousel::cli {

// Of all: both must outlive the parse.
// robot, drives, slots, discs, ports.
void AddRobotCommands(CLI::App& app, Session& session);
// load, unload, move, exchange, import, export, inventory.
void AddMoveCommands(CLI::App& app, Session& session);
// doctor.
void AddDoctorCommand(CLI::App& app, Session& session);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_ROBOT_COMMANDS_H_
