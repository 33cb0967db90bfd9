// What an image allows of the entries that a client adds to its tree.
#ifndef SERVER_IMAGE_EDIT_RULES_H_
#define SERVER_IMAGE_EDIT_RULES_H_

#include <cstddef>
#include <cstdint>
#include <limits>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/image/image_properties.h"

namespace carousel {

struct EditRules {
  // Of strict_compliance, restricted_characters and interchange_level.
  ImageProperties properties;
  // Sectors that the contents of new files may take; 0 is no limit.
  int64_t free_blocks = 0;
  // Of TreeEditor::records.
  size_t max_records = std::numeric_limits<size_t>::max();
};

// ECMA-119 clause 6.8.2.1. The root is the first level.
inline constexpr size_t kMaxDirectoryLevels = 8;

// The errors are PathError's; `field` is where the path came in.
//
// IMAPI_E_RESTRICTED_NAME_VIOLATION: `name` has characters that restricted_characters excludes.
absl::Status CheckName(const EditRules& rules, absl::string_view path, absl::string_view name,
                       absl::string_view field);
// IMAPI_E_ISO9660_LEVELS: a directory on `level` is too deep for strict_compliance.
absl::Status CheckLevel(const EditRules& rules, absl::string_view path, size_t level,
                        absl::string_view field);
// IMAPI_E_DATA_TOO_BIG: a file of `bytes` needs level 3, or more sectors than have addresses.
absl::Status CheckSize(const EditRules& rules, absl::string_view path, int64_t bytes);
// IMAPI_E_IMAGE_SIZE_LIMIT: contents would take `blocks`, more than there are.
absl::Status CheckSpace(const EditRules& rules, absl::string_view path, int64_t blocks);
// RESOURCE_EXHAUSTED (LIMIT_REACHED): there are `records`, as many as there may be.
absl::Status CheckRecords(const EditRules& rules, size_t records);

}  // namespace carousel

#endif  // SERVER_IMAGE_EDIT_RULES_H_
