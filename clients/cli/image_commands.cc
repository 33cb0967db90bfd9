#include "clients/cli/image_commands.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "carousel/v1/image.grpc.pb.h"
#include "clients/cli/paging.h"
#include "clients/cli/watching.h"
#include "google/protobuf/empty.pb.h"
#include "google/protobuf/util/time_util.h"

namespace carousel::cli {
namespace {

using google::protobuf::util::TimeUtil;
using v1::FileSystemImageService;

struct ImageArguments {
  std::string image;
  std::string display_name;
  std::string types = "sequential";
  std::string etag;
  std::string request_id;
};

void Create(Session& session, const ImageArguments& arguments) {
  v1::CreateImageRequest request;
  request.mutable_image()->set_display_name(arguments.display_name);
  request.mutable_image()->set_multisession_types(
      arguments.types == "extended" ? v1::MULTISESSION_TYPES_SEQUENTIAL_AND_RANDOM_WRITE
                                    : v1::MULTISESSION_TYPES_SEQUENTIAL);
  request.set_request_id(arguments.request_id);
  v1::Image image;
  session.Check(FileSystemImageService::NewStub(session.channel())
                    ->CreateImage(session.Context().get(), request, &image));
  // The name alone: a script keeps it in a variable.
  session.Print(image, [&image] { std::cout << image.name() << "\n"; });
}

void List(Session& session) {
  const auto stub = FileSystemImageService::NewStub(session.channel());
  v1::ListImagesResponse all;
  AllPages<v1::ListImagesRequest, v1::ListImagesResponse>(
      session, {},
      [&](auto* context, const auto& request, auto* page) {
        return stub->ListImages(context, request, page);
      },
      &all);
  session.Print(all, [&all] {
    std::vector<std::vector<std::string>> rows = {
        {"IMAGE", "STATE", "DISC", "FILES", "DIRECTORIES", "EXPIRES", "NAME"}};
    for (const v1::Image& image : all.images()) {
      rows.push_back({image.name(), v1::Image::State_Name(image.state()),
                      image.disc().empty() ? "-" : image.disc(), absl::StrCat(image.file_count()),
                      absl::StrCat(image.directory_count()),
                      TimeUtil::ToString(image.expire_time()), Printable(image.display_name())});
    }
    PrintTable(rows, std::cout);
  });
}

void Show(Session& session, const ImageArguments& arguments) {
  v1::GetImageRequest request;
  request.set_name(ResourceName("images", arguments.image));
  v1::Image image;
  session.Check(FileSystemImageService::NewStub(session.channel())
                    ->GetImage(session.Context().get(), request, &image));
  session.Print(image, [&image] { PrintImage(image); });
}

void Delete(Session& session, const ImageArguments& arguments) {
  v1::DeleteImageRequest request;
  request.set_name(ResourceName("images", arguments.image));
  request.set_etag(arguments.etag);
  google::protobuf::Empty response;
  session.Check(FileSystemImageService::NewStub(session.channel())
                    ->DeleteImage(session.Context().get(), request, &response));
  session.Print(response, [&request] { std::cout << "deleted " << request.name() << "\n"; });
}

std::string FileSystems(const v1::Image& image) {
  std::vector<std::string> names;
  for (const int file_system : image.file_systems_to_create())
    names.push_back(v1::FileSystem_Name(static_cast<v1::FileSystem>(file_system)));
  return absl::StrJoin(names, ", ");
}

}  // namespace

void PrintImage(const v1::Image& image) {
  PrintFields({{"image", image.name()},
               {"state", v1::Image::State_Name(image.state())},
               {"name", Printable(image.display_name())},
               {"owner", Printable(image.owner())},
               {"etag", image.etag()},
               {"types", v1::MultisessionTypes_Name(image.multisession_types())},
               {"import recorder", image.import_recorder()},
               {"disc", image.disc()},
               {"session start block", absl::StrCat(image.session_start_block())},
               {"free media blocks", absl::StrCat(image.free_media_blocks())},
               {"used blocks", absl::StrCat(image.used_blocks())},
               {"volume name", Printable(image.volume_name())},
               {"file systems", FileSystems(image)},
               {"interchange level", absl::StrCat(image.iso9660_interchange_level())},
               {"strict compliance", image.strict_file_system_compliance() ? "yes" : ""},
               {"restricted names", image.use_restricted_character_set() ? "yes" : ""},
               {"imported volume", Printable(image.imported_volume_name())},
               {"imported file system",
                image.imported_file_system() == v1::FILE_SYSTEM_UNSPECIFIED
                    ? ""
                    : absl::StrCat(v1::FileSystem_Name(image.imported_file_system()),
                                   image.imported_rock_ridge() ? " with Rock Ridge" : "")},
               {"files", absl::StrCat(image.file_count())},
               {"directories", absl::StrCat(image.directory_count())},
               {"change point", absl::StrCat(image.change_point())},
               {"read-only", image.read_only() ? "yes" : ""},
               {"operation", image.operation()},
               {"expires", TimeUtil::ToString(image.expire_time())}},
              std::cout);
}

void AddImageCommands(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<ImageArguments>();
  CLI::App* create = app.add_subcommand("create", "A new, empty image; prints its name");
  create->add_option("--name", arguments->display_name, "A name for people");
  create
      ->add_option("--types", arguments->types,
                   "Multi-session types the image implements: sequential, or extended (with random "
                   "write on overwritable media)")
      ->check(CLI::IsMember({"sequential", "extended"}))
      ->capture_default_str();
  create->add_option("--request-id", arguments->request_id,
                     "A UUID: the same id again returns the same image");
  create->callback([&session, arguments] { Create(session, *arguments); });

  AddWatch(*app.add_subcommand("list", "Images in the order of creation"),
           [&session] { List(session); });

  CLI::App* show = app.add_subcommand("show", "One image");
  show->add_option("image", arguments->image, "Image")->required();
  AddWatch(*show, [&session, arguments] { Show(session, *arguments); });

  CLI::App* remove = app.add_subcommand("delete", "Delete an image; cancels its import");
  remove->add_option("image", arguments->image, "Image")->required();
  remove->add_option("--etag", arguments->etag, "Only if the image is at this etag");
  remove->callback([&session, arguments] { Delete(session, *arguments); });
}

}  // namespace carousel::cli
