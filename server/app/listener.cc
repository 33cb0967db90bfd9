#include "server/app/listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "hal/base/status_macros.h"

namespace carousel {
namespace {

constexpr char kUnix[] = "unix:";
// When there is no descriptor or memory for a connection that waits.
constexpr int kPauseMilliseconds = 100;

struct Address {
  sockaddr_storage bytes = {};
  socklen_t size = 0;
};

Address UnixAddress(absl::string_view path) {
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  std::memcpy(name.sun_path, path.data(), std::min(path.size(), sizeof(name.sun_path) - 1));
  Address address{.size = sizeof(name)};
  std::memcpy(&address.bytes, &name, sizeof(name));
  return address;
}

absl::StatusOr<Address> TcpAddress(absl::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) return absl::InvalidArgumentError("no port");
  absl::string_view host = text.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  addrinfo hints = {};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(std::string(host).c_str(),
                                std::string(text.substr(colon + 1)).c_str(), &hints, &found);
  if (error != 0) return absl::InvalidArgumentError(gai_strerror(error));
  Address address{.size = found->ai_addrlen};
  std::memcpy(&address.bytes, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  return address;
}

// The file of a unix socket that an earlier process left; nothing else is removed.
void RemoveSocket(absl::string_view path) {
  struct stat stat = {};
  const std::string name(path);
  if (lstat(name.c_str(), &stat) == 0 && S_ISSOCK(stat.st_mode)) unlink(name.c_str());
}

absl::StatusOr<FileDescriptor> Listen(const Address& address) {
  FileDescriptor opened(
      socket(address.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int fd = opened.get();
  const int on = 1;
  const int off = 0;
  if (fd < 0) return ErrnoStatus("socket");
  // An own port at once after a restart, and nobody's else; "[::]" is IPv4, too.
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (address.bytes.ss_family == AF_INET6)
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address.bytes), address.size) != 0)
    return ErrnoStatus("bind");
  if (listen(fd, SOMAXCONN) != 0) return ErrnoStatus("listen");
  return opened;
}

// sin_port and sin6_port are at the same place.
absl::StatusOr<int> PortOf(int fd) {
  sockaddr_storage name = {};
  socklen_t size = sizeof(name);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0)
    return ErrnoStatus("getsockname");
  return ntohs(reinterpret_cast<const sockaddr_in*>(&name)->sin_port);
}

absl::StatusOr<FileDescriptor> ListenOn(const std::string& address, std::string* bound) {
  *bound = address;
  absl::string_view path = address;
  if (absl::ConsumePrefix(&path, kUnix)) {
    RemoveSocket(path);
    return Listen(UnixAddress(path));
  }
  ASSIGN_OR_RETURN(const Address name, TcpAddress(address));
  ASSIGN_OR_RETURN(FileDescriptor opened, Listen(name));
  ASSIGN_OR_RETURN(const int port, PortOf(opened.get()));
  *bound = absl::StrCat(address.substr(0, address.rfind(':')), ":", port);
  return opened;
}

// 0: it is closed.
ino_t InodeOf(int fd) {
  struct stat stat = {};
  return fstat(fd, &stat) == 0 && S_ISSOCK(stat.st_mode) ? stat.st_ino : 0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Listener>> Listener::Open(Options options) {
  std::string bound;
  absl::StatusOr<FileDescriptor> opened = ListenOn(options.address, &bound);
  if (!opened.ok()) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", options.address, ": ", opened.status().message()));
  }
  FileDescriptor wake(eventfd(0, EFD_CLOEXEC));
  if (wake.get() < 0) return ErrnoStatus("eventfd");
  return std::unique_ptr<Listener>(
      new Listener(std::move(options), *std::move(opened), std::move(wake), std::move(bound)));
}

Listener::~Listener() {
  Stop();
  absl::string_view path = address_;
  if (absl::ConsumePrefix(&path, kUnix)) RemoveSocket(path);
}

void Listener::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Listener::Stop() {
  if (!thread_.joinable()) return;
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof(one));
  thread_.join();
}

void Listener::Run() {
  pollfd waits[] = {{.fd = wake_.get(), .events = POLLIN, .revents = 0},
                    {.fd = socket_.get(), .events = POLLIN, .revents = 0}};
  bool pause = false;
  while (true) {
    // What waits would wake a poll of the listener again and again.
    poll(waits, pause ? 1 : 2, pause ? kPauseMilliseconds : -1);
    if (waits[0].revents != 0) return;
    pause = !Accept();
  }
}

bool Listener::Accept() {
  const int fd = accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  // What is wrong with the connection itself concerns nobody (accept(2), "Error handling").
  if (fd < 0) return errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM;
  if (!HasRoom()) {
    close(fd);
    return true;
  }
  // As gRPC has it; a unix socket has none.
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  connections_.push_back({.descriptor = fd, .inode = InodeOf(fd)});
  options_.handle(fd);
  return true;
}

bool Listener::HasRoom() {
  if (connections_.size() >= options_.max_connections) {
    const auto closed = [](const Connection& connection) {
      return InodeOf(connection.descriptor) != connection.inode;
    };
    connections_.erase(std::remove_if(connections_.begin(), connections_.end(), closed),
                       connections_.end());
  }
  const bool full = connections_.size() >= options_.max_connections;
  if (full && !full_ && options_.on_full) options_.on_full();
  full_ = full;
  return !full;
}

}  // namespace carousel
