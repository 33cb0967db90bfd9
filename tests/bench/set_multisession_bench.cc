// What SetMultisessionInterfaces costs beside calls whose handlers do nothing, 64 under way on one
// connection over loopback, servers and client in one process; and what the first call after a
// change of the medium takes, which asks the drive.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "carousel/v1/image.pb.h"
#include "google/protobuf/empty.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "tests/bench/calls_in_flight.h"
#include "tests/bench/empty.grpc.pb.h"
#include "tests/bench/running_service.h"

namespace carousel::bench {
namespace {

using google::protobuf::Empty;

// So many calls that the emptying of the lanes at their end does not count.
constexpr int64_t kCallsAtOnce = 4096;

class EmptyServer : public EmptyService::CallbackService {
 public:
  EmptyServer() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    stub_ = EmptyService::NewStub(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()));
  }
  grpc::ServerUnaryReactor* Call(grpc::CallbackServerContext* context, const Empty*,
                                 Empty*) override {
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
  grpc::ServerUnaryReactor* SameMessages(grpc::CallbackServerContext* context,
                                         const v1::SetMultisessionInterfacesRequest*,
                                         v1::SetMultisessionInterfacesResponse* response) override {
    *response = answer_;
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
  // Before the first call of SameMessages.
  void set_answer(const v1::SetMultisessionInterfacesResponse& answer) { answer_ = answer; }
  EmptyService::Stub& stub() { return *stub_; }

 private:
  v1::SetMultisessionInterfacesResponse answer_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<EmptyService::Stub> stub_;
};

void Measure(benchmark::State& state, CallsInFlight& calls) {
  int64_t made = 0;
  while (state.KeepRunningBatch(kCallsAtOnce)) {
    if (const grpc::Status status = calls.Run(kCallsAtOnce); !status.ok()) {
      state.SkipWithError(status.error_message().c_str());
      break;
    }
    made += kCallsAtOnce;
  }
  state.SetItemsProcessed(made);
}

void EmptyCalls(benchmark::State& state, EmptyServer* server) {
  const Empty request;
  std::vector<Empty> responses(kInFlight);
  CallsInFlight calls([&](int lane, grpc::ClientContext* context, CallsInFlight::Done done) {
    server->stub().async()->Call(context, &request, &responses[lane], std::move(done));
  });
  Measure(state, calls);
}

using Requests = std::vector<v1::SetMultisessionInterfacesRequest>;

// The messages of the calls below.
void SameMessages(benchmark::State& state, EmptyServer* server, const Requests* requests) {
  std::vector<v1::SetMultisessionInterfacesResponse> responses(kInFlight);
  CallsInFlight calls([&](int lane, grpc::ClientContext* context, CallsInFlight::Done done) {
    server->stub().async()->SameMessages(context, &(*requests)[lane], &responses[lane],
                                         std::move(done));
  });
  Measure(state, calls);
}

// Each lane binds an image of its own, with the elements as the drive gave them.
void BindingCalls(benchmark::State& state, RunningService* service, const Requests* requests) {
  std::vector<v1::SetMultisessionInterfacesResponse> responses(kInFlight);
  CallsInFlight calls([&](int lane, grpc::ClientContext* context, CallsInFlight::Done done) {
    service->images().async()->SetMultisessionInterfaces(context, &(*requests)[lane],
                                                         &responses[lane], std::move(done));
  });
  Measure(state, calls);
}

absl::Status ChangeMedium(RunningService& service) {
  absl::Status status = service.Unload();
  if (status.ok()) status = service.Load();
  return status;
}

// Nothing but the drive's name in the element: all else is taken from the drive.
void FirstCall(benchmark::State& state, RunningService* service, const std::string& image) {
  v1::SetMultisessionInterfacesRequest request;
  request.set_image(image);
  v1::MultisessionInterface& element = *request.mutable_multisession_interfaces()->add_interfaces();
  element.set_import_recorder(kDrive);
  element.mutable_sequential();
  for (auto _ : state) {
    state.PauseTiming();
    if (const absl::Status changed = ChangeMedium(*service); !changed.ok()) {
      state.SkipWithError(changed.ToString().c_str());
      return;
    }
    grpc::ClientContext context;
    v1::SetMultisessionInterfacesResponse response;
    state.ResumeTiming();
    const grpc::Status status =
        service->images().SetMultisessionInterfaces(&context, request, &response);
    if (!status.ok()) {
      state.SkipWithError(status.error_message().c_str());
      return;
    }
  }
}

int Fail(const absl::Status& status) {
  std::cerr << status << "\n";
  return 1;
}

// The processor's time is the whole process's, servers and client together.
void Register(RunningService* service, EmptyServer* empty, const Requests* requests) {
  benchmark::RegisterBenchmark("EmptyCalls", EmptyCalls, empty)
      ->MeasureProcessCPUTime()
      ->UseRealTime();
  benchmark::RegisterBenchmark("SameMessages", SameMessages, empty, requests)
      ->MeasureProcessCPUTime()
      ->UseRealTime();
  benchmark::RegisterBenchmark("SetMultisessionInterfaces", BindingCalls, service, requests)
      ->MeasureProcessCPUTime()
      ->UseRealTime();
  // Last: it makes the drive's elements above obsolete.
  benchmark::RegisterBenchmark("FirstCallAfterAChangeOfTheMedium", FirstCall, service,
                               (*requests)[0].image())
      ->UseRealTime()
      ->Iterations(1);
}

int Run(const std::string& folder) {
  auto service = RunningService::Start(folder);
  if (!service.ok()) return Fail(service.status());
  if (const absl::Status loaded = (*service)->Load(); !loaded.ok()) return Fail(loaded);
  Requests requests;
  for (int lane = 0; lane < kInFlight; ++lane) {
    const absl::StatusOr<std::string> image = (*service)->CreateImage();
    if (!image.ok()) return Fail(image.status());
    auto request = (*service)->BindingRequest(*image);
    if (!request.ok()) return Fail(request.status());
    requests.push_back(*std::move(request));
  }
  EmptyServer empty;
  grpc::ClientContext context;
  v1::SetMultisessionInterfacesResponse answer;
  const grpc::Status bound =
      (*service)->images().SetMultisessionInterfaces(&context, requests[0], &answer);
  if (!bound.ok()) return Fail(absl::InternalError(bound.error_message()));
  empty.set_answer(answer);
  Register(service->get(), &empty, &requests);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc != 2) {
    std::cerr << "usage: set_multisession_bench [--benchmark_...] FOLDER\n";
    return 2;
  }
  const std::string folder = absl::StrCat(std::filesystem::absolute(argv[1]).string(), "/service");
  return Run(folder);
}

}  // namespace
}  // namespace carousel::bench

int main(int argc, char** argv) { return carousel::bench::Main(argc, argv); }
