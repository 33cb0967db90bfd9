// What a client sets of an image beside its tree: IFileSystemImage's properties of those names.
#ifndef SERVER_IMAGE_IMAGE_PROPERTIES_H_
#define SERVER_IMAGE_IMAGE_PROPERTIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/image/file_system.h"

namespace carousel {

struct ImageProperties {
  // For people.
  std::string display_name;
  // VolumeName. Empty: made from the time at which the result is.
  std::string volume_name;
  // FileSystemsToCreate beside ISO 9660, which is always made.
  bool joliet = true;
  // ISO9660InterchangeLevel.
  int interchange_level = 3;
  // FreeMediaBlocks in sectors, 0 is no limit. Nothing: what the disc has, or IMAPI's default.
  std::optional<int64_t> free_media_blocks;
  // StrictFileSystemCompliance: no directory below the 8 levels of ECMA-119 clause 6.8.2.1.
  bool strict_compliance = false;
  // UseRestrictedCharacterSet: names of new entries have characters 32 to 127 only.
  bool restricted_characters = false;
  // How many entries an import may take, below the service's own limit; 0 is that.
  int64_t max_import_entries = 0;

  bool operator==(const ImageProperties&) const = default;
};

// Sets FileSystemsToCreate; nothing is what an image has at first. IMAPI_E_INVALID_PARAM with
// metadata parameter: without ISO 9660, or with another than Joliet beside it.
absl::Status SetFileSystemsToCreate(const std::vector<FileSystem>& file_systems,
                                    ImageProperties& properties);

// Whether an image can have them. Errors are imapi::MakeError's. IMAPI_E_INVALID_VOLUME_NAME: more
// than 32 characters, or a control character. IMAPI_E_INVALID_PARAM with metadata parameter: an
// interchange level other than 1 to 3; free media blocks or entries below 0.
absl::Status CheckProperties(const ImageProperties& properties);

}  // namespace carousel

#endif  // SERVER_IMAGE_IMAGE_PROPERTIES_H_
