#include "clients/cli/program.h"

#include <iostream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "clients/cli/burn_commands.h"
#include "clients/cli/completion.h"
#include "clients/cli/disc_commands.h"
#include "clients/cli/image_commands.h"
#include "clients/cli/media_commands.h"
#include "clients/cli/mistakes.h"
#include "clients/cli/operation_commands.h"
#include "clients/cli/robot_commands.h"

namespace carousel::cli {
namespace {

constexpr const char* kFooter =
    "Exit code: 0 success; 2 command line; 3 refused (change the request, the disc or the order of "
    "calls);\n4 try again later; 5 data loss or a fault of the service; 6 cancelled; 7 not "
    "permitted.";
// Where the service is.
constexpr absl::string_view kWhere[] = {"-a",         "--address", "--tls-ca",
                                        "--tls-cert", "--tls-key", "--tls-name"};

CLI::App* AddGroup(CLI::App& app, const char* name, const char* what) {
  CLI::App* const group = app.add_subcommand(name, what);
  group->require_subcommand(1);
  group->fallthrough();
  return group;
}

void AddCompletionCommand(CLI::App& app) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* const completion =
      app.add_subcommand("completion", "The script that completes command lines in a shell");
  completion->add_option("shell", *shell, "For which")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}));
  completion->callback([shell] { std::cout << CompletionScript(*shell); });
}

std::vector<std::string> ListOf(absl::string_view kind) {
  if (kind == "image") return {"image", "list"};
  if (kind == "operation") return {"operations", "list"};
  return {std::string(kind) + "s"};
}

// The options among `words` that say where the service is, with their values.
std::vector<std::string> Where(const std::vector<std::string>& words) {
  std::vector<std::string> where;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    const std::vector<std::string> parts = absl::StrSplit(words[i], absl::MaxSplits('=', 1));
    if (std::find(std::begin(kWhere), std::end(kWhere), parts.front()) == std::end(kWhere))
      continue;
    where.push_back(words[i]);
    if (parts.size() == 1) where.push_back(words[++i]);
  }
  return where;
}

// What a command prints, a line each; nothing if it fails.
std::vector<std::string> LinesOf(std::vector<std::string> arguments) {
  CLI::App app;
  Session session;
  AddProgram(app, session);
  std::ostringstream text;
  std::streambuf* const buffer = std::cout.rdbuf(text.rdbuf());
  bool done = false;
  try {
    // CLI11 takes them from the end.
    std::reverse(arguments.begin(), arguments.end());
    app.parse(std::move(arguments));
    done = true;
  } catch (const CommandFailed&) {
  } catch (const CLI::Error&) {
  }
  std::cout.rdbuf(buffer);
  if (!done) return {};
  return absl::StrSplit(text.str(), '\n', absl::SkipEmpty());
}

}  // namespace

void AddProgram(CLI::App& app, Session& session) {
  app.description("Talks to carouseld, the service of one disc-archive robot.");
  app.name("carouselctl");
  app.footer(kFooter);
  app.failure_message(ExplainMistake);
  app.require_subcommand(1);
  // Options of carouselctl may stand behind the command as well.
  app.fallthrough();
  session.AddOptions(app);
  AddRobotCommands(app, session);
  AddMoveCommands(app, session);
  AddMediaCommands(app, session);
  AddDiscCommands(app, session);
  AddBurnCommand(app, session);
  CLI::App* const image = AddGroup(app, "image", "File system images");
  AddImageCommands(*image, session);
  AddImageMultisessionCommands(*image, session);
  AddImageImportCommands(*image, session);
  AddImageResultCommands(*image, session);
  AddImageAddCommands(*image, session);
  AddImageEditCommands(*image, session);
  AddImageUpdateCommand(*image, session);
  AddOperationCommands(*AddGroup(app, "operations", "Long-running operations"), session);
  AddDoctorCommand(app, session);
  AddCompletionCommand(app);
}

void PrintCompletion(const std::vector<std::string>& words) {
  CLI::App app;
  Session session;
  AddProgram(app, session);
  const auto names_of = [&](absl::string_view kind) {
    std::vector<std::string> arguments = Where(words);
    const std::vector<std::string> list = ListOf(kind);
    arguments.insert(arguments.end(), list.begin(), list.end());
    arguments.insert(arguments.end(), {"-o", "name", "--timeout", "2"});
    std::vector<std::string> names = LinesOf(std::move(arguments));
    // The collection's name is understood: `drive0` is shorter to read.
    for (std::string& name : names) name = name.substr(name.find('/') + 1);
    return names;
  };
  const Completion completion = Complete(app, words, names_of);
  for (const std::string& word : completion.words) std::cout << word << "\n";
  if (completion.files) std::cout << ":files\n";
}

}  // namespace carousel::cli
