#include "clients/cli/watching.h"

#include <unistd.h>

#include <iostream>
#include <optional>
#include <sstream>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace carousel::cli {
namespace {

constexpr absl::Duration kPause = absl::Seconds(2);
// ECMA-48: CURSOR POSITION, ERASE IN PAGE.
constexpr char kClear[] = "\033[H\033[J";

// What `run` prints to `out`.
std::string Printed(std::ostream& out, const std::function<void()>& run) {
  struct Restored {
    std::ostream& out;
    std::streambuf* const buffer;
    ~Restored() { out.rdbuf(buffer); }
  };
  std::ostringstream text;
  const Restored restored{out, out.rdbuf(text.rdbuf())};
  run();
  return text.str();
}

}  // namespace

void Watch(const Watching& watching, const std::function<void()>& run) {
  std::optional<std::string> shown;
  do {
    std::string text = Printed(*watching.out, run);
    if (text == shown) continue;
    *watching.out << (watching.terminal ? kClear : "") << text << std::flush;
    shown = std::move(text);
  } while (watching.pause());
}

void AddWatch(CLI::App& command, std::function<void()> run) {
  const auto watch = std::make_shared<bool>(false);
  command.add_flag("-w,--watch", *watch, "Show it anew whenever it has changed");
  command.callback([watch, run = std::move(run)] {
    if (!*watch) return run();
    Watch({.out = &std::cout,
           .terminal = isatty(STDOUT_FILENO) != 0,
           .pause =
               [] {
                 absl::SleepFor(kPause);
                 return true;
               }},
          run);
  });
}

}  // namespace carousel::cli
