// Changes small images of discs, structure by structure, and holds the ISO 9660 reader to what must
// hold for any disc (oracle.h). Built with --config=fuzz it has the sanitizers.
//   iso_mutator [--seconds=N] [--mutants=N] [--seed=N] [--first=N] [--images=FOLDER]
// Ends after so many seconds or mutants, or at the first that fails: it then prints the seed, the
// mutant's number and the file in which its image is. --seed=S --first=N --mutants=1 makes mutant N
// again. The last line is `N passed, N failed, N skipped`, in mutants.
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/fuzz/iso/base_images.h"
#include "tests/fuzz/iso/mutations.h"
#include "tests/fuzz/iso/oracle.h"
#include "tests/fuzz/iso/reproducer.h"

namespace carousel::fuzz {
namespace {

// A mutant that takes longer hangs.
constexpr int kHangSeconds = 60;

struct Options {
  int64_t seconds = -1;
  int64_t mutants = -1;
  uint64_t seed = 0;
  uint64_t first = 0;
  std::string images;
};

std::optional<Options> ParseOptions(int argc, char** argv) {
  Options options;
  options.seed = static_cast<uint64_t>(absl::ToUnixMicros(absl::Now()));
  options.images = absl::StrCat(argv[0], ".runfiles/carousel/tests/fuzz/iso/images");
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    bool good = false;
    if (absl::ConsumePrefix(&argument, "--seconds=")) {
      good = absl::SimpleAtoi(argument, &options.seconds);
    } else if (absl::ConsumePrefix(&argument, "--mutants=")) {
      good = absl::SimpleAtoi(argument, &options.mutants);
    } else if (absl::ConsumePrefix(&argument, "--seed=")) {
      good = absl::SimpleAtoi(argument, &options.seed);
    } else if (absl::ConsumePrefix(&argument, "--first=")) {
      good = absl::SimpleAtoi(argument, &options.first);
    } else if (absl::ConsumePrefix(&argument, "--images=")) {
      options.images = std::string(argument);
      good = true;
    }
    if (!good) return std::nullopt;
  }
  if (options.seconds < 0 && options.mutants < 0) options.seconds = 60;
  return options;
}

Mutant MakeMutant(const BaseImage& base, uint64_t seed, uint64_t number) {
  Mutant mutant{.image = base.image};
  Chance chance(seed, number);
  Mutate(base.map, chance, mutant);
  return mutant;
}

// What was not changed must be read, or the rest shows nothing.
bool GoodOnesAreRead(const std::vector<BaseImage>& bases) {
  bool good = bases.size() == kBaseImages;
  if (!good) std::cout << "FAILED: images are missing\n";
  for (const BaseImage& base : bases) {
    std::map<std::string, int64_t> outcomes;
    const std::string title = absl::StrCat(base.name, " as it was written");
    BeginReproducible(title, base.image, kHangSeconds);
    const std::string wrong = Check(Mutant{.image = base.image}, base.session, outcomes);
    EndReproducible();
    if (!wrong.empty() || outcomes["tree"] == 0 || outcomes.size() != 1) {
      std::cout << "FAILED: " << title << ": " << wrong << "\n";
      good = false;
    }
  }
  return good;
}

int Finish(int64_t passed, bool failed, const std::map<std::string, int64_t>& outcomes) {
  std::cout << passed << " mutants:";
  for (const auto& [what, count] : outcomes) std::cout << " " << what << " " << count;
  std::cout << "\n" << passed << " passed, " << (failed ? 1 : 0) << " failed, 0 skipped\n";
  return failed ? 1 : 0;
}

int Main(int argc, char** argv) {
  const std::optional<Options> options = ParseOptions(argc, argv);
  if (!options.has_value()) {
    std::cerr << "usage: iso_mutator [--seconds=N] [--mutants=N] [--seed=N] [--first=N] "
                 "[--images=FOLDER]\n";
    return 2;
  }
  std::map<std::string, int64_t> outcomes;
  const std::vector<BaseImage> bases = LoadBaseImages(options->images);
  if (!GoodOnesAreRead(bases)) return Finish(0, true, outcomes);
  std::cout << "seed " << options->seed << "\n" << std::flush;
  const absl::Time end =
      options->seconds < 0 ? absl::InfiniteFuture() : absl::Now() + absl::Seconds(options->seconds);
  int64_t passed = 0;
  for (; passed != options->mutants && absl::Now() < end; ++passed) {
    const uint64_t number = options->first + static_cast<uint64_t>(passed);
    const BaseImage& base = bases[number % bases.size()];
    const Mutant mutant = MakeMutant(base, options->seed, number);
    const std::string title =
        absl::StrCat("seed ", options->seed, " mutant ", number, " of ", base.name, " (session at ",
                     base.session, "): ", absl::StrJoin(mutant.steps, ", "));
    BeginReproducible(title, mutant.image, kHangSeconds);
    const std::string wrong = Check(mutant, base.session, outcomes);
    EndReproducible();
    if (wrong.empty()) continue;
    std::cout << "FAILED: " << wrong << "\n" << std::flush;
    WriteReproducer();
    return Finish(passed, true, outcomes);
  }
  return Finish(passed, false, outcomes);
}

}  // namespace
}  // namespace carousel::fuzz

int main(int argc, char** argv) { return carousel::fuzz::Main(argc, argv); }
