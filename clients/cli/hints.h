// What a person should do about an error, in a line.
#ifndef CLIENTS_CLI_HINTS_H_
#define CLIENTS_CLI_HINTS_H_

#include <string>

#include "clients/cpp/error.h"

namespace carousel::cli {

// By reason, else by code; empty if there is nothing to say beyond the message.
std::string HintFor(const client::Error& error);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_HINTS_H_
