// How a client reaches the service: an address, and certificates where the service has them.
#ifndef CLIENTS_CPP_CHANNEL_H_
#define CLIENTS_CPP_CHANNEL_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"

namespace carousel::client {

// Files in PEM: the authority of the service's certificate, and one's own certificate and key.
struct TlsFiles {
  std::string ca;
  std::string certificate;
  std::string key;
  std::string server_name;  // in the service's certificate; empty: the address's
};

// Connects at the first call. `address`: HOST:PORT or unix:PATH. Without `tls` there are no
// certificates, for a service on this machine. FAILED_PRECONDITION: a file cannot be read.
absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const std::string& address,
                                                           const std::optional<TlsFiles>& tls);

}  // namespace carousel::client

#endif  // CLIENTS_CPP_CHANNEL_H_
