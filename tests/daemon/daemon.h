// A carouseld process on a virtual robot with one disc, and calls of it: what a test needs that
// ends the process in the midst of its work.
#ifndef TESTS_DAEMON_DAEMON_H_
#define TESTS_DAEMON_DAEMON_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "tests/component/answer.h"
#include "tests/component/service.h"

namespace carousel {

class Daemon {
 public:
  using Operation = google::longrunning::Operation;

  // Its files are in a fresh folder of the running test. `media`: of the disc A1, which lies in
  // drive0 and has `volume` as its session.
  Daemon(const std::string& media, const std::vector<uint8_t>& volume);
  // Kill.
  ~Daemon();

  // Starts the process with faults of drive0 and waits until both drives are ready or empty; fails
  // the test if it does not start.
  void Start(const std::string& fault_plan = "");
  // SIGKILL, and waits for its end.
  void Kill();

  // The disc's sectors as they are in the store, from sector 0 on.
  std::string Sectors(int64_t first, int64_t count) const;
  // The page of /metrics.
  std::string Metrics() const;
  // How often drive0 has answered a command, whatever it answered; named as in a fault plan.
  int64_t Commands(const std::string& opcode) const;

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  template <typename Stub, typename Request, typename Response>
  component::Answer<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                const Request&, Response*),
                                   const std::type_identity_t<Request>& request) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + component::kPatience);
    Stub stub(channel_);
    component::Answer<Response> answer;
    answer.status = (stub.*method)(&context, request, &answer.value);
    return answer;
  }
  template <typename Stub, typename Request, typename Response>
  component::Answer<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                const Request&, Response*),
                                   const std::string& text) {
    return Call(method, component::Text<Request>(text));
  }
  // Waits for the end of the operation that was started; a refused start fails the test.
  Operation End(const component::Answer<Operation>& started);

 private:
  std::string store() const { return folder_ + "/state/discs"; }

  const std::string folder_;
  pid_t pid_ = 0;
  std::string http_address_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace carousel

#endif  // TESTS_DAEMON_DAEMON_H_
