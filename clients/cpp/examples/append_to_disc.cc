// Appends a file to a disc, verified: append_to_disc ADDRESS DISC DRIVE FILE. Exit code 3 if the
// disc takes no other session.
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "carousel/v1/disc_format.grpc.pb.h"
#include "carousel/v1/image.grpc.pb.h"
#include "carousel/v1/robot.grpc.pb.h"
#include "clients/cpp/client.h"
#include "clients/cpp/error.h"

namespace {

namespace v1 = carousel::v1;
using carousel::client::Client;
using Robot = v1::RobotService::StubInterface;
using Formats = v1::DiscFormatService::StubInterface;
using Images = v1::FileSystemImageService::StubInterface;

std::string LastOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// May the disc in the drive take another session? An image that continues it; the error has IMAPI's
// name for why not.
absl::StatusOr<std::string> ImageFor(Client& client, const std::string& drive) {
  v1::DiscFormatServiceGetMultisessionInterfacesRequest get;
  get.set_drive(drive);
  auto interfaces = client.Call(&Formats::GetMultisessionInterfaces, get);
  if (!interfaces.ok()) return interfaces.status();
  auto image = client.Call(&Images::CreateImage, v1::CreateImageRequest());
  if (!image.ok()) return image.status();
  v1::SetMultisessionInterfacesRequest set;
  set.set_image(image->name());
  *set.mutable_multisession_interfaces() =
      std::move(*interfaces->mutable_multisession_interfaces());
  const absl::Status bound = client.Call(&Images::SetMultisessionInterfaces, set).status();
  if (!bound.ok()) return bound;
  return image->name();
}

absl::StatusOr<v1::WriteImageResponse> Append(Client& client, const std::string& drive,
                                              const std::string& path) {
  const absl::StatusOr<std::string> image = ImageFor(client, drive);
  if (!image.ok()) return image.status();
  v1::ImportFileSystemRequest import;
  import.set_image(*image);
  absl::Status status =
      client.Run<v1::ImportFileSystemResponse>(&Images::ImportFileSystem, import).status();
  if (status.ok()) status = client.Upload(*image, path, "/" + LastOf(path)).status();
  v1::CreateResultImageRequest create;
  create.set_image(*image);
  if (status.ok())
    status = client.Run<v1::CreateResultImageResponse>(&Images::CreateResultImage, create).status();
  if (!status.ok()) return status;
  v1::WriteImageRequest write;
  write.set_image(*image);
  write.set_drive(drive);
  write.set_verification(v1::WriteImageRequest::VERIFICATION_FULL);
  return client.Run<v1::WriteImageResponse>(&Formats::WriteImage, write, [](const auto& burn) {
    v1::WriteImageMetadata metadata;
    if (burn.metadata().UnpackTo(&metadata))
      std::cerr << v1::WriteImageMetadata::Action_Name(metadata.action()) << "\n";
  });
}

absl::Status Load(Client& client, const std::string& disc, const std::string& drive) {
  v1::LoadDiscRequest load;
  load.set_disc(disc);
  load.set_drive(drive);
  return client.Run<v1::LoadDiscResponse>(&Robot::LoadDisc, load).status();
}

absl::Status Unload(Client& client, const std::string& drive) {
  v1::UnloadDiscRequest unload;
  unload.set_drive(drive);
  return client.Run<v1::UnloadDiscResponse>(&Robot::UnloadDisc, unload).status();
}

int Fail(const absl::Status& status) {
  const carousel::client::Error error = carousel::client::ErrorOf(status);
  std::cerr << error.reason << ": " << error.message << "\n";
  return 3;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: append_to_disc ADDRESS DISC DRIVE FILE\n";
    return 2;
  }
  const std::string drive = absl::StrCat("drives/", argv[3]);
  const auto client = Client::Open({.address = argv[1]});
  if (!client.ok()) return Fail(client.status());
  if (const auto loaded = Load(**client, absl::StrCat("discs/", argv[2]), drive); !loaded.ok())
    return Fail(loaded);
  const absl::StatusOr<v1::WriteImageResponse> burnt = Append(**client, drive, argv[4]);
  const absl::Status unloaded = Unload(**client, drive);
  if (!burnt.ok()) return Fail(burnt.status());
  std::cout << "session " << burnt->session_number() << ": " << burnt->disc() << "\n";
  return unloaded.ok() ? 0 : Fail(unloaded);
}
