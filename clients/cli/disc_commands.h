// Commands that look at the disc in a drive, verify it, erase it, close it and repair it.
#ifndef CLIENTS_CLI_DISC_COMMANDS_H_
#define CLIENTS_CLI_DISC_COMMANDS_H_

#include "CLI/CLI.hpp"
#include "clients/cli/session.h"

namespace carousel::cli {

// disc show, verify, erase, close, repair. Both must outlive the parse.
void AddDiscCommands(CLI::App& app, Session& session);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_DISC_COMMANDS_H_
