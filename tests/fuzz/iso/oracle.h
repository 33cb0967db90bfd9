// What must hold however a disc was changed: the reader ends within its limits, with a tree that is
// sound or with one of the errors that an import documents.
#ifndef TESTS_FUZZ_ISO_ORACLE_H_
#define TESTS_FUZZ_ISO_ORACLE_H_

#include <cstdint>
#include <map>
#include <string>

#include "tests/fuzz/iso/mutations.h"

namespace carousel::fuzz {

// Reads the session of `mutant` that starts at `session` as an import does, each of its trees.
// Returns what does not hold, "" if all does. `outcomes` counts "tree" and the codes.
std::string Check(const Mutant& mutant, int64_t session, std::map<std::string, int64_t>& outcomes);

}  // namespace carousel::fuzz

#endif  // TESTS_FUZZ_ISO_ORACLE_H_
