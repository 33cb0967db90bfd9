// What carouselctl can do: all its commands and options.
#ifndef CLIENTS_CLI_PROGRAM_H_
#define CLIENTS_CLI_PROGRAM_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "clients/cli/session.h"

namespace carousel::cli {

// Both must live while `app` parses.
void AddProgram(CLI::App& app, Session& session);

// Prints what may come behind `words`, as Complete says, one a line; ":files" for a file. Asks the
// service that the words themselves name, for two seconds at most; silent if it does not answer.
void PrintCompletion(const std::vector<std::string>& words);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_PROGRAM_H_
