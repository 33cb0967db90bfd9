// Accepts the gRPC listener's connections and hands them on, so many at once and no more. gRPC's
// own accepting has no such bound, and is over for good when the process has no descriptor left.
#ifndef SERVER_APP_LISTENER_H_
#define SERVER_APP_LISTENER_H_

#include <sys/types.h>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "hal/base/file.h"

namespace carousel {

class Listener {
 public:
  struct Options {
    std::string address;  // one that CheckGrpcAddress takes
    size_t max_connections = 1;
    // Takes a connection over: closes it at some time. On the listener's thread; must not block.
    std::function<void(int connection)> handle;
    // Called when a connection is turned away, the first since there was room. May be empty.
    std::function<void()> on_full;
  };

  // Listens; connections wait until Start. UNAVAILABLE: not on this address.
  static absl::StatusOr<std::unique_ptr<Listener>> Open(Options options);
  // Stop. Of a unix socket, the file goes.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // With the port that it got.
  const std::string& address() const { return address_; }

  // Once.
  void Start();
  // Accepts no more; those that were handed on stay.
  void Stop();

 private:
  // A descriptor, and the socket that it was when it was handed on: a number is used again.
  struct Connection {
    int descriptor = -1;
    ino_t inode = 0;
  };

  Listener(Options options, FileDescriptor socket, FileDescriptor wake, std::string address)
      : options_(std::move(options)),
        socket_(std::move(socket)),
        wake_(std::move(wake)),
        address_(std::move(address)) {}
  void Run();
  // Takes one that waits. False: none can be taken at present.
  bool Accept();
  bool HasRoom();

  const Options options_;
  const FileDescriptor socket_;
  const FileDescriptor wake_;  // an eventfd that ends Run
  const std::string address_;
  // Of the thread.
  std::vector<Connection> connections_;
  bool full_ = false;
  std::thread thread_;
};

}  // namespace carousel

#endif  // SERVER_APP_LISTENER_H_
