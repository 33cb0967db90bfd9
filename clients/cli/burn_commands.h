// Commands that write discs.
#ifndef CLIENTS_CLI_BURN_COMMANDS_H_
#define CLIENTS_CLI_BURN_COMMANDS_H_

#include "CLI/CLI.hpp"
#include "clients/cli/session.h"

namespace carousel::cli {

// burn. Both must outlive the parse.
void AddBurnCommand(CLI::App& app, Session& session);

// acknowledge. `app` is the group `disc`.
void AddDiscAcknowledgeCommand(CLI::App& app, Session& session);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_BURN_COMMANDS_H_
