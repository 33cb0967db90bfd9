// What a client changes of an image, from the wire.
#ifndef SERVER_SERVICE_CONVERTERS_IMAGE_EDITS_H_
#define SERVER_SERVICE_CONVERTERS_IMAGE_EDITS_H_

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "carousel/v1/image.pb.h"
#include "server/image/image_properties.h"

namespace carousel {

// The names of the fields of Image that a request changes. INVALID_ARGUMENT (INVALID_FIELD): the
// mask names one that cannot be updated.
absl::StatusOr<std::set<std::string>> UpdatedFields(const v1::UpdateImageRequest& request);

// Sets `fields` to what they are in `image`. INVALID_ARGUMENT (INVALID_FIELD): a display name above
// 256 bytes. Codes of SetFileSystemsToCreate.
absl::Status ApplyUpdate(const v1::Image& image, const std::set<std::string>& fields,
                         ImageProperties& properties);

// The path that a request names, by `raw_path` of the field `raw_field` if it is not UTF-8.
// INVALID_ARGUMENT (INVALID_FIELD): it names two.
absl::StatusOr<std::string> PathFromProto(absl::string_view raw_field, const std::string& path,
                                          const std::string& raw_path);

}  // namespace carousel

#endif  // SERVER_SERVICE_CONVERTERS_IMAGE_EDITS_H_
