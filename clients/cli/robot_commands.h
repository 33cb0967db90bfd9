// Commands about the robot: what it has, and moving discs.
#ifndef CLIENTS_CLI_ROBOT_COMMANDS_H_
#define CLIENTS_CLI_ROBOT_COMMANDS_H_

#include "CLI/CLI.hpp"
#include "clients/cli/session.h"

namespace carousel::cli {

// robot, drives, slots, discs, load, unload. Both must outlive the parse.
void AddRobotCommands(CLI::App& app, Session& session);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_ROBOT_COMMANDS_H_
