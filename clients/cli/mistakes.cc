#include "clients/cli/mistakes.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace carousel::cli {
namespace {

// `carouselctl image`: the command that was read last, with those before it.
struct Command {
  const CLI::App* app;
  std::string words;
};

Command LastCommand(const CLI::App* app) {
  Command command{app, app->get_name()};
  while (!command.app->get_subcommands().empty()) {
    command.app = command.app->get_subcommands().front();
    absl::StrAppend(&command.words, " ", command.app->get_name());
  }
  return command;
}

std::string CommandsOf(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return absl::StrJoin(names, ", ");
}

}  // namespace

std::string ExplainMistake(const CLI::App* app, const CLI::Error& error) {
  const Command last = LastCommand(app);
  if (error.get_name() != "RequiredError" || last.app->get_require_subcommand_min() == 0) {
    return CLI::FailureMessage::simple(app, error);
  }
  // Words that nobody took fall through to the program itself.
  const std::vector<std::string> words = app->remaining();
  std::string what = "a command is missing";
  if (!words.empty() && absl::StartsWith(words.front(), "-")) {
    what = absl::StrCat("there is no option '", words.front(), "'");
  } else if (!words.empty()) {
    what = absl::StrCat("there is no command '", words.front(), "'");
  }
  return absl::StrCat(last.words, ": ", what, "\nCommands: ", CommandsOf(*last.app), "\nRun '",
                      last.words, " --help' for what they do.\n");
}

}  // namespace carousel::cli
