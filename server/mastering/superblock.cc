#include "server/mastering/superblock.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "server/fs/iso9660/volume_descriptor.h"
#include "server/imapi/error.h"

namespace carousel::mastering {
namespace {

using imapi::Hresult;

// Whether nothing is lost where `sector` is overwritten: a descriptor, nothing, or the version that
// genisoimage writes behind its terminator.
bool IsFree(absl::Span<const uint8_t> sector) {
  if (iso9660::TypeOf(sector) != iso9660::DescriptorType::kNone) return true;
  if (std::memcmp(sector.data(), "MKI ", 4) == 0) return true;
  return std::all_of(sector.begin(), sector.end(), [](uint8_t byte) { return byte == 0; });
}

}  // namespace

absl::StatusOr<std::vector<uint8_t>> MakeSuperblock(const Plan& plan,
                                                    absl::Span<const uint8_t> old) {
  if (plan.start() < Lba(0) + kSuperblockSectors)
    return imapi::MakeError(
        Hresult::IMAPI_E_INVALID_PARAM, "a session before sector 32 is its own superblock",
        {{"parameter", "session_start"}, {"value", absl::StrCat(plan.start().value())}});
  std::vector<uint8_t> sectors(kSuperblockSectors.bytes());
  std::copy_n(old.begin(), std::min(old.size(), sectors.size()), sectors.begin());
  const std::vector<uint8_t> descriptors = plan.Descriptors(true);
  const auto begin = static_cast<size_t>(iso9660::kSystemArea.bytes());
  for (size_t i = 0; i < descriptors.size(); i += kSectorSize) {
    if (!IsFree(absl::MakeConstSpan(sectors).subspan(begin + i, kSectorSize)))
      return imapi::MakeError(Hresult::IMAPI_E_INCOMPATIBLE_PREVIOUS_SESSION,
                              "the first session leaves no room for the descriptors of this one");
  }
  std::copy(descriptors.begin(), descriptors.end(),
            sectors.begin() + static_cast<std::ptrdiff_t>(begin));
  return sectors;
}

}  // namespace carousel::mastering
