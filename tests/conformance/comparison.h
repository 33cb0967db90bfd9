// Compares what a service answered with what a case expects. Each difference is a line of text.
#ifndef TESTS_CONFORMANCE_COMPARISON_H_
#define TESTS_CONFORMANCE_COMPARISON_H_

#include <string>
#include <vector>

#include "carousel/v1/image.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"
#include "tests/conformance/case.pb.h"

namespace carousel::conformance {

using Differences = std::vector<std::string>;

// Code, reason, hresult, and the metadata that is expected. OK is an answer like any other.
Differences CompareStatus(const Expectation& expect, const grpc::Status& status);
Differences CompareStatus(const Expectation& expect, const google::rpc::Status& status);

// What was chosen, its values, the warnings; and that there is a verdict and a reason for each of
// the `elements` of the list.
Differences CompareChoice(const Expectation& expect, int elements,
                          const carousel::v1::SetMultisessionInterfacesResponse& response);

// The snapshot.
Differences CompareSnapshot(const Expectation& expect,
                            const carousel::v1::MultisessionInterfaceList& snapshot);

// The file systems, in their order.
Differences CompareFileSystems(const Expectation& expect,
                               const carousel::v1::IdentifyFileSystemsResponse& response);

}  // namespace carousel::conformance

#endif  // TESTS_CONFORMANCE_COMPARISON_H_
