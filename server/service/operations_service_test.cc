// OperationsService over a channel of this machine.
#include "server/service/operations_service.h"

#include <any>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
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
#include "proto/status/rpc_status.h"
#include "server/errors/errors.h"
#include "server/library/robot_view.h"
#include "server/log/log.h"
#include "server/metrics/observers.h"
#include "server/operations/operation_store.h"
#include "server/service/call.h"

namespace carousel {
namespace {

using google::longrunning::ListOperationsRequest;
using google::longrunning::ListOperationsResponse;
using google::longrunning::Operation;
using google::longrunning::WaitOperationRequest;
using Stub = google::longrunning::Operations::Stub;
using testing::ElementsAre;
using testing::IsEmpty;
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
  absl::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
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
    return Call(&Stub::WaitOperation, request, operation, deadline);
  }
  absl::StatusOr<std::vector<std::string>> List(const ListOperationsRequest& request,
                                                std::string* next_page_token = nullptr) {
    ListOperationsResponse response;
    const absl::Status status = Call(&Stub::ListOperations, request, &response);
    if (!status.ok()) return status;
    std::vector<std::string> names;
    for (const Operation& operation : response.operations()) names.push_back(operation.name());
    if (next_page_token != nullptr) *next_page_token = response.next_page_token();
    return names;
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
  std::unique_ptr<Stub> stub_;
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

TEST_F(OperationsServiceTest, ListsWhatTheFilterAsksForNewestFirst) {
  const std::string import = operations_.Create(
      {.kind = OperationKind::kImportFileSystem, .drive = "drive0", .image = "i1"});
  const std::string load =
      operations_.Create({.kind = OperationKind::kLoadDisc, .drive = "drive1"});
  operations_.Finish(import, absl::CancelledError("asked to"));
  const std::pair<const char*, std::vector<std::string>> cases[] = {
      {"", {Name(load), Name(import)}},
      {"done = true", {Name(import)}},
      {"kind = \"load_disc\"", {Name(load)}},
      {"drive = drives/drive0 AND done = true", {Name(import)}},
      {"drive = drives/drive0 AND done = false", {}},
  };
  for (const auto& [filter, expected] : cases) {
    ListOperationsRequest request;
    request.set_filter(filter);
    EXPECT_THAT(List(request), IsOkAndHolds(expected)) << filter;
  }
}

TEST_F(OperationsServiceTest, ListsPageAfterPage) {
  std::vector<std::string> newest_first;
  for (int i = 0; i < 5; ++i)
    newest_first.insert(newest_first.begin(), Name(operations_.Create({})));
  ListOperationsRequest request;
  request.set_name("operations");
  request.set_page_size(2);
  std::vector<std::string> all;
  do {
    std::string next;
    ASSERT_OK_AND_ASSIGN(const std::vector<std::string> page, List(request, &next));
    ASSERT_THAT(page, testing::Not(IsEmpty()));
    all.insert(all.end(), page.begin(), page.end());
    request.set_page_token(next);
  } while (!request.page_token().empty());
  EXPECT_EQ(all, newest_first);
}

TEST_F(OperationsServiceTest, RefusesListsThatAreNone) {
  operations_.Create({});
  ListOperationsRequest other_name;
  other_name.set_name("robots/robot7/operations");
  ListOperationsRequest slash;
  slash.set_name("operations/");
  ListOperationsRequest filter;
  filter.set_filter("done");
  ListOperationsRequest size;
  size.set_page_size(-1);
  ListOperationsRequest token;
  token.set_page_token("x");
  const std::pair<ListOperationsRequest, const char*> cases[] = {{other_name, "INVALID_NAME"},
                                                                 {slash, "INVALID_NAME"},
                                                                 {filter, "INVALID_FIELD"},
                                                                 {size, "INVALID_FIELD"},
                                                                 {token, "INVALID_FIELD"}};
  for (const auto& [request, reason] : cases) {
    const absl::Status status = List(request).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument)) << request.DebugString();
    EXPECT_EQ(ReasonOf(status), reason) << request.DebugString();
  }
}

TEST_F(OperationsServiceTest, APageTokenIsGoodForItsFilterOnly) {
  operations_.Create({});
  operations_.Create({});
  ListOperationsRequest request;
  request.set_page_size(1);
  std::string next;
  ASSERT_OK(List(request, &next));
  request.set_page_token(next);
  request.set_filter("done = false");
  EXPECT_EQ(ReasonOf(List(request).status()), "INVALID_FIELD");
}

TEST_F(OperationsServiceTest, GivesAnOperationWithTheErrorOfADirectCall) {
  const std::string id = operations_.Create({.drive = "drive0"});
  operations_.Finish(id, OperationRunningError("operations/other"));
  google::longrunning::GetOperationRequest request;
  request.set_name(Name(id));
  Operation operation;
  ASSERT_OK(Call(&Stub::GetOperation, request, &operation));
  const absl::Status error = FromRpcStatus(operation.error());
  EXPECT_THAT(error, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(ReasonOf(error), "OPERATION_RUNNING");
  EXPECT_EQ(GetReason(error)->metadata.at("robot"), "robot7");
}

TEST_F(OperationsServiceTest, ACancellationReachesTheWorkAndLeavesTheFinishedAsTheyAre) {
  const std::string id = operations_.Create({});
  bool asked = false;
  operations_.Attach(id, nullptr, [&asked] { asked = true; });
  google::longrunning::CancelOperationRequest request;
  request.set_name(Name(id));
  google::protobuf::Empty nothing;
  EXPECT_OK(Call(&Stub::CancelOperation, request, &nothing));
  EXPECT_TRUE(asked);
  operations_.Finish(id, std::any());
  EXPECT_OK(Call(&Stub::CancelOperation, request, &nothing));
  EXPECT_OK(operations_.Get(id)->status);
}

TEST_F(OperationsServiceTest, DeletesFinishedOperationsOnly) {
  const std::string id = operations_.Create({});
  google::longrunning::DeleteOperationRequest request;
  request.set_name(Name(id));
  google::protobuf::Empty nothing;
  const absl::Status running = Call(&Stub::DeleteOperation, request, &nothing);
  EXPECT_THAT(running, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(ReasonOf(running), "OPERATION_RUNNING");
  operations_.Finish(id, std::any());
  EXPECT_OK(Call(&Stub::DeleteOperation, request, &nothing));
  EXPECT_EQ(ReasonOf(Call(&Stub::DeleteOperation, request, &nothing)), "NOT_FOUND");
}

TEST_F(OperationsServiceTest, RefusesNamesThatAreNone) {
  Operation operation;
  google::protobuf::Empty nothing;
  for (const std::string& name :
       {std::string(), std::string("operations/"), std::string("images/a"),
        "operations/" + std::string(100'000, 'a')}) {
    google::longrunning::GetOperationRequest get;
    get.set_name(name);
    google::longrunning::CancelOperationRequest cancel;
    cancel.set_name(name);
    google::longrunning::DeleteOperationRequest remove;
    remove.set_name(name);
    for (const absl::Status& status : {Call(&Stub::GetOperation, get, &operation),
                                       Call(&Stub::CancelOperation, cancel, &nothing),
                                       Call(&Stub::DeleteOperation, remove, &nothing)}) {
      EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
      EXPECT_EQ(ReasonOf(status), "INVALID_NAME");
    }
  }
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
