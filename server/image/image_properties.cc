#include "server/image/image_properties.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/mastering/check_options.h"
#include "server/mastering/options.h"

namespace carousel {
namespace {

absl::Status InvalidParameter(absl::string_view parameter, int64_t value) {
  return imapi::MakeError(imapi::Hresult::IMAPI_E_INVALID_PARAM,
                          absl::StrCat(parameter, " cannot be ", value),
                          {{"parameter", std::string(parameter)}, {"value", absl::StrCat(value)}});
}

}  // namespace

absl::Status SetFileSystemsToCreate(const std::vector<FileSystem>& file_systems,
                                    ImageProperties& properties) {
  bool iso9660 = file_systems.empty();
  bool joliet = file_systems.empty();
  for (const FileSystem file_system : file_systems) {
    iso9660 |= file_system == FileSystem::kIso9660;
    joliet |= file_system == FileSystem::kJoliet;
    if (file_system != FileSystem::kIso9660 && file_system != FileSystem::kJoliet)
      return InvalidParameter("file_systems_to_create", static_cast<int64_t>(file_system));
  }
  if (!iso9660) {
    return imapi::MakeError(imapi::Hresult::IMAPI_E_INVALID_PARAM,
                            "file_systems_to_create is without ISO 9660",
                            {{"parameter", "file_systems_to_create"}});
  }
  properties.joliet = joliet;
  return absl::OkStatus();
}

absl::Status CheckProperties(const ImageProperties& properties) {
  if (properties.free_media_blocks.has_value() && *properties.free_media_blocks < 0)
    return InvalidParameter("free_media_blocks", *properties.free_media_blocks);
  if (properties.max_import_entries < 0)
    return InvalidParameter("max_import_entries", properties.max_import_entries);
  return mastering::CheckOptions({.volume_name = properties.volume_name,
                                  .interchange_level = properties.interchange_level,
                                  .joliet = properties.joliet});
}

}  // namespace carousel
