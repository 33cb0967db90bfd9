// Makes the suite's discs in a store of the virtual robot.
#ifndef TESTS_CONFORMANCE_DISCS_H_
#define TESTS_CONFORMANCE_DISCS_H_

#include <string>

#include "absl/status/status.h"
#include "tests/conformance/case.pb.h"

namespace carousel::conformance {

// Makes `disc` in the store's folder, in `slot` (from 1), or outside the robot if that is 0.
// INTERNAL: carousel-disc refused, with its message.
absl::Status MakeDisc(const std::string& store, const Disc& disc, int slot);

}  // namespace carousel::conformance

#endif  // TESTS_CONFORMANCE_DISCS_H_
