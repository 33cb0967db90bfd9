// Reads the conformance table and the ids of the contract that it has to cover.
#ifndef TESTS_CONFORMANCE_SUITE_H_
#define TESTS_CONFORMANCE_SUITE_H_

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "tests/conformance/case.pb.h"

namespace carousel::conformance {

// NOT_FOUND: no such file. INVALID_ARGUMENT: not a Suite; two cases with one name; a case whose
// disc is not in the suite.
absl::StatusOr<Suite> ReadSuite(const std::string& path);

// The ids in the first column of the tables of docs/contract.md: "S-01", "M-01". NOT_FOUND: no such
// file.
absl::StatusOr<std::set<std::string>> ReadContractRows(const std::string& path);

}  // namespace carousel::conformance

#endif  // TESTS_CONFORMANCE_SUITE_H_
