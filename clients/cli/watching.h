// --watch: a command that is run again and again, and shows what it prints when that has changed.
#ifndef CLIENTS_CLI_WATCHING_H_
#define CLIENTS_CLI_WATCHING_H_

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "CLI/CLI.hpp"

namespace carousel::cli {

struct Watching {
  std::ostream* out = nullptr;  // what `run` prints to, too
  // A terminal shows the newest alone; a file or a pipe gets each, one after the other.
  bool terminal = false;
  // Waits; false: it is enough.
  std::function<bool()> pause;
};

// Until `pause` says so, or `run` throws.
void Watch(const Watching& watching, const std::function<void()>& run);

// Gives a command of std::cout -w, --watch: `run` once, or each two seconds until it fails or the
// user ends it.
void AddWatch(CLI::App& command, std::function<void()> run);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_WATCHING_H_
