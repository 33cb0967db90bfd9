// What the gRPC listener asks of those who connect.
#ifndef SERVER_APP_LISTENER_CREDENTIALS_H_
#define SERVER_APP_LISTENER_CREDENTIALS_H_

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "grpcpp/security/server_credentials.h"
#include "server/config/config.h"

namespace carousel {

// With `tls` both sides show a certificate, and a client without a good one never gets to HTTP/2;
// the files are watched and read anew for later connections. Without it everybody is let in: the
// configuration has admitted loopback and unix sockets only. FAILED_PRECONDITION: a file cannot be
// read or is no PEM.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ListenerCredentials(
    const std::optional<TlsConfig>& tls);

}  // namespace carousel

#endif  // SERVER_APP_LISTENER_CREDENTIALS_H_
