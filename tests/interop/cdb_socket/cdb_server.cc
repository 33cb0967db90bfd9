#include "tests/interop/cdb_socket/cdb_server.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"
#include "hal/scsi/sense.h"
#include "tests/interop/cdb_socket/wire.h"

namespace carousel {
namespace {

// Host bytes of the kernel, include/scsi/scsi_status.h.
constexpr uint16_t kDidTimeOut = 0x03;
constexpr uint16_t kDidError = 0x07;

// All bytes, or false at the end of the stream.
bool Receive(int fd, void* bytes, size_t size) {
  auto* at = static_cast<uint8_t*>(bytes);
  while (size > 0) {
    const ssize_t got = recv(fd, at, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

bool Send(int fd, const void* bytes, size_t size) {
  const auto* at = static_cast<const uint8_t*>(bytes);
  while (size > 0) {
    const ssize_t sent = send(fd, at, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    at += sent;
    size -= static_cast<size_t>(sent);
  }
  return true;
}

cdb_response Answer(const absl::StatusOr<scsi::Result>& result) {
  cdb_response response = {};
  response.magic = CDB_SOCKET_MAGIC;
  if (!result.ok()) {
    response.host_status = absl::IsDeadlineExceeded(result.status()) ? kDidTimeOut : kDidError;
    return response;
  }
  response.status = static_cast<uint8_t>(result->status);
  response.data_len = static_cast<uint32_t>(result->transferred);
  if (result->status == scsi::ScsiStatus::kCheckCondition) {
    const auto sense = scsi::EncodeFixedSense(result->sense);
    std::memcpy(response.sense, sense.data(), sense.size());
    response.sense_len = sense.size();
  }
  return response;
}

}  // namespace

absl::StatusOr<std::unique_ptr<CdbServer>> CdbServer::Start(scsi::Transport* device,
                                                            const std::string& socket) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (socket.size() >= sizeof address.sun_path) {
    return absl::InvalidArgumentError(absl::StrCat(socket, ": too long for a socket"));
  }
  std::memcpy(address.sun_path, socket.data(), socket.size());
  FileDescriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  unlink(socket.c_str());
  if (listener.get() < 0 ||
      bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener.get(), 16) != 0) {
    return ErrnoStatus(socket);
  }
  return absl::WrapUnique(new CdbServer(device, std::move(listener)));
}

CdbServer::CdbServer(scsi::Transport* device, FileDescriptor listener)
    : device_(device), listener_(std::move(listener)), accepting_([this] { Accept(); }) {}

CdbServer::~CdbServer() {
  std::vector<std::thread> threads;
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    shutdown(listener_.get(), SHUT_RDWR);
    for (const int connection : connections_) shutdown(connection, SHUT_RDWR);
    threads = std::move(threads_);
  }
  accepting_.join();
  for (std::thread& thread : threads) thread.join();
}

void CdbServer::Accept() {
  while (true) {
    const int connection = accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    MutexLock lock(&mutex_);
    if (stopping_) {
      if (connection >= 0) close(connection);
      return;
    }
    if (connection < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      return;
    }
    connections_.push_back(connection);
    threads_.emplace_back([this, connection] { Serve(connection); });
  }
}

void CdbServer::Serve(int connection) {
  while (ServeOne(connection)) {
  }
  MutexLock lock(&mutex_);
  connections_.erase(std::remove(connections_.begin(), connections_.end(), connection),
                     connections_.end());
  close(connection);
}

bool CdbServer::ServeOne(int connection) {
  cdb_request request;
  if (!Receive(connection, &request, sizeof request)) return false;
  if (request.magic != CDB_SOCKET_MAGIC || request.cdb_len > sizeof request.cdb ||
      request.data_len > CDB_SOCKET_LARGEST) {
    return false;
  }
  std::vector<uint8_t> data(request.data_len);
  scsi::Command command{.cdb_size = request.cdb_len,
                        .timeout = absl::Milliseconds(request.timeout_ms)};
  std::copy(std::begin(request.cdb), std::end(request.cdb), command.cdb.begin());
  if (request.direction == CDB_SOCKET_TO_DEVICE) {
    if (!Receive(connection, data.data(), data.size())) return false;
    command.data_out = data;
  } else if (request.direction == CDB_SOCKET_FROM_DEVICE) {
    command.data_in = absl::MakeSpan(data);
  }
  absl::StatusOr<scsi::Result> result = absl::UnknownError("not sent");
  {
    MutexLock lock(&device_mutex_);
    result = device_->Execute(command);
  }
  const cdb_response response = Answer(result);
  return Send(connection, &response, sizeof response) &&
         Send(connection, data.data(), response.data_len);
}

}  // namespace carousel
