#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "carousel/v1/image.grpc.pb.h"
#include "carousel/v1/image.pb.h"
#include "clients/cli/image_commands.h"
#include "clients/cli/media_commands.h"
#include "google/protobuf/util/json_util.h"

namespace carousel::cli {
namespace {

using v1::FileSystemImageService;

struct SetArguments {
  std::string image;
  std::string drive;
  std::string in_use = "none";
  std::string etag;
  std::string request_file;
  bool validate_only = false;
};

// An error that this program finds before it asks the service.
[[noreturn]] void FailUsage(const std::string& message) {
  throw CommandFailed{
      client::Error{.code = grpc::StatusCode::INVALID_ARGUMENT, .message = message}};
}

std::string ReadAll(const std::string& path) {
  if (path == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  std::ifstream file(path);
  if (!file) FailUsage(absl::StrCat(path, ": cannot be read"));
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

v1::SetMultisessionInterfacesRequest FromFile(const SetArguments& arguments) {
  v1::SetMultisessionInterfacesRequest request;
  const auto status =
      google::protobuf::util::JsonStringToMessage(ReadAll(arguments.request_file), &request);
  if (!status.ok()) {
    FailUsage(absl::StrCat(arguments.request_file, ": not a SetMultisessionInterfacesRequest: ",
                           std::string(status.message())));
  }
  return request;
}

v1::SetMultisessionInterfacesRequest FromDrive(Session& session, const SetArguments& arguments) {
  v1::SetMultisessionInterfacesRequest request;
  *request.mutable_multisession_interfaces() = InterfacesOfDrive(session, arguments.drive);
  for (auto& interface : *request.mutable_multisession_interfaces()->mutable_interfaces()) {
    interface.set_in_use((arguments.in_use == "sequential" && interface.has_sequential()) ||
                         (arguments.in_use == "random-write" && interface.has_random_write()));
  }
  return request;
}

void PrintVerdicts(const v1::SetMultisessionInterfacesResponse& response) {
  std::cout << "chosen: element " << response.chosen_element() << ", " << response.chosen_reason()
            << "\n";
  v1::MultisessionInterfaceList chosen;
  *chosen.add_interfaces() = response.chosen_interface();
  PrintInterfaces(chosen);
  for (int i = 0; i < response.verdicts_size(); ++i) {
    const auto& verdict = response.verdicts(i);
    std::cout << "element " << i << ": image " << (verdict.supported_by_image() ? "yes" : "no")
              << ", medium " << (verdict.supported_by_medium() ? "yes" : "no") << ": "
              << verdict.reason() << "\n";
  }
  for (const v1::Warning& warning : response.warnings()) {
    std::cout << "warning: " << warning.reason() << ": " << Printable(warning.message()) << "\n";
  }
}

void Set(Session& session, const SetArguments& arguments) {
  if (arguments.drive.empty() == arguments.request_file.empty()) {
    FailUsage("give either a drive or --request");
  }
  v1::SetMultisessionInterfacesRequest request =
      arguments.request_file.empty() ? FromDrive(session, arguments) : FromFile(arguments);
  request.set_image(ResourceName("images", arguments.image));
  if (!arguments.etag.empty()) request.set_etag(arguments.etag);
  if (arguments.validate_only) request.set_validate_only(true);
  v1::SetMultisessionInterfacesResponse response;
  session.Check(FileSystemImageService::NewStub(session.channel())
                    ->SetMultisessionInterfaces(session.Context().get(), request, &response));
  session.Print(response, [&response] { PrintVerdicts(response); });
}

void Get(Session& session, const std::string& image) {
  v1::GetMultisessionInterfacesRequest request;
  request.set_image(ResourceName("images", image));
  v1::GetMultisessionInterfacesResponse response;
  session.Check(FileSystemImageService::NewStub(session.channel())
                    ->GetMultisessionInterfaces(session.Context().get(), request, &response));
  session.Print(response, [&response] { PrintInterfaces(response.multisession_interfaces()); });
}

void DiscIdentifier(Session& session, const std::string& image) {
  v1::CalculateDiscIdentifierRequest request;
  request.set_image(ResourceName("images", image));
  v1::CalculateDiscIdentifierResponse response;
  session.Check(FileSystemImageService::NewStub(session.channel())
                    ->CalculateDiscIdentifier(session.Context().get(), request, &response));
  session.Print(response, [&response] { std::cout << response.disc_identifier() << "\n"; });
}

}  // namespace

void AddImageMultisessionCommands(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<SetArguments>();
  CLI::App* set = app.add_subcommand(
      "set-multisession", "Can the disc take another session? Binds the image to the disc if so");
  set->add_option("image", arguments->image, "Image")->required();
  set->add_option("drive", arguments->drive, "Drive whose interfaces are passed on");
  set->add_option("--in-use", arguments->in_use, "Which interface to put in use")
      ->check(CLI::IsMember({"none", "sequential", "random-write"}))
      ->capture_default_str();
  set->add_option("--request", arguments->request_file,
                  "A SetMultisessionInterfacesRequest as JSON, - for standard input, in place of a "
                  "drive's interfaces");
  set->add_option("--etag", arguments->etag, "Only if the image is at this etag");
  set->add_flag("--validate-only", arguments->validate_only, "Check everything, change nothing");
  set->callback([&session, arguments] { Set(session, *arguments); });

  const auto image = std::make_shared<std::string>();
  CLI::App* get = app.add_subcommand("get-multisession", "The interfaces that were set");
  get->add_option("image", *image, "Image")->required();
  get->callback([&session, image] { Get(session, *image); });

  CLI::App* disc_id = app.add_subcommand("disc-id", "Identifier of the disc and its sessions");
  disc_id->add_option("image", *image, "Image")->required();
  disc_id->callback([&session, image] { DiscIdentifier(session, *image); });
}

}  // namespace carousel::cli
