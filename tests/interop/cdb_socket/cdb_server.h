// Serves a SCSI device on unix sockets (wire.h), so that programs of others can command a device of
// the virtual robot through the shim.
#ifndef TESTS_INTEROP_CDB_SOCKET_CDB_SERVER_H_
#define TESTS_INTEROP_CDB_SOCKET_CDB_SERVER_H_

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "hal/base/file.h"
#include "hal/base/mutex.h"
#include "hal/scsi/transport.h"

namespace carousel {

// Thread-safe. Programs may connect as often as they like; the device is asked one command at a
// time, in whatever order they come.
class CdbServer {
 public:
  // Listens at `socket`, which is made anew. `device` must outlive the server. The codes of
  // ErrnoStatus; INVALID_ARGUMENT: the path is too long for a socket.
  static absl::StatusOr<std::unique_ptr<CdbServer>> Start(scsi::Transport* device,
                                                          const std::string& socket);
  // Ends all connections.
  ~CdbServer();
  CdbServer(const CdbServer&) = delete;
  CdbServer& operator=(const CdbServer&) = delete;

 private:
  CdbServer(scsi::Transport* device, FileDescriptor listener);
  void Accept();
  void Serve(int connection);
  bool ServeOne(int connection) ABSL_LOCKS_EXCLUDED(device_mutex_);

  scsi::Transport* const device_;
  Mutex device_mutex_;  // one command at a time
  const FileDescriptor listener_;
  Mutex mutex_;
  std::vector<int> connections_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread accepting_;  // last: uses the rest
};

}  // namespace carousel

#endif  // TESTS_INTEROP_CDB_SOCKET_CDB_SERVER_H_
