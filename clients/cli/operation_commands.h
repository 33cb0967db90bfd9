// Commands about long-running operations: `carouselctl operations ...`.
#ifndef CLIENTS_CLI_OPERATION_COMMANDS_H_
#define CLIENTS_CLI_OPERATION_COMMANDS_H_

#include "CLI/CLI.hpp"
#include "clients/cli/session.h"

namespace carousel::cli {

// list, show, wait, cancel, delete. `app` is the group `operations`; both must outlive the parse.
void AddOperationCommands(CLI::App& app, Session& session);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_OPERATION_COMMANDS_H_
