// The whole service as an object: what main runs and what tests start in their own process.
#ifndef SERVER_APP_SERVER_H_
#define SERVER_APP_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/config/config.h"
#include "server/log/log.h"

namespace carousel {

class Server {
 public:
  // Opens the robot, takes the inventory and listens. Blocks for as long as the changer takes, at
  // most ten seconds: a changer or a drive that does not answer makes the service not ready
  // (/readyz, the health of the empty name), not absent, and is tried again. `log` may be null;
  // must outlive the server. FAILED_PRECONDITION: another carouseld has the state folder.
  // UNAVAILABLE: an address cannot be listened on. Codes of VirtualRobot::Open, and those of
  // Journal::Open: without its journal the service does not start.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const Config& config, Log* log);
  // Drain.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // As a client dials them: "127.0.0.1:41234", "unix:/run/carousel.sock".
  const std::string& grpc_address() const;
  const std::string& http_address() const;

  // Refuses new work, lets running operations end within the configured time, then stops. Once.
  void Drain();

 private:
  struct Rep;
  explicit Server(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace carousel

#endif  // SERVER_APP_SERVER_H_
