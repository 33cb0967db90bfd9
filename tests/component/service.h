// The real service in the test's process: the object graph that carouseld runs, on a virtual robot
// over a store of the test's own, and clients of it over a loopback channel. Not a fake: what a
// test does not say is as in production.
#ifndef TESTS_COMPONENT_SERVICE_H_
#define TESTS_COMPONENT_SERVICE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "carousel/v1/disc_format.grpc.pb.h"
#include "carousel/v1/image.grpc.pb.h"
#include "carousel/v1/robot.grpc.pb.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "server/app/server.h"
#include "server/config/config.h"
#include "tests/component/answer.h"
#include "tests/component/log_lines.h"

namespace carousel::component {

using Robots = v1::RobotService::Stub;
using Formats = v1::DiscFormatService::Stub;
using Images = v1::FileSystemImageService::Stub;
using Operations = google::longrunning::Operations::Stub;
using google::longrunning::Operation;

// No call of a test takes longer.
inline constexpr std::chrono::seconds kPatience{60};

// Asks until `condition` holds, each time through the service. False: not within kPatience.
bool Eventually(const std::function<bool()>& condition);

class Service {
 public:
  struct Options {
    int slots = 4;
    // Fast, and still slow enough that a thread which waits for a processor misses no time-out of
    // the model.
    double time_scale = 50;
    // Text for the configuration: into a drive's virtual {}, into virtual_robot {}, limits {},
    // spool {}.
    std::string drive0, drive1;
    std::string robot;
    std::string limits;
    std::string spool;
    // Of both drives, instead of the default type: how long they take to become ready with a disc,
    // and how fast they read DVDs, in multiples of 1x (hal/virtual_robot/drive_type.h).
    struct Drives {
      double ready_seconds = 1;
      double speed = 16;
    };
    std::optional<Drives> drives;
    // Text for the end of the configuration.
    std::string more;
    // Whether Start waits until each drive is known to be empty, ready or failed.
    bool await_drives = true;
  };
  Service() : Service(Options()) {}
  // The store and the state are in a fresh folder of the running test.
  explicit Service(const Options& options);
  ~Service();

  // Makes a disc in a slot (from 1); `sessions` and `words` as conformance::Disc has sessions and
  // options.
  void AddDisc(const std::string& barcode, const std::string& media, int slot,
               const std::vector<std::string>& sessions = {},
               const std::vector<std::string>& words = {});
  // A disc with one session at 0, the bytes of `volume`.
  void AddVolume(const std::string& barcode, const std::string& media, int slot,
                 const std::vector<uint8_t>& volume);
  // Moves a disc by hand, as a person does: into a drive (from 1) before Start, into a slot, into
  // an import/export slot (from 1).
  void LayIntoDrive(const std::string& barcode, int drive);
  void LayIntoSlot(const std::string& barcode, int slot);
  void LayIntoImportExportSlot(const std::string& barcode, int number);

  // Starts the service. Codes of Server::Start; DEADLINE_EXCEEDED: a drive does not become ready.
  absl::Status Start();
  // Ends it; what it had in memory is gone, the store stays.
  void Stop();

  // One call. The second form parses the request from its textproto.
  template <typename Stub, typename Request, typename Response>
  Answer<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                     Response*),
                        const std::type_identity_t<Request>& request,
                        grpc::ClientContext* context = nullptr) {
    grpc::ClientContext own;
    own.set_deadline(std::chrono::system_clock::now() + kPatience);
    Answer<Response> answer;
    Stub& stub = *std::get<std::unique_ptr<Stub>>(stubs_);
    answer.status = (stub.*method)(context == nullptr ? &own : context, request, &answer.value);
    return answer;
  }
  template <typename Stub, typename Request, typename Response>
  Answer<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                     Response*),
                        const std::string& text, grpc::ClientContext* context = nullptr) {
    return Call(method, Text<Request>(text), context);
  }

  // Waits for the end of the operation that was started; a refused start fails the test.
  Operation End(const Answer<Operation>& started);
  // Where a disc is by its bar code: "slots/slot1"; "nowhere" if the inventory does not know it.
  std::string PlaceOf(const std::string& barcode);
  // Moves a disc into a drive; fails the test unless it comes to be ready there.
  void Load(const std::string& disc, const std::string& drive);

  Server& server() { return *server_; }
  int http_port() const;
  LogLines& log() { return log_; }
  const Config& config() const { return config_; }
  const std::string& store() const { return config_.virtual_robot->store; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  const std::string folder_;
  const bool await_drives_;
  Config config_;
  LogLines log_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::tuple<std::unique_ptr<Robots>, std::unique_ptr<Formats>, std::unique_ptr<Images>,
             std::unique_ptr<Operations>>
      stubs_;
};

// Keeps the arm where it is: it changes no place while this lives. A move that has begun waits
// with a disc between its hands.
class HeldArm {
 public:
  explicit HeldArm(const Service& service);
  ~HeldArm();
  HeldArm(const HeldArm&) = delete;
  HeldArm& operator=(const HeldArm&) = delete;

 private:
  const int lock_;
};

}  // namespace carousel::component

#endif  // TESTS_COMPONENT_SERVICE_H_
