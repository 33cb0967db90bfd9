#include "tests/bench/running_service.h"

#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clients/cpp/operation.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "hal/base/clock.h"
#include "hal/base/status_macros.h"
#include "hal/virtual_robot/disc_cli.h"
#include "server/config/config.h"
#include "tests/testing/archive_image.h"

namespace carousel::bench {
namespace {

constexpr char kDisc[] = "BENCH01";
constexpr int kEntries = 100;
// One for each call in flight, and some.
constexpr int kImages = 128;
constexpr absl::Duration kStartLimit = absl::Seconds(30);

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(status.error_code(), ": ", status.error_message()));
}

absl::Status MakeDisc(const std::string& store, const std::string& image) {
  const std::vector<std::string> words = {"create", store, kDisc, "--media=BD-R",
                                          absl::StrCat("--session=", image, "@0")};
  std::ostringstream output;
  std::ostringstream errors;
  if (virtual_robot::RunCarouselDisc(words, output, errors) == 0) return absl::OkStatus();
  return absl::InternalError(errors.str());
}

}  // namespace

RunningService::RunningService()
    : log_(
          Severity::kInfo, [this](absl::string_view line) { null_ << line << std::endl; },
          absl::Now) {}

absl::StatusOr<std::unique_ptr<RunningService>> RunningService::Start(const std::string& folder) {
  ASSIGN_OR_RETURN(const std::string image, WriteArchiveImage(folder + "/image", kEntries));
  absl::StatusOr<Config> config = ParseConfig(DefaultConfigText(), "defaults", folder,
                                              {.state_dir = folder + "/state",
                                               .grpc_address = "127.0.0.1:0",
                                               .http_address = "127.0.0.1:0"});
  RETURN_IF_ERROR(config.status());
  config->limits.max_images = kImages;
  RETURN_IF_ERROR(MakeDisc(config->virtual_robot->store, image));
  std::unique_ptr<RunningService> service(new RunningService);
  ASSIGN_OR_RETURN(service->server_, Server::Start(*config, &service->log_));
  service->channel_ =
      grpc::CreateChannel(service->server_->grpc_address(), grpc::InsecureChannelCredentials());
  service->images_ = v1::FileSystemImageService::NewStub(service->channel_);
  service->robots_ = v1::RobotService::NewStub(service->channel_);
  service->formats_ = v1::DiscFormatService::NewStub(service->channel_);
  service->operations_ = google::longrunning::Operations::NewStub(service->channel_);
  return service;
}

absl::Status RunningService::Load() {
  v1::LoadDiscRequest request;
  request.set_disc(absl::StrCat("discs/", kDisc));
  request.set_drive(kDrive);
  google::longrunning::Operation operation;
  SystemClock clock;
  const absl::Time deadline = clock.Now() + kStartLimit;
  while (true) {
    grpc::ClientContext context;
    const grpc::Status status = robots_->LoadDisc(&context, request, &operation);
    if (status.ok()) return Await(std::move(operation));
    // A service that has just been started does not know its drives yet.
    if (status.error_code() != grpc::StatusCode::UNAVAILABLE || clock.Now() > deadline)
      return FromGrpc(status);
    clock.SleepFor(absl::Milliseconds(20));
  }
}

absl::Status RunningService::Unload() {
  grpc::ClientContext context;
  v1::UnloadDiscRequest request;
  request.set_drive(kDrive);
  google::longrunning::Operation operation;
  RETURN_IF_ERROR(FromGrpc(robots_->UnloadDisc(&context, request, &operation)));
  return Await(std::move(operation));
}

absl::Status RunningService::Await(google::longrunning::Operation operation) {
  RETURN_IF_ERROR(FromGrpc(client::WaitForOperation(*operations_, &operation, nullptr)));
  if (operation.has_error()) return absl::InternalError(operation.error().message());
  return absl::OkStatus();
}

absl::StatusOr<std::string> RunningService::CreateImage() {
  grpc::ClientContext context;
  v1::Image image;
  RETURN_IF_ERROR(FromGrpc(images_->CreateImage(&context, v1::CreateImageRequest(), &image)));
  return image.name();
}

absl::StatusOr<v1::SetMultisessionInterfacesRequest> RunningService::BindingRequest(
    const std::string& image) {
  grpc::ClientContext context;
  v1::DiscFormatServiceGetMultisessionInterfacesRequest ask;
  ask.set_drive(kDrive);
  v1::DiscFormatServiceGetMultisessionInterfacesResponse answer;
  RETURN_IF_ERROR(FromGrpc(formats_->GetMultisessionInterfaces(&context, ask, &answer)));
  v1::SetMultisessionInterfacesRequest request;
  request.set_image(image);
  *request.mutable_multisession_interfaces() = answer.multisession_interfaces();
  return request;
}

}  // namespace carousel::bench
