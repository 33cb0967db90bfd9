// carouselctl: the service from a terminal.
#include <iostream>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/string_view.h"
#include "clients/cli/man_page.h"
#include "clients/cli/output.h"
#include "clients/cli/program.h"
#include "clients/cli/session.h"

namespace {

// What the scripts of the shells and the build call; not for people, so no commands of the program.
constexpr absl::string_view kComplete = "__complete";  // __complete -- WORD...
constexpr absl::string_view kManPage = "__man-page";

}  // namespace

int main(int argc, char** argv) {
  using carousel::cli::CommandFailed;
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() > 1 && words[0] == kComplete) {
    carousel::cli::PrintCompletion({words.begin() + 2, words.end()});
    return carousel::cli::kSuccess;
  }
  CLI::App app;
  carousel::cli::Session session;
  carousel::cli::AddProgram(app, session);
  if (words.size() == 1 && words[0] == kManPage) {
    carousel::cli::WriteManPage(app, std::cout);
    return carousel::cli::kSuccess;
  }
  try {
    app.parse(argc, argv);
  } catch (const CommandFailed& failed) {
    carousel::cli::PrintError(failed.error, session.format(), std::cerr);
    return carousel::cli::ExitCodeFor(failed.error.code);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? carousel::cli::kSuccess : carousel::cli::kUsage;
  }
  return carousel::cli::kSuccess;
}
