#include "tests/conformance/evaluator.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cpp/operation.h"
#include "google/protobuf/unknown_field_set.h"
#include "grpcpp/client_context.h"
#include "hal/base/status_macros.h"
#include "proto/status/grpc_status.h"
#include "proto/status/rpc_status.h"
#include "tests/conformance/comparison.h"

namespace carousel::conformance {
namespace {

namespace v1 = carousel::v1;

// Of one call. A drive may take its time to become ready.
constexpr std::chrono::minutes kDeadline(2);
// No version of the API has a field of this number.
constexpr int kFieldOfTheFuture = 19'000 - 1;

class Call {
 public:
  Call() { context_.set_deadline(std::chrono::system_clock::now() + kDeadline); }
  grpc::ClientContext* get() { return &context_; }

 private:
  grpc::ClientContext context_;
};

std::string WithDrives(std::string text, const std::string& drive, const std::string& other) {
  if (text == "{drive}") return drive;
  if (text == "{other_drive}") return other;
  return text;
}

}  // namespace

Evaluator::Evaluator(std::shared_ptr<grpc::Channel> channel)
    : robot_(v1::RobotService::NewStub(channel)),
      formats_(v1::DiscFormatService::NewStub(channel)),
      images_(v1::FileSystemImageService::NewStub(channel)),
      operations_(google::longrunning::Operations::NewStub(channel)) {}

absl::Status Evaluator::Connect() {
  Call call;
  v1::ListDrivesResponse response;
  RETURN_IF_ERROR(
      FromGrpcStatus(robot_->ListDrives(call.get(), v1::ListDrivesRequest(), &response)));
  if (response.drives_size() < 2) {
    return absl::FailedPreconditionError("the robot has fewer than two drives");
  }
  drive_ = response.drives(0).name();
  other_drive_ = response.drives(1).name();
  return absl::OkStatus();
}

absl::Status Evaluator::Move(absl::StatusOr<google::longrunning::Operation> started) {
  RETURN_IF_ERROR(started.status());
  RETURN_IF_ERROR(FromGrpcStatus(client::WaitForOperation(*operations_, &*started, nullptr)));
  return started->has_error() ? FromRpcStatus(started->error()) : absl::OkStatus();
}

absl::Status Evaluator::Insert(const std::string& barcode) {
  v1::Drive drive;
  v1::GetDriveRequest get;
  get.set_name(drive_);
  RETURN_IF_ERROR(FromGrpcStatus(robot_->GetDrive(Call().get(), get, &drive)));
  const std::string wanted = barcode.empty() ? "" : absl::StrCat("discs/", barcode);
  if (drive.disc() == wanted) return absl::OkStatus();
  if (!drive.disc().empty()) {
    v1::UnloadDiscRequest request;
    request.set_drive(drive_);
    google::longrunning::Operation operation;
    RETURN_IF_ERROR(FromGrpcStatus(robot_->UnloadDisc(Call().get(), request, &operation)));
    RETURN_IF_ERROR(Annotate(Move(operation), "unloading"));
  }
  if (wanted.empty()) return absl::OkStatus();
  v1::LoadDiscRequest request;
  request.set_disc(wanted);
  request.set_drive(drive_);
  google::longrunning::Operation operation;
  RETURN_IF_ERROR(FromGrpcStatus(robot_->LoadDisc(Call().get(), request, &operation)));
  return Annotate(Move(operation), "loading");
}

absl::StatusOr<std::string> Evaluator::ImageOf(Images& images, int number) {
  const auto found = images.names.find(number);
  if (found != images.names.end()) return found->second;
  v1::CreateImageRequest request;
  request.mutable_image()->set_multisession_types(images.types);
  v1::Image image;
  RETURN_IF_ERROR(FromGrpcStatus(images_->CreateImage(Call().get(), request, &image)));
  images.names[number] = image.name();
  return image.name();
}

std::vector<std::string> Evaluator::Run(const Case& test_case) {
  Images images{.types = test_case.types()};
  std::vector<std::string> differences;
  for (int i = 0; i < test_case.steps_size() && differences.empty(); ++i) {
    for (const std::string& difference : RunStep(test_case.steps(i), images)) {
      differences.push_back(absl::StrCat("step ", i, ": ", difference));
    }
  }
  CleanUp(images);
  return differences;
}

void Evaluator::CleanUp(const Images& images) {
  for (const std::string& name : images.operations) {
    google::longrunning::CancelOperationRequest request;
    request.set_name(name);
    google::protobuf::Empty empty;
    (void)operations_->CancelOperation(Call().get(), request, &empty);
  }
  for (const auto& [number, name] : images.names) {
    v1::DeleteImageRequest request;
    request.set_name(name);
    google::protobuf::Empty empty;
    (void)images_->DeleteImage(Call().get(), request, &empty);
  }
}

std::vector<std::string> Evaluator::RunStep(const Step& step, Images& images) {
  const absl::StatusOr<std::string> image = ImageOf(images, step.image());
  if (!image.ok()) return {absl::StrCat("no image: ", image.status().ToString())};
  switch (step.call_case()) {
    case Step::kSet:
      return RunSet(step, *image);
    case Step::kImport:
      return RunImport(step, *image, images);
    case Step::kGet:
      return RunGet(step, *image);
    case Step::kIdentify:
      return RunIdentify(step, *image);
    case Step::CALL_NOT_SET:
      break;
  }
  return {"the step has no call"};
}

absl::StatusOr<v1::MultisessionInterfaceList> Evaluator::ListOf(const Set& set) {
  v1::MultisessionInterfaceList list;
  if (set.of_drive()) {
    v1::DiscFormatServiceGetMultisessionInterfacesRequest request;
    request.set_drive(drive_);
    v1::DiscFormatServiceGetMultisessionInterfacesResponse response;
    RETURN_IF_ERROR(
        FromGrpcStatus(formats_->GetMultisessionInterfaces(Call().get(), request, &response)));
    list = response.multisession_interfaces();
    if (list.interfaces().empty()) return absl::InternalError("the drive's list is empty");
  }
  for (int i = 0; i < set.elements_size(); ++i) {
    const Element& element = set.elements(i);
    v1::MultisessionInterface* interface =
        i < list.interfaces_size() ? list.mutable_interfaces(i) : list.add_interfaces();
    interface->MergeFrom(element.interface());
    interface->set_import_recorder(WithDrives(interface->import_recorder(), drive_, other_drive_));
    if (element.newer()) {
      interface->GetReflection()->MutableUnknownFields(interface)->AddVarint(kFieldOfTheFuture, 1);
    }
    if (element.generation_offset() != 0) {
      interface->set_media_generation(interface->media_generation() + element.generation_offset());
    }
  }
  return list;
}

std::vector<std::string> Evaluator::RunSet(const Step& step, const std::string& image) {
  v1::SetMultisessionInterfacesRequest request;
  request.set_image(image);
  request.set_validate_only(step.set().validate_only());
  int elements = 0;
  if (!step.set().absent()) {
    absl::StatusOr<v1::MultisessionInterfaceList> list = ListOf(step.set());
    if (!list.ok()) return {absl::StrCat("no list: ", list.status().ToString())};
    elements = list->interfaces_size();
    *request.mutable_multisession_interfaces() = *std::move(list);
  }
  v1::SetMultisessionInterfacesResponse response;
  const grpc::Status status = images_->SetMultisessionInterfaces(Call().get(), request, &response);
  std::vector<std::string> differences = CompareStatus(step.expect(), status);
  if (!differences.empty() || !status.ok()) return differences;
  return CompareChoice(step.expect(), elements, response);
}

std::vector<std::string> Evaluator::RunImport(const Step& step, const std::string& image,
                                              Images& images) {
  v1::ImportFileSystemRequest request;
  request.set_image(image);
  google::longrunning::Operation operation;
  const grpc::Status status = images_->ImportFileSystem(Call().get(), request, &operation);
  if (!status.ok()) return CompareStatus(step.expect(), status);
  if (step.import().leave_running()) {
    images.operations.push_back(operation.name());
    return CompareStatus(step.expect(), status);
  }
  const grpc::Status waited = client::WaitForOperation(*operations_, &operation, nullptr);
  if (!waited.ok()) return CompareStatus(Expectation(), waited);
  return CompareStatus(step.expect(), operation.error());
}

std::vector<std::string> Evaluator::RunGet(const Step& step, const std::string& image) {
  v1::GetMultisessionInterfacesRequest request;
  request.set_image(image);
  v1::GetMultisessionInterfacesResponse response;
  const grpc::Status status = images_->GetMultisessionInterfaces(Call().get(), request, &response);
  std::vector<std::string> differences = CompareStatus(step.expect(), status);
  if (!differences.empty() || !status.ok()) return differences;
  return CompareSnapshot(step.expect(), response.multisession_interfaces());
}

std::vector<std::string> Evaluator::RunIdentify(const Step& step, const std::string& image) {
  v1::IdentifyFileSystemsRequest request;
  request.set_image(image);
  v1::IdentifyFileSystemsResponse response;
  const grpc::Status status = images_->IdentifyFileSystems(Call().get(), request, &response);
  std::vector<std::string> differences = CompareStatus(step.expect(), status);
  if (!differences.empty() || !status.ok()) return differences;
  return CompareFileSystems(step.expect(), response);
}

}  // namespace carousel::conformance
