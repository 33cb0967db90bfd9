// `carouselctl image update`: the properties of an image.
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "carousel/v1/image.grpc.pb.h"
#include "carousel/v1/image.pb.h"
#include "clients/cli/image_commands.h"

namespace carousel::cli {
namespace {

using v1::FileSystemImageService;

// What the command line names; only that is in the mask.
struct UpdateArguments {
  std::string image;
  std::string etag;
  std::string display_name;
  std::string volume_name;
  std::string file_systems;
  int64_t free_media_blocks = 0;
  int level = 0;
  bool strict = false;
  bool restricted = false;
};

void SetFileSystems(const std::string& file_systems, v1::Image* image) {
  image->add_file_systems_to_create(v1::FILE_SYSTEM_ISO9660);
  if (file_systems == "iso9660+joliet") image->add_file_systems_to_create(v1::FILE_SYSTEM_JOLIET);
}

void Update(Session& session, const CLI::App& command, const UpdateArguments& arguments) {
  v1::UpdateImageRequest request;
  v1::Image* image = request.mutable_image();
  image->set_name(ResourceName("images", arguments.image));
  image->set_etag(arguments.etag);
  image->set_display_name(arguments.display_name);
  image->set_volume_name(arguments.volume_name);
  image->set_free_media_blocks(arguments.free_media_blocks);
  image->set_iso9660_interchange_level(arguments.level);
  image->set_strict_file_system_compliance(arguments.strict);
  image->set_use_restricted_character_set(arguments.restricted);
  SetFileSystems(arguments.file_systems, image);
  for (const auto& [option, field] :
       {std::pair("--name", "display_name"), std::pair("--volume-name", "volume_name"),
        std::pair("--file-systems", "file_systems_to_create"),
        std::pair("--free-media-blocks", "free_media_blocks"),
        std::pair("--level", "iso9660_interchange_level"),
        std::pair("--strict", "strict_file_system_compliance"),
        std::pair("--restricted-names", "use_restricted_character_set")}) {
    if (command.count(option) != 0) request.mutable_update_mask()->add_paths(field);
  }
  if (request.update_mask().paths().empty())
    throw CLI::RequiredError("an option that says what to change");
  v1::Image updated;
  session.Check(FileSystemImageService::NewStub(session.channel())
                    ->UpdateImage(session.Context().get(), request, &updated));
  session.Print(updated, [&updated] { PrintImage(updated); });
}

}  // namespace

void AddImageUpdateCommand(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<UpdateArguments>();
  CLI::App* update = app.add_subcommand("update", "Change properties of the image");
  update->add_option("image", arguments->image, "Image")->required();
  update->add_option("--etag", arguments->etag, "Only if the image is at this etag");
  update->add_option("--name", arguments->display_name, "A name for people");
  update->add_option("--volume-name", arguments->volume_name,
                     "Name of the volume, at most 32 characters; '' makes it of the time");
  update->add_option("--free-media-blocks", arguments->free_media_blocks,
                     "Sectors that the image may take; 0 is no limit");
  update->add_option("--file-systems", arguments->file_systems, "What to make")
      ->check(CLI::IsMember({"iso9660", "iso9660+joliet"}));
  update->add_option("--level", arguments->level, "Interchange level of ISO 9660, 1 to 3");
  update->add_flag("--strict,!--no-strict", arguments->strict,
                   "At most eight levels of directories");
  update->add_flag("--restricted-names,!--no-restricted-names", arguments->restricted,
                   "New names have the characters 32 to 127 only");
  update->callback([&session, update, arguments] { Update(session, *update, *arguments); });
}

}  // namespace carousel::cli
