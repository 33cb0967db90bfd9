// A connection to one robot's service: each call has a deadline, returns a status with the
// service's reason (error.h), and is repeated where that can do nothing twice. Methods are those of
// the generated stubs:
//
//   using Robot = carousel::v1::RobotService::StubInterface;
//   auto drive = client->Call(&Robot::GetDrive, request);                     //
//   StatusOr<v1::Drive> auto done = client->Run<v1::LoadDiscResponse>(&Robot::LoadDisc, request);
//   // waits for its end
#ifndef CLIENTS_CPP_CLIENT_H_
#define CLIENTS_CPP_CLIENT_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "carousel/v1/disc_format.grpc.pb.h"
#include "carousel/v1/image.grpc.pb.h"
#include "carousel/v1/robot.grpc.pb.h"
#include "clients/cpp/channel.h"
#include "clients/cpp/error.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace carousel::client {

struct ClientOptions {
  std::string address;          // HOST:PORT or unix:PATH
  std::optional<TlsFiles> tls;  // absent: without certificates, for a service on this machine
  absl::Duration timeout = absl::Seconds(60);  // of one call, repetitions not counted
  std::function<void(absl::Duration)> sleep = absl::SleepFor;
};

// Whether a method with such requests can be called again when its answer was lost: it only reads,
// or has a request_id, by which the service knows the second request for the first.
bool IsRepeatable(const google::protobuf::Descriptor& request);

// Thread-safe.
class Client {
 public:
  using Operation = google::longrunning::Operation;
  // Called about twice a second with how far an operation is; its metadata say it.
  using Progress = std::function<void(const Operation&)>;

  // Connects at the first call. FAILED_PRECONDITION: a file cannot be read.
  static absl::StatusOr<std::unique_ptr<Client>> Open(ClientOptions options);

  // Calls a method that is no stream. A request_id that is empty gets a UUID. UNAVAILABLE is tried
  // again up to five times in all, after RetryInfo or a growing pause, unless the method is not
  // repeatable or the drive is in use (E_IMAPI_RECORDER_LOCKED), which may last for hours.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                Request request) {
    Response response;
    const absl::Status status = Repeat(request, [&](grpc::ClientContext* context) {
      return (stub(static_cast<Stub*>(nullptr)).*method)(context, request, &response);
    });
    if (!status.ok()) return status;
    return response;
  }

  // Waits for an operation's end. A service that restarts meanwhile does not end the wait. The
  // operation's error; INTERNAL: its response is another message.
  template <typename Response>
  absl::StatusOr<Response> Wait(Operation operation, const Progress& progress = nullptr) {
    absl::Status status = WaitForEnd(progress, &operation);
    Response response;
    if (status.ok() && !operation.response().UnpackTo(&response))
      status = absl::InternalError(operation.name() + " ended with another response");
    if (!status.ok()) return status;
    return response;
  }

  // Starts an operation and waits for its end.
  template <typename Response, typename Stub, typename Request>
  absl::StatusOr<Response> Run(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                            Operation*),
                               Request request, const Progress& progress = nullptr) {
    absl::StatusOr<Operation> operation = Call(method, std::move(request));
    if (!operation.ok()) return operation.status();
    return Wait<Response>(*std::move(operation), progress);
  }

  // Asks for an operation's end at the next safe point; Wait tells what came of it.
  absl::Status Cancel(const std::string& operation);

  // Puts a file of this machine into the image at `path`; a stream that breaks is gone on with
  // where it ended. The image after it. INVALID_ARGUMENT, too: the file cannot be read.
  absl::StatusOr<v1::Image> Upload(const std::string& image, const std::string& local_path,
                                   const std::string& path);

  // For what is a stream, or for a deadline of one's own.
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  Client(ClientOptions options, std::shared_ptr<grpc::Channel> channel);

  // By type, so that a method names its service.
  v1::RobotService::StubInterface& stub(v1::RobotService::StubInterface*) { return *robot_; }
  v1::DiscFormatService::StubInterface& stub(v1::DiscFormatService::StubInterface*) {
    return *formats_;
  }
  v1::FileSystemImageService::StubInterface& stub(v1::FileSystemImageService::StubInterface*) {
    return *images_;
  }
  google::longrunning::Operations::StubInterface& stub(
      google::longrunning::Operations::StubInterface*) {
    return *operations_;
  }

  // Gives `request` its id, and calls until there is an answer that stays.
  absl::Status Repeat(google::protobuf::Message& request,
                      absl::FunctionRef<grpc::Status(grpc::ClientContext*)> call) const;
  absl::Status WaitForEnd(const Progress& progress, Operation* operation);

  const ClientOptions options_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::RobotService::StubInterface> robot_;
  const std::unique_ptr<v1::DiscFormatService::StubInterface> formats_;
  const std::unique_ptr<v1::FileSystemImageService::StubInterface> images_;
  const std::unique_ptr<google::longrunning::Operations::StubInterface> operations_;
};

}  // namespace carousel::client

#endif  // CLIENTS_CPP_CLIENT_H_
