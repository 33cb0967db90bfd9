#include "clients/cli/man_page.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace carousel::cli {
namespace {

constexpr size_t kLine = 76;

// Text of ours as text of mdoc: no line begins with its control characters.
std::string Text(absl::string_view text) {
  std::string escaped = absl::StrReplaceAll(text, {{"\\", "\\e"}, {"\n", " "}});
  if (absl::StartsWith(escaped, ".") || absl::StartsWith(escaped, "'")) escaped.insert(0, "\\&");
  return escaped;
}

// As an argument of a macro, which would otherwise take words such as "No" for macros.
std::string Argument(absl::string_view text) {
  return absl::StrCat("\"", absl::StrReplaceAll(Text(text), {{"\"", "\\(dq"}}), "\"");
}

// Lines that are not too long; each sentence begins one, as mdoc wants it.
void Paragraph(absl::string_view text, std::ostream& out) {
  for (const absl::string_view sentence : absl::StrSplit(text, ". ", absl::SkipWhitespace())) {
    std::string line;
    for (const absl::string_view word : absl::StrSplit(sentence, absl::ByAnyChar(" \n"))) {
      if (line.size() + word.size() > kLine) {
        out << Text(line) << "\n";
        line.clear();
      }
      absl::StrAppend(&line, line.empty() ? "" : " ", word);
    }
    out << Text(line) << (absl::EndsWith(sentence, ".") ? "" : ".") << "\n";
  }
}

std::vector<const CLI::Option*> OptionsOf(const CLI::App& app, bool positional) {
  std::vector<const CLI::Option*> found;
  for (const CLI::Option* const option : app.get_options()) {
    // Every command has --help; the page says it once.
    if (option == app.get_help_ptr() && app.get_parent() != nullptr) continue;
    if (option->get_positional() == positional) found.push_back(option);
  }
  return found;
}

void WriteOptions(const CLI::App& app, std::ostream& out) {
  const std::vector<const CLI::Option*> options = OptionsOf(app, false);
  if (options.empty()) return;
  out << ".Bl -tag -width Ds\n";
  for (const CLI::Option* const option : options) {
    out << ".It";
    const char* before = " Fl ";
    for (const std::string& name : option->get_snames()) {
      out << before << name;
      before = " , Fl ";
    }
    for (const std::string& name : option->get_lnames()) {
      out << before << Text(absl::StrCat("-", name));
      before = " , Fl ";
    }
    if (option->get_items_expected_max() > 0) out << " Ar value";
    out << "\n";
    Paragraph(option->get_description(), out);
  }
  out << ".El\n";
}

void WriteCommand(const CLI::App& command, const std::string& before, std::ostream& out) {
  if (command.get_group().empty()) return;
  const std::string words = absl::StrCat(before, command.get_name());
  const auto commands = command.get_subcommands([](const CLI::App*) { return true; });
  if (commands.empty()) {
    out << ".Ss " << Argument(words) << "\n.Bd -ragged\n.Nm carouselctl\n.Cm " << words << "\n";
    for (const CLI::Option* const argument : OptionsOf(command, true)) {
      const std::string name = argument->get_single_name();
      out << (argument->get_required() ? ".Ar " : ".Op Ar ") << name << "\n";
    }
    out << ".Ed\n.Pp\n";
    Paragraph(command.get_description(), out);
    WriteOptions(command, out);
  }
  for (const CLI::App* const next : commands) WriteCommand(*next, words + " ", out);
}

}  // namespace

void WriteManPage(const CLI::App& app, std::ostream& out) {
  // Not the day of the build: the same program has the same page.
  out << ".Dd November 27, 2026\n.Dt CAROUSELCTL 1\n.Os\n.Sh NAME\n.Nm carouselctl\n"
         ".Nd talk to carouseld, the service of one disc-archive robot\n"
         ".Sh SYNOPSIS\n.Nm\n.Op Ar options\n.Ar command\n.Op Ar arguments\n"
         ".Sh DESCRIPTION\n";
  Paragraph(app.get_description(), out);
  out << "Options may stand before the command or behind it.\n";
  WriteOptions(app, out);
  out << ".Sh COMMANDS\n";
  for (const CLI::App* const command : app.get_subcommands([](const CLI::App*) { return true; }))
    WriteCommand(*command, "", out);
  out << ".Sh ENVIRONMENT\n.Bl -tag -width Ds\n";
  for (const CLI::Option* const option : OptionsOf(app, false)) {
    if (option->get_envname().empty()) continue;
    out << ".It Ev " << option->get_envname() << "\n";
    Paragraph(absl::StrCat("As --", option->get_single_name()), out);
  }
  out << ".It Ev NO_COLOR\nNo colours, also on a terminal.\n.El\n.Sh EXIT STATUS\n";
  Paragraph(app.get_footer(), out);
}

}  // namespace carousel::cli
