// Who may call which method: roles of the callers' certificates. Deny by default: a method without
// a row, a caller without a role.
#ifndef SERVER_SERVICE_ACCESS_H_
#define SERVER_SERVICE_ACCESS_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "grpcpp/security/auth_context.h"
#include "server/config/role.h"

namespace carousel {

// The least role that may call the method at `path` ("/carousel.v1.RobotService/GetRobot");
// nothing: nobody may.
std::optional<Role> LeastRole(absl::string_view path);

// Whether the method changes something: an image, a disc, a place. What an audit is about.
bool Changes(absl::string_view path);

// Immutable.
class Access {
 public:
  // Role by a name of the certificate.
  using Principals = std::map<std::string, Role, std::less<>>;

  explicit Access(Principals principals) : principals_(std::move(principals)) {}

  // Lets the caller of `path`, which `least` may call (LeastRole), pass, whose certificate gRPC has
  // verified, and returns the name that it goes by. UNAUTHENTICATED: no name of it is known.
  // PERMISSION_DENIED: its role may not.
  absl::StatusOr<std::string> Admit(absl::string_view path, std::optional<Role> least,
                                    const grpc::AuthContext& caller) const;

 private:
  const Principals principals_;
};

}  // namespace carousel

#endif  // SERVER_SERVICE_ACCESS_H_
