// Commands about the medium in a drive.
#ifndef CLIENTS_CLI_MEDIA_COMMANDS_H_
#define CLIENTS_CLI_MEDIA_COMMANDS_H_

#include "CLI/CLI.hpp"
#include "carousel/v1/multisession.pb.h"
#include "clients/cli/session.h"

namespace carousel::cli {

// media, multisession. Both must outlive the parse.
void AddMediaCommands(CLI::App& app, Session& session);

// What a drive offers, for commands that pass it on. Throws CommandFailed.
v1::MultisessionInterfaceList InterfacesOfDrive(Session& session, const std::string& drive);

// One row for each interface.
void PrintInterfaces(const v1::MultisessionInterfaceList& list);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_MEDIA_COMMANDS_H_
