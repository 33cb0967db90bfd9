#include "server/config/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace carousel {
namespace {

constexpr absl::string_view kUnix = "unix:";

bool IsPort(absl::string_view text) {
  uint32_t port = 0;
  return text.size() <= 5 && absl::SimpleAtoi(text, &port) && port <= 0xFFFF &&
         text.find_first_not_of("0123456789") == absl::string_view::npos;
}

// RFC 1122 3.2.1.3: all of 127/8 is this host.
bool IsHost4(absl::string_view host, Reach reach) {
  in_addr address;
  return inet_pton(AF_INET, std::string(host).c_str(), &address) == 1 &&
         (reach == Reach::kAnywhere || (ntohl(address.s_addr) >> 24) == 127);
}

bool IsHost6(absl::string_view host, Reach reach) {
  in6_addr address;
  return inet_pton(AF_INET6, std::string(host).c_str(), &address) == 1 &&
         (reach == Reach::kAnywhere || IN6_IS_ADDR_LOOPBACK(&address));
}

bool IsHttp(absl::string_view address, Reach reach) {
  const size_t colon = address.rfind(':');
  return colon != absl::string_view::npos && IsPort(address.substr(colon + 1)) &&
         IsHost4(address.substr(0, colon), reach);
}

bool IsGrpc6(absl::string_view address, Reach reach) {
  const size_t end = address.rfind("]:");
  return absl::StartsWith(address, "[") && end != absl::string_view::npos &&
         IsPort(address.substr(end + 2)) && IsHost6(address.substr(1, end - 1), reach);
}

absl::string_view Kind(Reach reach) { return reach == Reach::kLoopback ? "loopback " : ""; }

absl::Status CheckUnix(absl::string_view path) {
  if (!absl::StartsWith(path, "/")) {
    return absl::InvalidArgumentError("a unix socket needs an absolute path");
  }
  if (path.size() >= sizeof(sockaddr_un::sun_path) || path.find('\0') != absl::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrCat("the path of a unix socket has at most ",
                                                   sizeof(sockaddr_un::sun_path) - 1, " bytes"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckGrpcAddress(absl::string_view address, Reach reach) {
  if (absl::StartsWith(address, kUnix)) return CheckUnix(address.substr(kUnix.size()));
  if (IsHttp(address, reach) || IsGrpc6(address, reach)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("\"", address, "\" is neither a literal ", Kind(reach),
                   "address with port (\"127.0.0.1:7070\", \"[::1]:7070\") nor \"unix:\" and an "
                   "absolute path"));
}

absl::Status CheckHttpAddress(absl::string_view address, Reach reach) {
  if (IsHttp(address, reach)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("\"", address, "\" is no literal IPv4 ",
                                                 Kind(reach),
                                                 "address with port (\"127.0.0.1:9470\")"));
}

}  // namespace carousel
