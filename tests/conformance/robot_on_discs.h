// The service, in this process, on a robot that holds discs of the suite.
#ifndef TESTS_CONFORMANCE_ROBOT_ON_DISCS_H_
#define TESTS_CONFORMANCE_ROBOT_ON_DISCS_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/app/server.h"
#include "tests/conformance/case.pb.h"

namespace carousel::conformance {

// Two drives and a slot for each disc. Stops when it is destroyed.
class RobotOnDiscs {
 public:
  // All discs of the suite are in slots, the drives are empty and sound. `folder` does not exist
  // yet. The status of a disc, of the configuration or of Server::Start.
  static absl::StatusOr<RobotOnDiscs> Start(const Suite& suite, const std::string& folder);

  // The first drive has the case's faults. Its disc is in it from the beginning: such a drive need
  // not let LoadDisc succeed. INVALID_ARGUMENT: no such disc in the suite. Else as above.
  static absl::StatusOr<RobotOnDiscs> StartFor(const Case& test_case, const Suite& suite,
                                               const std::string& folder);

  // What clients dial.
  const std::string& address() const { return server_->grpc_address(); }

 private:
  explicit RobotOnDiscs(std::unique_ptr<Server> server) : server_(std::move(server)) {}
  std::unique_ptr<Server> server_;
};

}  // namespace carousel::conformance

#endif  // TESTS_CONFORMANCE_ROBOT_ON_DISCS_H_
