#include "server/image/edit_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/errors/errors.h"
#include "server/image/path_error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

using imapi::Hresult;

constexpr int kLevelOfSections = 3;
// A section's length has 32 bits (ECMA-119 clause 9.1.4).
constexpr int64_t kMaxSection = 0xFFFFFFFF;
// Addresses have 32 bits.
constexpr int64_t kMaxBytes = int64_t{2048} << 32;

// IMAPI documents code points 32 to 127.
bool IsRestricted(char c) {
  const auto byte = static_cast<uint8_t>(c);
  return byte >= 0x20 && byte <= 0x7F;
}

}  // namespace

absl::Status CheckName(const EditRules& rules, absl::string_view path, absl::string_view name,
                       absl::string_view field) {
  if (!rules.properties.restricted_characters ||
      std::all_of(name.begin(), name.end(), IsRestricted))
    return absl::OkStatus();
  return PathError(Hresult::IMAPI_E_RESTRICTED_NAME_VIOLATION, path,
                   "has characters other than 32 to 127", field);
}

absl::Status CheckLevel(const EditRules& rules, absl::string_view path, size_t level,
                        absl::string_view field) {
  if (!rules.properties.strict_compliance || level <= kMaxDirectoryLevels) return absl::OkStatus();
  return PathError(
      Hresult::IMAPI_E_ISO9660_LEVELS, path,
      absl::StrCat("would put directories below level ", kMaxDirectoryLevels, " of ISO 9660"),
      field);
}

absl::Status CheckSize(const EditRules& rules, absl::string_view path, int64_t bytes) {
  if (bytes > kMaxBytes)
    return PathError(Hresult::IMAPI_E_DATA_TOO_BIG, path,
                     absl::StrCat("has ", bytes, " bytes: more than any disc"));
  if (rules.properties.interchange_level >= kLevelOfSections || bytes <= kMaxSection)
    return absl::OkStatus();
  return PathError(Hresult::IMAPI_E_DATA_TOO_BIG, path,
                   absl::StrCat("has ", bytes, " bytes: more than ", kMaxSection,
                                " need interchange level ", kLevelOfSections));
}

absl::Status CheckSpace(const EditRules& rules, absl::string_view path, int64_t blocks) {
  if (rules.free_blocks == 0 || blocks <= rules.free_blocks) return absl::OkStatus();
  return PathError(Hresult::IMAPI_E_IMAGE_SIZE_LIMIT, path,
                   absl::StrCat("would make new contents ", blocks, " sectors of ",
                                rules.free_blocks, " free ones"));
}

absl::Status CheckRecords(const EditRules& rules, size_t records) {
  if (records < rules.max_records) return absl::OkStatus();
  return LimitReachedError("max_image_edits", static_cast<int64_t>(rules.max_records));
}

}  // namespace carousel
