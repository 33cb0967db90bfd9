// OperationsService over a channel of this machine.
#include "server/service/operations_service.h"

#include <any>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "hal/base/clock.h"
#include "hal/base/fake_clock.h"
#include "hal/base/mutex.h"
#include "hal/base/status_matchers.h"
#include "proto/status/grpc_status.h"
#include "server/errors/errors.h"
#include "server/library/robot_view.h"
#include "server/log/log.h"
#include "server/metrics/observers.h"
#include "server/operations/operation_store.h"
#include "server/service/call.h"

namespace carousel {
namespace {

using google::longrunning::Operation;
using google::longrunning::WaitOperationRequest;
using testing::SizeIs;
using testing::StartsWith;

// Far more than anything here takes; a test that meets it has failed.
constexpr absl::Duration kPatience = absl::Seconds(30);

// Tells of the end of calls.
class CallEnds : public GrpcObserver, public GrpcMethodObserver {
 public:
  GrpcMethodObserver* Method(absl::string_view) override { return this; }
  void OnStarted() override {}
  void OnMessageReceived() override {}
  void OnMessageSent() override {}
  void OnHandled(absl::StatusCode code, absl::Duration) override {
    MutexLock lock(&mutex_);
    last_ = code;
    ended_.SignalAll();
  }
  // The code of the first call that ends after the object was made.
  std::optional<absl::StatusCode> Await() {
    MutexLock lock(&mutex_);
    while (!last_.has_value() && !ended_.WaitFor(&mutex_, kPatience)) {
    }
    return last_;
  }

 private:
  Mutex mutex_;
  CondVar ended_;
  std::optional<absl::StatusCode> last_ ABSL_GUARDED_BY(mutex_);
};

class OperationsServiceTest : public testing::Test {
 protected:
  OperationsServiceTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    stub_ = google::longrunning::Operations::NewStub(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()));
  }
  ~OperationsServiceTest() override { server_->Shutdown(); }

  // Calls a method of the stub with a deadline that only a failure reaches.
  template <typename Request, typename Response>
  absl::Status Call(grpc::Status (google::longrunning::Operations::Stub::*method)(
                        grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response,
                    absl::Duration deadline = kPatience) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(machine_.Now() + deadline));
    return FromGrpcStatus((stub_.get()->*method)(&context, request, response));
  }
  absl::Status Wait(const std::string& name, std::optional<absl::Duration> timeout,
                    Operation* operation, absl::Duration deadline = kPatience) {
    WaitOperationRequest request;
    request.set_name(name);
    if (timeout.has_value()) {
      const int64_t seconds = absl::IDivDuration(*timeout, absl::Seconds(1), &*timeout);
      request.mutable_timeout()->set_seconds(seconds);
      request.mutable_timeout()->set_nanos(
          static_cast<int32_t>(absl::ToInt64Nanoseconds(*timeout)));
    }
    return Call(&google::longrunning::Operations::Stub::WaitOperation, request, operation,
                deadline);
  }
  void AwaitWaiting(const std::string& id) {
    const absl::Time patience = machine_.Now() + kPatience;
    while (operations_.waiting(id) == 0 && machine_.Now() < patience) std::this_thread::yield();
    ASSERT_EQ(operations_.waiting(id), 1u);
  }
  static std::string Name(const std::string& id) { return absl::StrCat("operations/", id); }

  SystemClock machine_;
  FakeClock clock_;
  OperationStore operations_{&clock_, {}};
  RobotView robots_{nullptr, nullptr};  // asked for finished moves only: there are none here
  CallEnds ends_;
  std::vector<std::string> lines_;
  Log log_{Severity::kInfo, [this](absl::string_view line) { lines_.emplace_back(line); },
           [] { return absl::UnixEpoch(); }};
  Calls calls_{"robot7", &ends_, &log_};
  OperationsService service_{&calls_, &operations_, &robots_};
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<google::longrunning::Operations::Stub> stub_;
};

std::string ReasonOf(const absl::Status& status) {
  const auto detail = GetReason(status);
  return detail.has_value() ? detail->reason : "none";
}

TEST_F(OperationsServiceTest, AWaitForAFinishedOperationIsAnsweredAtOnce) {
  const std::string id = operations_.Create({});
  operations_.Finish(id, absl::DataLossError("scratched"));
  Operation operation;
  ASSERT_OK(Wait(Name(id), std::nullopt, &operation));
  EXPECT_EQ(operation.name(), Name(id));
  EXPECT_TRUE(operation.done());
  EXPECT_EQ(operation.error().code(), static_cast<int>(absl::StatusCode::kDataLoss));
}

TEST_F(OperationsServiceTest, AWaitIsAnsweredWhenTheOperationEnds) {
  const std::string id = operations_.Create({});
  std::thread work([&] {
    AwaitWaiting(id);
    operations_.Finish(id, std::any());
  });
  Operation operation;
  EXPECT_OK(Wait(Name(id), std::nullopt, &operation));
  work.join();
  EXPECT_TRUE(operation.done());
  EXPECT_EQ(operations_.waiting(id), 0u);
}

TEST_F(OperationsServiceTest, AWaitEndsAtItsTimeoutWithTheOperationAsItIs) {
  const std::string id = operations_.Create({});
  for (const absl::Duration timeout :
       {absl::Milliseconds(20), absl::ZeroDuration(), -absl::Seconds(1)}) {
    Operation operation;
    ASSERT_OK(Wait(Name(id), timeout, &operation)) << timeout;
    EXPECT_EQ(operation.name(), Name(id));
    EXPECT_FALSE(operation.done());
    EXPECT_EQ(operations_.waiting(id), 0u);
  }
}

TEST_F(OperationsServiceTest, AWaitIsAnsweredBeforeTheCallsDeadline) {
  const std::string id = operations_.Create({});
  for (const auto& timeout : {std::optional<absl::Duration>(), std::optional(absl::Hours(1))}) {
    Operation operation;
    ASSERT_OK(Wait(Name(id), timeout, &operation, absl::Seconds(2)));
    EXPECT_EQ(operation.name(), Name(id));
    EXPECT_FALSE(operation.done());
  }
}

TEST_F(OperationsServiceTest, AClientThatCancelsItsWaitIsForgotten) {
  const std::string id = operations_.Create({});
  grpc::ClientContext context;
  WaitOperationRequest request;
  request.set_name(Name(id));
  Operation operation;
  grpc::Status status;
  std::thread client([&] { status = stub_->WaitOperation(&context, request, &operation); });
  AwaitWaiting(id);
  context.TryCancel();
  client.join();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(ends_.Await(), absl::StatusCode::kCancelled);
  EXPECT_EQ(operations_.waiting(id), 0u);
  EXPECT_FALSE(operations_.Get(id)->done());
}

TEST_F(OperationsServiceTest, ManyWaitsForOneOperationEndTogether) {
  const std::string id = operations_.Create({});
  std::vector<std::thread> clients;
  std::vector<Operation> answers(16);
  for (size_t i = 0; i < answers.size(); ++i) {
    // Some are at their timeout while the operation ends.
    const auto timeout = i % 2 == 0 ? std::nullopt : std::optional(absl::Milliseconds(5));
    clients.emplace_back(
        [this, &id, &answers, i, timeout] { EXPECT_OK(Wait(Name(id), timeout, &answers[i])); });
  }
  const absl::Time patience = machine_.Now() + kPatience;
  while (operations_.waiting(id) < 8 && machine_.Now() < patience) std::this_thread::yield();
  operations_.Finish(id, std::any());
  for (std::thread& client : clients) client.join();
  for (size_t i = 0; i < answers.size(); i += 2) EXPECT_TRUE(answers[i].done());
  EXPECT_EQ(operations_.waiting(id), 0u);
}

TEST_F(OperationsServiceTest, AWaitForNothingIsRefused) {
  Operation operation;
  absl::Status status = Wait("operations/none", std::nullopt, &operation);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(ReasonOf(status), "NOT_FOUND");
  status = Wait("operations/../etc", std::nullopt, &operation);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(ReasonOf(status), "INVALID_NAME");
}

TEST_F(OperationsServiceTest, EachCallIsALineOfTheLog) {
  grpc::ClientContext context;
  context.AddMetadata("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  google::longrunning::GetOperationRequest request;
  request.set_name("operations/none");
  Operation operation;
  EXPECT_FALSE(stub_->GetOperation(&context, request, &operation).ok());
  server_->Shutdown();
  ASSERT_THAT(lines_, SizeIs(1));
  EXPECT_THAT(lines_[0],
              StartsWith("{\"time\":\"1970-01-01T00:00:00.000000Z\",\"severity\":\"WARNING\","
                         "\"message\":\"call\","
                         "\"method\":\"/google.longrunning.Operations/GetOperation\","
                         "\"code\":\"NOT_FOUND\",\"reason\":\"NOT_FOUND\","
                         "\"error\":\"there is no operations/none\","
                         "\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\","
                         "\"operation\":\"operations/none\",\"seconds\":"));
}

}  // namespace
}  // namespace carousel
