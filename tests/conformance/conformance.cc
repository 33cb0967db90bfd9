// The program conformance: asks a running service the cases of the table.
//
//   conformance --write_discs=STORE   makes the table's discs in a store of the virtual robot, one
//   in
//                                     each slot, for a service to be started on
//   conformance --address=HOST:PORT   asks; one line for each case, exit status 1 if one differs
//
// Cases that need a drive with faults are for a robot of their own and are counted, not asked. The
// robot's first drive must be free.
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "hal/base/status_macros.h"
#include "tests/conformance/discs.h"
#include "tests/conformance/evaluator.h"
#include "tests/conformance/suite.h"

namespace carousel::conformance {
namespace {

constexpr char kUsage[] = "conformance [--cases=FILE] --write_discs=STORE | --address=HOST:PORT\n";

struct Flags {
  std::string cases = "tests/conformance/cases.textproto";
  std::string store;
  std::string address;
};

absl::StatusOr<Flags> ParseFlags(int argc, char** argv) {
  Flags flags;
  for (int i = 1; i < argc; ++i) {
    absl::string_view word = argv[i];
    if (absl::ConsumePrefix(&word, "--cases=")) {
      flags.cases = std::string(word);
    } else if (absl::ConsumePrefix(&word, "--write_discs=")) {
      flags.store = std::string(word);
    } else if (absl::ConsumePrefix(&word, "--address=")) {
      flags.address = std::string(word);
    } else {
      return absl::InvalidArgumentError(absl::StrCat(word, ": not understood\n", kUsage));
    }
  }
  if (flags.store.empty() == flags.address.empty()) return absl::InvalidArgumentError(kUsage);
  return flags;
}

absl::Status WriteDiscs(const Suite& suite, const std::string& store) {
  std::filesystem::create_directories(store);
  int slot = 0;
  for (const Disc& disc : suite.discs()) RETURN_IF_ERROR(MakeDisc(store, disc, ++slot));
  std::cout << slot << " discs in slots 1 to " << slot << " of " << store << "\n";
  return absl::OkStatus();
}

// The number of cases that differed.
absl::StatusOr<int> Ask(const Suite& suite, const std::string& address) {
  Evaluator evaluator(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  RETURN_IF_ERROR(Annotate(evaluator.Connect(), address));
  int differed = 0;
  int not_asked = 0;
  for (const Case& test_case : suite.cases()) {
    if (test_case.has_faults()) {
      ++not_asked;
      continue;
    }
    std::vector<std::string> differences;
    const absl::Status inserted = evaluator.Insert(test_case.disc());
    if (inserted.ok()) {
      differences = evaluator.Run(test_case);
    } else {
      differences.push_back(absl::StrCat("the disc: ", inserted.ToString()));
    }
    std::cout << (differences.empty() ? "same    " : "differs ") << test_case.name() << "\n";
    for (const std::string& difference : differences) std::cout << "    " << difference << "\n";
    differed += differences.empty() ? 0 : 1;
  }
  RETURN_IF_ERROR(evaluator.Insert(""));
  std::cout << suite.cases_size() - not_asked << " cases asked, " << differed << " differ, "
            << not_asked << " are for a robot with faults\n";
  return differed;
}

absl::StatusOr<int> Run(int argc, char** argv) {
  ASSIGN_OR_RETURN(const Flags flags, ParseFlags(argc, argv));
  ASSIGN_OR_RETURN(const Suite suite, ReadSuite(flags.cases));
  if (flags.address.empty()) {
    RETURN_IF_ERROR(WriteDiscs(suite, flags.store));
    return 0;
  }
  return Ask(suite, flags.address);
}

}  // namespace
}  // namespace carousel::conformance

int main(int argc, char** argv) {
  const absl::StatusOr<int> differed = carousel::conformance::Run(argc, argv);
  if (!differed.ok()) {
    std::cerr << differed.status().message() << "\n";
    return 2;
  }
  return *differed == 0 ? 0 : 1;
}
