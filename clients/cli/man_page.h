// carouselctl(1), made from the commands and options that there are.
#ifndef CLIENTS_CLI_MAN_PAGE_H_
#define CLIENTS_CLI_MAN_PAGE_H_

#include <ostream>

#include "CLI/CLI.hpp"

namespace carousel::cli {

// In mdoc(7). The same program gives the same bytes.
void WriteManPage(const CLI::App& app, std::ostream& out);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_MAN_PAGE_H_
