// faults.textproto as it is read, and as docs/burn_faults.md shows it.
#ifndef TESTS_FAULTS_FAULT_TABLE_H_
#define TESTS_FAULTS_FAULT_TABLE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/faults/fault.pb.h"

namespace carousel::faults {

// NOT_FOUND, INVALID_ARGUMENT: the file.
absl::StatusOr<FaultTable> ReadTable(const std::string& path);

// The rows that speak of it; one, in a table that is whole.
std::vector<const Fault*> Find(const FaultTable& table, absl::string_view answer, Moment moment,
                               Kind kind);

// The page, in Markdown.
std::string Page(const FaultTable& table);

}  // namespace carousel::faults

#endif  // TESTS_FAULTS_FAULT_TABLE_H_
