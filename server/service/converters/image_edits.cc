#include "server/service/converters/image_edits.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/image/file_system.h"

namespace carousel {
namespace {

constexpr size_t kMaxDisplayName = 256;
constexpr int kDefaultLevel = 3;

constexpr const char* kUpdatable[] = {"display_name",
                                      "free_media_blocks",
                                      "volume_name",
                                      "file_systems_to_create",
                                      "iso9660_interchange_level",
                                      "strict_file_system_compliance",
                                      "use_restricted_character_set",
                                      "max_import_entries"};

bool HasValue(const v1::Image& image, const std::string& name) {
  const auto* field = v1::Image::descriptor()->FindFieldByName(name);
  const auto* reflection = v1::Image::GetReflection();
  return field->is_repeated() ? reflection->FieldSize(image, field) != 0
                              : reflection->HasField(image, field);
}

}  // namespace

absl::StatusOr<std::set<std::string>> UpdatedFields(const v1::UpdateImageRequest& request) {
  std::set<std::string> fields;
  const auto& paths = request.update_mask().paths();
  const bool all = paths.size() == 1 && paths[0] == "*";
  for (const char* name : kUpdatable) {
    if (all || (paths.empty() && HasValue(request.image(), name))) fields.insert(name);
  }
  if (all) return fields;
  for (const std::string& path : paths) {
    if (std::find(std::begin(kUpdatable), std::end(kUpdatable), path) == std::end(kUpdatable))
      return InvalidFieldError("update_mask", "names a field that cannot be updated");
    fields.insert(path);
  }
  return fields;
}

absl::Status ApplyUpdate(const v1::Image& image, const std::set<std::string>& fields,
                         ImageProperties& properties) {
  if (fields.contains("display_name")) {
    if (image.display_name().size() > kMaxDisplayName)
      return InvalidFieldError("image.display_name", "is longer than 256 bytes");
    properties.display_name = image.display_name();
  }
  if (fields.contains("free_media_blocks"))
    properties.free_media_blocks = image.free_media_blocks();
  if (fields.contains("volume_name")) properties.volume_name = image.volume_name();
  if (fields.contains("file_systems_to_create")) {
    std::vector<FileSystem> file_systems;
    for (const int number : image.file_systems_to_create())
      file_systems.push_back(static_cast<FileSystem>(std::clamp(number, 0, UINT8_MAX)));
    RETURN_IF_ERROR(SetFileSystemsToCreate(file_systems, properties));
  }
  if (fields.contains("iso9660_interchange_level")) {
    const int level = image.iso9660_interchange_level();
    properties.interchange_level = level == 0 ? kDefaultLevel : level;
  }
  if (fields.contains("strict_file_system_compliance"))
    properties.strict_compliance = image.strict_file_system_compliance();
  if (fields.contains("use_restricted_character_set"))
    properties.restricted_characters = image.use_restricted_character_set();
  if (fields.contains("max_import_entries"))
    properties.max_import_entries = image.max_import_entries();
  return absl::OkStatus();
}

absl::StatusOr<std::string> PathFromProto(absl::string_view raw_field, const std::string& path,
                                          const std::string& raw_path) {
  if (!path.empty() && !raw_path.empty())
    return InvalidFieldError(raw_field, "comes with another path");
  return raw_path.empty() ? path : raw_path;
}

}  // namespace carousel
