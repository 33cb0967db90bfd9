#include "clients/cpp/client.h"

#include <algorithm>

#include "absl/random/random.h"
#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "clients/cpp/operation.h"
#include "clients/cpp/upload.h"
#include "google/protobuf/descriptor.h"

namespace carousel::client {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

constexpr int kAttempts = 5;
constexpr absl::Duration kFirstPause = absl::Milliseconds(200);
constexpr char kRequestId[] = "request_id";
// Reading again changes nothing.
constexpr absl::string_view kReads[] = {"Get", "List", "Describe", "Identify", "Calculate", "Wait"};

// RFC 4122 4.4: version 4, variant 10.
std::string NewUuid() {
  absl::BitGen random;
  const auto bits = [&](uint64_t most) { return absl::Uniform<uint64_t>(random, 0, most); };
  return absl::StrFormat("%08x-%04x-4%03x-%04x-%012x", bits(uint64_t{1} << 32), bits(1 << 16),
                         bits(1 << 12), 0x8000 | bits(1 << 14), bits(uint64_t{1} << 48));
}

// The method that takes such requests; null if there is none. Each has a type of its own (AIP-136).
const MethodDescriptor* MethodOf(const Descriptor& request) {
  for (int i = 0; i < request.file()->service_count(); ++i) {
    const google::protobuf::ServiceDescriptor& service = *request.file()->service(i);
    for (int j = 0; j < service.method_count(); ++j) {
      if (service.method(j)->input_type() == &request) return service.method(j);
    }
  }
  return nullptr;
}

void GiveId(google::protobuf::Message& request) {
  const FieldDescriptor* const field = request.GetDescriptor()->FindFieldByName(kRequestId);
  if (field == nullptr || !request.GetReflection()->GetString(request, field).empty()) return;
  request.GetReflection()->SetString(&request, field, NewUuid());
}

bool IsWorthARepetition(const Error& error) {
  return error.code == grpc::StatusCode::UNAVAILABLE && error.reason != "E_IMAPI_RECORDER_LOCKED";
}

// The `attempt`th, from 0 on. Not all clients of a service that comes back at once.
absl::Duration PauseAfter(const Error& error, int attempt) {
  absl::BitGen random;
  return error.retry_delay.value_or(kFirstPause * (1 << attempt)) * absl::Uniform(random, 0.8, 1.2);
}

}  // namespace

bool IsRepeatable(const Descriptor& request) {
  if (request.FindFieldByName(kRequestId) != nullptr) return true;
  const MethodDescriptor* const method = MethodOf(request);
  return method != nullptr && std::any_of(std::begin(kReads), std::end(kReads), [&](auto prefix) {
           return absl::StartsWith(method->name(), prefix);
         });
}

absl::StatusOr<std::unique_ptr<Client>> Client::Open(ClientOptions options) {
  absl::StatusOr<std::shared_ptr<grpc::Channel>> channel =
      OpenChannel(options.address, options.tls);
  if (!channel.ok()) return channel.status();
  return std::unique_ptr<Client>(new Client(std::move(options), *std::move(channel)));
}

Client::Client(ClientOptions options, std::shared_ptr<grpc::Channel> channel)
    : options_(std::move(options)),
      channel_(std::move(channel)),
      robot_(v1::RobotService::NewStub(channel_)),
      formats_(v1::DiscFormatService::NewStub(channel_)),
      images_(v1::FileSystemImageService::NewStub(channel_)),
      operations_(google::longrunning::Operations::NewStub(channel_)) {}

absl::Status Client::Repeat(google::protobuf::Message& request,
                            absl::FunctionRef<grpc::Status(grpc::ClientContext*)> call) const {
  GiveId(request);
  const bool repeatable = IsRepeatable(*request.GetDescriptor());
  for (int attempt = 0;; ++attempt) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + options_.timeout));
    const grpc::Status status = call(&context);
    if (status.ok()) return absl::OkStatus();
    const Error error = ErrorOf(status);
    if (!repeatable || attempt + 1 == kAttempts || !IsWorthARepetition(error))
      return StatusOf(status);
    options_.sleep(PauseAfter(error, attempt));
  }
}

absl::Status Client::WaitForEnd(const Progress& progress, Operation* operation) {
  const grpc::Status waited = WaitForOperation(*operations_, operation, progress);
  if (!waited.ok()) return StatusOf(waited);
  return operation->has_error() ? StatusOf(operation->error()) : absl::OkStatus();
}

absl::Status Client::Cancel(const std::string& operation) {
  google::longrunning::CancelOperationRequest request;
  request.set_name(operation);
  return Call(&google::longrunning::Operations::StubInterface::CancelOperation, request).status();
}

absl::StatusOr<v1::Image> Client::Upload(const std::string& image, const std::string& local_path,
                                         const std::string& path) {
  v1::UploadStart start;
  start.set_image(image);
  start.set_path(path);
  if (const grpc::Status described = DescribeUpload(local_path, nullptr, &start); !described.ok())
    return StatusOf(described);
  v1::UploadFileResponse response;
  const grpc::Status sent = SendUpload(*images_, local_path, start, nullptr, &response);
  if (!sent.ok()) return StatusOf(sent);
  return std::move(*response.mutable_image());
}

}  // namespace carousel::client
