#include "server/mastering/check_options.h"

#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/fs/iso9660/utf16.h"
#include "server/imapi/error.h"

namespace carousel::mastering {
namespace {

using imapi::Hresult;

constexpr size_t kMaxVolumeName = 32;  // ECMA-119 clause 8.4.7
// Enough for every name's extension and digits.
constexpr int kMinJolietCharacters = 64;
constexpr int kMaxJolietCharacters = 103;
constexpr Sectors kMaxUnit{1 << 16};
constexpr Lba kEndOfAddresses{std::numeric_limits<uint32_t>::max()};

absl::Status InvalidParameter(absl::string_view parameter, int64_t value) {
  return imapi::MakeError(Hresult::IMAPI_E_INVALID_PARAM,
                          absl::StrCat(parameter, " cannot be ", value),
                          {{"parameter", std::string(parameter)}, {"value", absl::StrCat(value)}});
}

bool IsBetween(Sectors value, Sectors least, Sectors most) {
  return value >= least && value <= most;
}

absl::Status CheckVolumeName(absl::string_view name) {
  std::string units;
  iso9660::AppendUcs2(name, units);
  bool good = units.size() / 2 <= kMaxVolumeName;
  for (const char c : name) good &= static_cast<uint8_t>(c) >= ' ' && c != '\x7F';
  if (good) return absl::OkStatus();
  return imapi::MakeError(Hresult::IMAPI_E_INVALID_VOLUME_NAME,
                          absl::StrCat("a volume's name is at most ", kMaxVolumeName,
                                       " characters, none of them a control character"));
}

}  // namespace

absl::Status CheckOptions(const Options& options) {
  const Sectors reach = kEndOfAddresses - Lba(0);
  if (options.session_start < Lba(0) || options.session_start > kEndOfAddresses)
    return InvalidParameter("session_start", options.session_start.value());
  if (options.interchange_level < 1 || options.interchange_level > 3)
    return InvalidParameter("interchange_level", options.interchange_level);
  if (options.joliet_characters < kMinJolietCharacters ||
      options.joliet_characters > kMaxJolietCharacters)
    return InvalidParameter("joliet_characters", options.joliet_characters);
  if (!IsBetween(options.tail, Sectors(0), reach))
    return InvalidParameter("tail", options.tail.value());
  if (!IsBetween(options.min_sectors, Sectors(0), reach))
    return InvalidParameter("min_sectors", options.min_sectors.value());
  if (!IsBetween(options.write_unit, Sectors(1), kMaxUnit))
    return InvalidParameter("write_unit", options.write_unit.value());
  return CheckVolumeName(options.volume_name);
}

}  // namespace carousel::mastering
