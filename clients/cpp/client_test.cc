#include "clients/cpp/client.h"

#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "carousel/v1/disc_format.grpc.pb.h"
#include "carousel/v1/image.grpc.pb.h"
#include "carousel/v1/robot.grpc.pb.h"
#include "clients/cpp/error.h"
#include "gmock/gmock.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"

namespace carousel::client {
namespace {

using Images = v1::FileSystemImageService::StubInterface;
using Robot = v1::RobotService::StubInterface;

google::rpc::Status Rich(absl::StatusCode code, const std::string& reason,
                         absl::Duration retry = absl::ZeroDuration()) {
  google::rpc::Status rich;
  rich.set_code(static_cast<int>(code));
  rich.set_message("refused");
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  (*info.mutable_metadata())["hresult"] = "0xC0AAB159";
  rich.add_details()->PackFrom(info);
  if (retry != absl::ZeroDuration()) {
    google::rpc::RetryInfo delay;
    delay.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(retry));
    rich.add_details()->PackFrom(delay);
  }
  return rich;
}

grpc::Status Refusal(const google::rpc::Status& rich) {
  return {static_cast<grpc::StatusCode>(rich.code()), rich.message(), rich.SerializeAsString()};
}

// Answers with what is queued, then OK; remembers what it was asked.
class FakeRobot final : public v1::RobotService::Service {
 public:
  grpc::Status GetDrive(grpc::ServerContext* context, const v1::GetDriveRequest* request,
                        v1::Drive* response) override {
    has_deadline = context->deadline() < std::chrono::system_clock::now() + std::chrono::hours(1);
    response->set_name(request->name());
    return Next();
  }
  grpc::Status LoadDisc(grpc::ServerContext*, const v1::LoadDiscRequest* request,
                        google::longrunning::Operation* response) override {
    ids.push_back(request->request_id());
    *response = operation;
    return Next();
  }

  std::vector<grpc::Status> answers;
  int calls = 0;
  bool has_deadline = false;
  std::vector<std::string> ids;
  google::longrunning::Operation operation;

  grpc::Status Next() {
    const auto call = static_cast<size_t>(calls++);
    return call < answers.size() ? answers[call] : grpc::Status::OK;
  }
};

class FakeImages final : public v1::FileSystemImageService::Service {
 public:
  grpc::Status DeleteImage(grpc::ServerContext*, const v1::DeleteImageRequest*,
                           google::protobuf::Empty*) override {
    ++calls;
    return {grpc::StatusCode::UNAVAILABLE, "gone"};
  }
  int calls = 0;
};

class ClientTest : public testing::Test {
 protected:
  ClientTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&robot_);
    builder.RegisterService(&images_);
    server_ = builder.BuildAndStart();
    client_ = *Client::Open({.address = absl::StrCat("127.0.0.1:", port),
                             .sleep = [this](absl::Duration pause) { pauses_.push_back(pause); }});
  }

  absl::StatusOr<v1::Drive> GetDrive() {
    v1::GetDriveRequest request;
    request.set_name("drives/drive0");
    return client_->Call(&Robot::GetDrive, request);
  }

  FakeRobot robot_;
  FakeImages images_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<absl::Duration> pauses_;
  std::unique_ptr<Client> client_;
};

TEST_F(ClientTest, ACallHasADeadlineAndReturnsItsAnswer) {
  const absl::StatusOr<v1::Drive> drive = GetDrive();
  ASSERT_TRUE(drive.ok()) << drive.status();
  EXPECT_EQ(drive->name(), "drives/drive0");
  EXPECT_TRUE(robot_.has_deadline);
}

TEST_F(ClientTest, ReadingIsRepeatedWhenTheServiceSaysThatItComesBack) {
  const grpc::Status draining =
      Refusal(Rich(absl::StatusCode::kUnavailable, "DRAINING", absl::Seconds(10)));
  robot_.answers = {draining, draining};
  EXPECT_TRUE(GetDrive().ok());
  ASSERT_EQ(pauses_.size(), 2u);
  EXPECT_GE(pauses_[0], absl::Seconds(8));
  EXPECT_LE(pauses_[0], absl::Seconds(12));
}

TEST_F(ClientTest, PausesGrowAndEndWithTheLastError) {
  robot_.answers = std::vector<grpc::Status>(9, {grpc::StatusCode::UNAVAILABLE, "gone"});
  EXPECT_EQ(GetDrive().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(robot_.calls, 5);
  ASSERT_EQ(pauses_.size(), 4u);
  EXPECT_GT(pauses_[3], 4 * pauses_[0]);
}

TEST_F(ClientTest, WhatStartsSomethingIsRepeatedUnderOneId) {
  robot_.answers = {{grpc::StatusCode::UNAVAILABLE, "the answer was lost"}};
  ASSERT_TRUE(client_->Call(&Robot::LoadDisc, v1::LoadDiscRequest()).ok());
  ASSERT_EQ(robot_.ids.size(), 2u);
  EXPECT_EQ(robot_.ids[0], robot_.ids[1]);
  // RFC 4122 4.4.
  EXPECT_THAT(robot_.ids[0],
              testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                    "[0-9a-f]{12}"));
  ASSERT_TRUE(client_->Call(&Robot::LoadDisc, v1::LoadDiscRequest()).ok());
  EXPECT_NE(robot_.ids[2], robot_.ids[0]);
}

TEST_F(ClientTest, WhatCouldHappenTwiceIsCalledOnce) {
  EXPECT_FALSE(client_->Call(&Images::DeleteImage, v1::DeleteImageRequest()).ok());
  EXPECT_EQ(images_.calls, 1);
}

TEST_F(ClientTest, ADriveInUseIsTheCallersToWaitFor) {
  robot_.answers = {Refusal(Rich(absl::StatusCode::kUnavailable, "E_IMAPI_RECORDER_LOCKED"))};
  EXPECT_FALSE(GetDrive().ok());
  EXPECT_EQ(robot_.calls, 1);
}

TEST_F(ClientTest, ErrorsKeepTheirDetails) {
  robot_.answers = {Refusal(Rich(absl::StatusCode::kFailedPrecondition,
                                 "IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED", absl::Seconds(3)))};
  const absl::Status status = GetDrive().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  const Error error = ErrorOf(status);
  EXPECT_EQ(error.code, grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(error.message, "refused");
  EXPECT_EQ(error.reason, "IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED");
  EXPECT_EQ(error.hresult(), 0xC0AAB159);
  EXPECT_EQ(error.retry_delay, absl::Seconds(3));
}

TEST_F(ClientTest, AnErrorThatIsNotTheServicesHasNoReason) {
  robot_.answers = {{grpc::StatusCode::PERMISSION_DENIED, "a proxy's", "no details"}};
  const Error error = ErrorOf(GetDrive().status());
  EXPECT_EQ(error.reason, "");
  EXPECT_EQ(error.message, "a proxy's");
  EXPECT_FALSE(error.hresult().has_value());
  EXPECT_FALSE(error.retry_delay.has_value());
}

TEST_F(ClientTest, AnOperationEndsWithItsResponse) {
  robot_.operation.set_done(true);
  v1::LoadDiscResponse response;
  response.mutable_drive()->set_name("drives/drive0");
  robot_.operation.mutable_response()->PackFrom(response);
  const auto loaded = client_->Run<v1::LoadDiscResponse>(&Robot::LoadDisc, v1::LoadDiscRequest());
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->drive().name(), "drives/drive0");
  const auto other = client_->Run<v1::UnloadDiscResponse>(&Robot::LoadDisc, v1::LoadDiscRequest());
  EXPECT_EQ(other.status().code(), absl::StatusCode::kInternal);
}

TEST_F(ClientTest, AnOperationEndsWithItsError) {
  robot_.operation.set_done(true);
  *robot_.operation.mutable_error() = Rich(absl::StatusCode::kAborted, "IMAPI_E_DISC_MISMATCH");
  const absl::Status status =
      client_->Run<v1::LoadDiscResponse>(&Robot::LoadDisc, v1::LoadDiscRequest()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ErrorOf(status).reason, "IMAPI_E_DISC_MISMATCH");
}

TEST(ClientOpenTest, AFileThatCannotBeReadIsToldAtOnce) {
  EXPECT_EQ(
      Client::Open({.address = "localhost:1", .tls = TlsFiles{.ca = "/nothing"}}).status().code(),
      absl::StatusCode::kFailedPrecondition);
}

// What a viewer may call changes nothing, and docs/security.md is what the service is tested by.
TEST(ClientRepetitionTest, EveryMethodThatChangesNothingIsRepeatable) {
  std::ifstream file("docs/security.md");
  std::stringstream text;
  text << file.rdbuf();
  int methods = 0;
  for (const google::protobuf::FileDescriptor* api :
       {v1::GetDriveRequest::descriptor()->file(), v1::WriteImageRequest::descriptor()->file(),
        v1::DeleteImageRequest::descriptor()->file(),
        google::longrunning::GetOperationRequest::descriptor()->file()}) {
    const google::protobuf::ServiceDescriptor& service = *api->service(0);
    for (int i = 0; i < service.method_count(); ++i) {
      const google::protobuf::MethodDescriptor& method = *service.method(i);
      if (method.client_streaming() || method.server_streaming()) continue;
      const std::string row = absl::StrCat("| `", service.name(), "/", method.name(), "` | ");
      ASSERT_TRUE(absl::StrContains(text.str(), row)) << row;
      const bool reads = absl::StrContains(text.str(), row + "viewer |");
      const bool has_id = method.input_type()->FindFieldByName("request_id") != nullptr;
      EXPECT_EQ(IsRepeatable(*method.input_type()), reads || has_id) << row;
      ++methods;
    }
  }
  EXPECT_GT(methods, 40);
}

}  // namespace
}  // namespace carousel::client
