// Pairs each property of an element with the drive's. Internal to the package.
#ifndef SERVER_MULTISESSION_DRIVE_PROPERTIES_H_
#define SERVER_MULTISESSION_DRIVE_PROPERTIES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/disc_format/media_facts.h"
#include "server/multisession/multisession.h"

namespace carousel::multisession {

// Names of the properties, as the API's fields have them.
namespace property_name {
inline constexpr absl::string_view kStart = "start_address_of_previous_session";
inline constexpr absl::string_view kLast = "last_written_address_of_previous_session";
inline constexpr absl::string_view kNext = "next_writable_address";
inline constexpr absl::string_view kFree = "free_sectors_on_media";
inline constexpr absl::string_view kUnit = "write_unit_size";
inline constexpr absl::string_view kLastWritten = "last_written_address";
inline constexpr absl::string_view kTotal = "total_sectors_on_media";
}  // namespace property_name

struct DriveProperty {
  absl::string_view name;
  std::optional<int64_t> sent;
  const Property* actual;
  // Whether the drive may leave it out: IMAPI documents E_NOTIMPL for it, or it speaks of a logical
  // session on overwritable media whose contents are not understood.
  bool optional = false;
};

// The numeric properties of `element`, in the API's order; empty for types that are not
// implemented. Points into `facts`.
std::vector<DriveProperty> PropertiesOf(const Element& element, const MediaFacts& facts);

}  // namespace carousel::multisession

#endif  // SERVER_MULTISESSION_DRIVE_PROPERTIES_H_
