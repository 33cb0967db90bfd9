#include "clients/cli/completion.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace carousel::cli {
namespace {

// Arguments that are names of what the service has, by what they are called.
constexpr absl::string_view kKinds[] = {"drive", "disc", "slot", "port", "image", "operation"};
// Options that take a file of this machine.
constexpr absl::string_view kFiles[] = {"--tls-ca", "--tls-cert", "--tls-key", "--request"};

std::string NameOf(const CLI::Option& option) { return option.get_single_name(); }

// The choices of an option that has some: CLI11 tells them in its type, "TEXT:{table,json}".
std::vector<std::string> ChoicesOf(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const size_t begin = type.find('{');
  const size_t end = type.find('}', begin == std::string::npos ? 0 : begin);
  if (begin == std::string::npos || end == std::string::npos) return {};
  return absl::StrSplit(type.substr(begin + 1, end - begin - 1), ',');
}

class Completer {
 public:
  Completer(const CLI::App& app, const NamesOf& names_of) : app_(&app), names_of_(names_of) {}

  Completion Run(const std::vector<std::string>& words) {
    for (size_t i = 0; i + 1 < words.size(); ++i) Read(words[i]);
    const std::string& last = words.back();
    if (waiting_ != nullptr) {
      ValuesOf(*waiting_);
    } else if (absl::StartsWith(last, "-")) {
      Options();
    } else {
      Commands();
      if (const CLI::Option* const next = NextPositional(); next != nullptr) ValuesOf(*next);
    }
    auto& found = completion_.words;
    found.erase(std::remove_if(found.begin(), found.end(),
                               [&](const auto& word) { return !absl::StartsWith(word, last); }),
                found.end());
    return completion_;
  }

 private:
  // A word that is complete: an option's value, an option, a command or an argument.
  void Read(const std::string& word) {
    if (waiting_ != nullptr) {
      waiting_ = nullptr;
    } else if (absl::StartsWith(word, "-") && word.size() > 1) {
      if (!absl::StrContains(word, '=')) waiting_ = OptionWithValue(word);
    } else if (const CLI::App* const command = CommandOf(word); command != nullptr) {
      app_ = command;
      positionals_ = 0;
    } else {
      ++positionals_;
    }
  }

  const CLI::App* CommandOf(const std::string& word) const {
    const auto named = [&](const CLI::App* command) { return command->get_name() == word; };
    const std::vector<const CLI::App*> found = app_->get_subcommands(named);
    return found.empty() ? nullptr : found.front();
  }

  // Options of the command, and of those before it, which may stand behind it, too.
  template <typename Use>
  void ForOptions(Use use) const {
    for (const CLI::App* app = app_; app != nullptr; app = app->get_parent()) {
      for (const CLI::Option* const option : app->get_options()) use(*option);
    }
  }

  const CLI::Option* OptionWithValue(const std::string& word) const {
    const CLI::Option* found = nullptr;
    ForOptions([&](const CLI::Option& option) {
      if (!option.get_positional() && option.check_name(word) &&
          option.get_items_expected_max() > 0)
        found = &option;
    });
    return found;
  }

  const CLI::Option* NextPositional() const {
    int left = positionals_;
    for (const CLI::Option* const option : app_->get_options()) {
      if (!option->get_positional()) continue;
      // One that takes many takes the rest.
      if (left-- == 0 || option->get_items_expected_max() > 1) return option;
    }
    return nullptr;
  }

  void Options() {
    ForOptions([&](const CLI::Option& option) {
      for (const std::string& name : option.get_lnames()) completion_.words.push_back("--" + name);
    });
  }

  void Commands() {
    if (positionals_ > 0) return;
    for (const CLI::App* const command :
         app_->get_subcommands([](const CLI::App*) { return true; }))
      if (!command->get_group().empty()) completion_.words.push_back(command->get_name());
  }

  void ValuesOf(const CLI::Option& option) {
    std::string name = NameOf(option);
    completion_.files |=
        std::find(std::begin(kFiles), std::end(kFiles), "--" + name) != std::end(kFiles) ||
        (option.get_positional() && name == "path" && app_->get_name() == "add") ||
        (name == "to" && app_->get_name() != "add" && app_->get_name() != "add-tree");
    std::vector<std::string> values = ChoicesOf(option);
    if (std::find(std::begin(kKinds), std::end(kKinds), name) != std::end(kKinds))
      values = names_of_(name);
    completion_.words.insert(completion_.words.end(), values.begin(), values.end());
  }

  const CLI::App* app_;
  const NamesOf& names_of_;
  const CLI::Option* waiting_ = nullptr;  // for its value
  int positionals_ = 0;                   // that have been read
  Completion completion_;
};

constexpr char kBash[] =
    R"(# carouselctl for bash: source this, or put it into a folder that bash-completion reads.
_carouselctl() {
  local words word
  COMPREPLY=()
  mapfile -t words < <(carouselctl __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  for word in "${words[@]}"; do
    if [[ "$word" == :files ]]; then
      mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
    else
      COMPREPLY+=("$word")
    fi
  done
}
complete -o filenames -F _carouselctl carouselctl
)";

constexpr char kZsh[] = R"(#compdef carouselctl
# carouselctl for zsh: put this into a folder of $fpath as _carouselctl, or source it.
_carouselctl() {
  local -a found
  found=("${(@f)$(carouselctl __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if (( ${found[(I):files]} )); then
    found=("${(@)found:#:files}")
    _files
  fi
  found=("${(@)found:#}")
  if (( $#found )); then compadd -- "${found[@]}"; fi
}
if [[ "$funcstack[1]" == _carouselctl ]]; then
  _carouselctl "$@"
else
  compdef _carouselctl carouselctl
fi
)";

}  // namespace

Completion Complete(const CLI::App& app, const std::vector<std::string>& words,
                    const NamesOf& names_of) {
  return words.empty() ? Completion() : Completer(app, names_of).Run(words);
}

std::string CompletionScript(absl::string_view shell) {
  if (shell == "bash") return kBash;
  if (shell == "zsh") return kZsh;
  return "";
}

}  // namespace carousel::cli
