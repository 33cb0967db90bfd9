// What carouselctl says about a command line that CLI11 refuses. CLI11's own words name an option
// that is missing, but not a command that does not exist.
#ifndef CLIENTS_CLI_MISTAKES_H_
#define CLIENTS_CLI_MISTAKES_H_

#include <string>

#include "CLI/CLI.hpp"

namespace carousel::cli {

// A CLI11 failure message: the word that is no command and the commands that there are, else what
// CLI11 says. `app` has been parsed as far as it goes.
std::string ExplainMistake(const CLI::App* app, const CLI::Error& error);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_MISTAKES_H_
