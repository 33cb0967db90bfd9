#include "clients/cli/colours.h"

#include <unistd.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace carousel::cli {
namespace {

// ECMA-48 8.3.117, SELECT GRAPHIC RENDITION.
constexpr char kGreen[] = "\033[32m";
constexpr char kYellow[] = "\033[33m";
constexpr char kRed[] = "\033[31m";
constexpr char kPlain[] = "\033[0m";

struct Word {
  absl::string_view word;
  const char* colour;
};

constexpr Word kWords[] = {
    {"READY", kGreen},      {"ACTIVE", kGreen},     {"SUCCEEDED", kGreen}, {"good:", kGreen},
    {"NOT_READY", kYellow}, {"IMPORTING", kYellow}, {"ADDING", kYellow},   {"MASTERING", kYellow},
    {"BURNING", kYellow},   {"RUNNING", kYellow},   {"warning:", kYellow}, {"next:", kYellow},
    {"FAILED", kRed},       {"problem:", kRed},     {"error:", kRed},
};

// Its own place in a stream's storage: what may have colours is a matter of where it goes.
int Place() {
  static const int place = std::ios_base::xalloc();
  return place;
}

}  // namespace

bool WantsColours(int descriptor) {
  const char* const refused = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  return isatty(descriptor) != 0 && (refused == nullptr || *refused == '\0') &&
         terminal != nullptr && absl::string_view(terminal) != "dumb";
}

void SetColours(bool on, std::ostream& out) { out.iword(Place()) = on ? 1 : 0; }

bool HasColours(std::ostream& out) { return out.iword(Place()) != 0; }

std::string Coloured(const std::string& text, std::ostream& out) {
  if (!HasColours(out)) return text;
  const absl::string_view first = absl::string_view(text).substr(0, text.find(' '));
  for (const Word& word : kWords) {
    if (word.word == first) return absl::StrCat(word.colour, text, kPlain);
  }
  return text;
}

}  // namespace carousel::cli
