// Counts what the domain, the service and the transports report, and gives it out in Prometheus'
// text format.
#ifndef SERVER_METRICS_METRICS_H_
#define SERVER_METRICS_METRICS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "hal/robot/drive_station.h"
#include "hal/scsi/transport.h"
#include "server/metrics/observers.h"

namespace carousel {

// A method that the server serves.
struct GrpcMethod {
  std::string path;  // "/carousel.v1.RobotService/GetRobot"
  bool client_stream = false;
  bool server_stream = false;
};

// What the content spool takes of its quota.
struct SpoolUse {
  int64_t quota_bytes = 0;
  int64_t upload_bytes = 0;
  int64_t content_bytes = 0;
  int64_t uploads = 0;
};

// Thread-safe. Counting is a few atomic additions: all series of methods, drives and moves exist
// from the start, those of commands and refusals from their first event on.
class Metrics {
 public:
  struct Options {
    std::string version;
    std::string revision;
    std::string compiler;
    std::string compilation_mode;
    std::string robot_id;
    std::string config_digest;
    // The label values that there will be.
    std::vector<std::string> drives;
    std::vector<GrpcMethod> grpc_methods;
  };

  explicit Metrics(const Options& options);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // All live as long as this object.
  ValidationObserver* validations();
  ImportObserver* imports();
  MoveObserver* moves();
  BurnObserver* burns();
  DiscJobObserver* disc_jobs();
  JournalObserver* journal();
  GrpcObserver* grpc();
  // For the transport of a drive of the options; null for another.
  scsi::TransportObserver* scsi(absl::string_view drive);

  // Lets carousel_drive_state tell of `stations`, which must outlive this object or be taken back
  // by an empty list.
  void WatchDrives(std::vector<const DriveStation*> stations);

  // Lets carousel_spool_* tell of what `use` answers, which must not block; empty takes it back.
  void WatchSpool(std::function<SpoolUse()> use);

  // Everything, in the text format (version 0.0.4).
  std::string Text() const;

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace carousel

#endif  // SERVER_METRICS_METRICS_H_
