// Completion of command lines: what may come next, from the commands and options that there are, so
// that no list of them grows old. The scripts for the shells only ask for it.
#ifndef CLIENTS_CLI_COMPLETION_H_
#define CLIENTS_CLI_COMPLETION_H_

#include <functional>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/string_view.h"

namespace carousel::cli {

// What the service has of a kind: "drive", "disc", "slot", "port", "image", "operation". Their
// names as a command takes them. Empty if it does not answer.
using NamesOf = std::function<std::vector<std::string>(absl::string_view kind)>;

struct Completion {
  std::vector<std::string> words;  // that begin as the last one does
  bool files = false;              // a file of this machine may come, too
};

// `words`: those behind the program's name, the last one being written, possibly empty.
Completion Complete(const CLI::App& app, const std::vector<std::string>& words,
                    const NamesOf& names_of);

// "bash" or "zsh": a script for it to read. Empty: another one.
std::string CompletionScript(absl::string_view shell);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_COMPLETION_H_
